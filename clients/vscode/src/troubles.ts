/** What goes wrong, as one sentence to the user. */

import * as vscode from 'vscode';

/** Runs a command; what goes wrong becomes one sentence. */
export async function told(run: () => unknown): Promise<void> {
    try {
        await run();
    } catch (trouble) {
        const sentence = trouble instanceof Error ? trouble.message : String(trouble);
        void vscode.window.showErrorMessage(sentence.startsWith('maimod') ? sentence : `maimod: ${sentence}`);
    }
}
