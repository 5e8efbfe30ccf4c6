/** The preview panel: the overlay page beside the map, following the map that is looked at. */

import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { openInGame } from './game';
import { activeMap, isOurs } from './maps';
import { forPanel } from './overlay_address';
import { previewPage, waitingPage } from './preview_page';
import type { Server } from './server';

const VIEW = 'maimod.preview';

/** What `maimod.overlayUrl` answers. */
interface Overlay {
    readonly url: string;
    readonly map?: string | null;
}

export class Preview implements vscode.Disposable, vscode.WebviewPanelSerializer {
    private panel: vscode.WebviewPanel | undefined;
    /** The origin that the panel's page lets in; another daemon means another page. */
    private origin = '';
    private shown: string | undefined;
    private map: vscode.Uri | undefined;
    private readonly listening: vscode.Disposable;

    constructor(
        private readonly server: Server,
        private readonly context: vscode.ExtensionContext,
    ) {
        this.listening = vscode.Disposable.from(
            vscode.window.registerWebviewPanelSerializer(VIEW, this),
            vscode.window.onDidChangeActiveTextEditor(() => this.follow()),
            vscode.window.onDidChangeActiveColorTheme(() => void this.refresh()),
            server.onLife(() => {
                if (this.panel !== undefined && (this.origin === '' || !server.running)) {
                    void this.refresh();
                }
            }),
        );
    }

    show(): void {
        this.map = activeMap()?.document.uri ?? this.map;
        if (this.panel === undefined) {
            const place = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
            this.adopt(vscode.window.createWebviewPanel(VIEW, vscode.l10n.t('maimod preview'), place, { retainContextWhenHidden: true }));
        } else {
            this.panel.reveal(undefined, true);
        }
        void this.refresh();
    }

    deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
        this.map = activeMap()?.document.uri;
        this.adopt(panel);
        return this.refresh();
    }

    dispose(): void {
        this.listening.dispose();
        this.panel?.dispose();
    }

    private adopt(panel: vscode.WebviewPanel): void {
        this.panel?.dispose();
        this.panel = panel;
        this.origin = '';
        panel.iconPath = vscode.Uri.joinPath(this.context.extensionUri, 'images', 'preview.svg');
        panel.webview.options = { enableScripts: true, localResourceRoots: [] };
        panel.webview.onDidReceiveMessage((message: unknown) => this.hear(message));
        panel.onDidDispose(() => {
            if (this.panel === panel) {
                this.panel = undefined;
                this.origin = '';
            }
        });
    }

    private follow(): void {
        const active = activeMap()?.document.uri;
        if (this.panel !== undefined && active !== undefined && active.toString() !== this.map?.toString()) {
            this.map = active;
            void this.refresh();
        }
    }

    private async refresh(): Promise<void> {
        const { panel } = this;
        if (panel === undefined) {
            return;
        }
        if (!this.server.running) {
            this.wait(panel, vscode.l10n.t('The preview starts as soon as maimod runs.'));
            return;
        }
        let overlay: Overlay;
        try {
            overlay = await this.server.ask<Overlay>('maimod.overlayUrl', this.map?.toString() ?? null);
        } catch (trouble) {
            const reason = trouble instanceof Error ? trouble.message : String(trouble);
            this.wait(panel, vscode.l10n.t('The preview could not be started: {0}', reason));
            return;
        }
        const address = new URL(forPanel(overlay.url, isDark(), overlay.map ?? undefined));
        const reached = await outside(address);
        if (this.panel !== panel) {
            return;
        }
        this.shown = reached.href;
        const { origin } = reached;
        if (origin === this.origin) {
            await panel.webview.postMessage({ show: this.shown });
        } else {
            // The page says that it is ready, and is then told what to show.
            this.origin = origin;
            panel.webview.html = previewPage(origin, secret());
        }
    }

    private wait(panel: vscode.WebviewPanel, sentence: string): void {
        this.origin = '';
        this.shown = undefined;
        panel.webview.html = waitingPage(sentence, secret());
    }

    /** The panel's own page, or the overlay within it, has something to say. */
    private hear(message: unknown): void {
        const { type, link, path, line } = (message ?? {}) as Record<string, unknown>;
        if (type === 'ready' && this.shown !== undefined) {
            void this.panel?.webview.postMessage({ show: this.shown });
        } else if (type === 'open' && typeof link === 'string') {
            void openInGame(link);
        } else if (type === 'reveal' && typeof path === 'string' && typeof line === 'number') {
            void reveal(path, line);
        }
    }
}

/** Shows a line (from 1) of a map, whose path starts from one of the watched folders; what is not open and not there is left. */
async function reveal(path: string, line: number): Promise<void> {
    const open = vscode.workspace.textDocuments.find((each) => isOurs(each) && `/${each.uri.path}`.endsWith(`/${path}`));
    const document = open ?? (await opened(path));
    if (document === undefined) {
        return;
    }
    const shown = vscode.window.visibleTextEditors.find((each) => each.document === document);
    const viewColumn = shown?.viewColumn ?? vscode.ViewColumn.One;
    const place = document.lineAt(Math.min(Math.max(line, 1), document.lineCount) - 1).range;
    const editor = await vscode.window.showTextDocument(document, { viewColumn, preserveFocus: true });
    editor.selection = new vscode.Selection(place.start, place.start);
    editor.revealRange(place, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

async function opened(path: string): Promise<vscode.TextDocument | undefined> {
    if (path.split(/[\\/]/).includes('..')) {
        return undefined;
    }
    for (const { uri } of vscode.workspace.workspaceFolders ?? []) {
        try {
            return await vscode.workspace.openTextDocument(vscode.Uri.joinPath(uri, path));
        } catch {
            // The path starts from another folder.
        }
    }
    return undefined;
}

/**
 * The address as this window reaches it: in a remote workspace the page's port is one of the other machine's and is forwarded to
 * this one. Only the origin is asked about; not every editor hands path and query back.
 */
async function outside(address: URL): Promise<URL> {
    try {
        const base = new URL((await vscode.env.asExternalUri(vscode.Uri.parse(`${address.origin}/`))).toString(true));
        base.search = address.search;
        base.hash = address.hash;
        return base;
    } catch {
        // An editor without forwarding runs where the page is.
        return address;
    }
}

function isDark(): boolean {
    const { kind } = vscode.window.activeColorTheme;
    return kind === vscode.ColorThemeKind.Dark || kind === vscode.ColorThemeKind.HighContrast;
}

function secret(): string {
    return randomBytes(16).toString('hex');
}
