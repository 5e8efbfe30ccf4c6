/** What the server explains, as a read-only page rendered by VS Code's own Markdown preview. */

import * as vscode from 'vscode';

const SCHEME = 'maimod-explanation';
const PAGE = vscode.Uri.from({ scheme: SCHEME, path: '/maimod.md' });

export class Explanations implements vscode.Disposable, vscode.TextDocumentContentProvider {
    private readonly changed = new vscode.EventEmitter<vscode.Uri>();
    readonly onDidChange = this.changed.event;
    private readonly registered = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);
    private text = '';

    provideTextDocumentContent(): string {
        return this.text;
    }

    /** Shows what `maimod.explain` answered: Markdown, or nothing where there is nothing to explain. */
    async show(answer: unknown): Promise<void> {
        const text = typeof answer === 'string' ? answer : (answer as { markdown?: unknown } | null)?.markdown;
        if (typeof text !== 'string' || text === '') {
            void vscode.window.showInformationMessage(vscode.l10n.t('There is nothing to explain here: put the cursor into a hit object or a finding.'));
            return;
        }
        this.text = text;
        this.changed.fire(PAGE);
        await vscode.commands.executeCommand('markdown.showPreviewToSide', PAGE);
    }

    dispose(): void {
        vscode.Disposable.from(this.changed, this.registered).dispose();
    }
}
