/** Which documents are ours, and the one that the user looks at. */

import * as vscode from 'vscode';

export const LANGUAGES = ['osu', 'chart'] as const;

export function isOurs(document: vscode.TextDocument): boolean {
    return (LANGUAGES as readonly string[]).includes(document.languageId);
}

export function activeMap(): vscode.TextEditor | undefined {
    const editor = vscode.window.activeTextEditor;
    return editor !== undefined && isOurs(editor.document) ? editor : undefined;
}

export function findingsOf(uri: vscode.Uri): vscode.Diagnostic[] {
    return vscode.languages.getDiagnostics(uri).filter((each) => each.source?.startsWith('maimod') === true);
}
