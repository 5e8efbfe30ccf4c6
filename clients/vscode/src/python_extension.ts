/** The interpreter that the Python extension has active, where that extension is there. */

import * as vscode from 'vscode';

/** The part of its public interface that we use. */
interface PythonExtension {
    readonly environments: {
        getActiveEnvironmentPath(resource?: vscode.Uri): { readonly path: string };
        resolveEnvironment(path: { readonly path: string }): Promise<{ readonly executable: { readonly uri?: vscode.Uri } } | undefined>;
        readonly onDidChangeActiveEnvironmentPath: vscode.Event<unknown>;
    };
}

/** Undefined too in a workspace that is not trusted: its interpreter may come from the workspace itself. */
export async function activeInterpreter(folder: vscode.Uri | undefined): Promise<string | undefined> {
    if (!vscode.workspace.isTrusted) {
        return undefined;
    }
    try {
        const python = await extension();
        const chosen = python?.environments.getActiveEnvironmentPath(folder);
        return chosen === undefined ? undefined : (await python?.environments.resolveEnvironment(chosen))?.executable.uri?.fsPath;
    } catch {
        // Another extension's trouble; there are other places to look in.
        return undefined;
    }
}

export async function onInterpreterChange(listener: () => void): Promise<vscode.Disposable | undefined> {
    try {
        return (await extension())?.environments.onDidChangeActiveEnvironmentPath(listener);
    } catch {
        return undefined;
    }
}

async function extension(): Promise<PythonExtension | undefined> {
    return vscode.extensions.getExtension<PythonExtension>('ms-python.python')?.activate();
}
