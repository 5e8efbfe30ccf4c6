/** A map that is not UTF-8 loses its characters when VS Code saves it as such: said once, before it happens. */

import * as vscode from 'vscode';
import { isOurs } from './maps';

const LOST = '\uFFFD';

export function watchEncodings(): vscode.Disposable {
    const told = new Set<string>();
    const look = (document: vscode.TextDocument): void => {
        const name = document.uri.toString();
        if (isOurs(document) && document.uri.scheme === 'file' && !told.has(name) && document.getText().includes(LOST)) {
            told.add(name);
            void tell(document);
        }
    };
    vscode.workspace.textDocuments.forEach(look);
    return vscode.workspace.onDidOpenTextDocument(look);
}

async function tell(document: vscode.TextDocument): Promise<void> {
    const reopen = vscode.l10n.t('Choose encoding');
    const name = document.uri.path.split('/').at(-1) ?? '';
    const sentence = vscode.l10n.t('{0} is not in the encoding it was opened with: saving it like this loses characters. Reopen it with its own encoding before you save.', name);
    if ((await vscode.window.showWarningMessage(sentence, reopen)) === reopen) {
        await vscode.window.showTextDocument(document);
        await vscode.commands.executeCommand('workbench.action.editor.changeEncoding');
    }
}
