/** The state of the server in the status bar (while a map is open) and in the language status. */

import * as vscode from 'vscode';
import { activeMap, findingsOf, LANGUAGES } from './maps';
import type { Life, Server } from './server';

interface Shown {
    readonly icon: string;
    readonly text: string;
    readonly severity: vscode.LanguageStatusSeverity;
    readonly busy: boolean;
    readonly command: string;
}

export class StatusItems implements vscode.Disposable {
    private readonly bar = vscode.window.createStatusBarItem('maimod.status', vscode.StatusBarAlignment.Right, 95);
    private readonly language = vscode.languages.createLanguageStatusItem(
        'maimod.status',
        LANGUAGES.map((language) => ({ language })),
    );
    private readonly listening: vscode.Disposable;
    /** The map that is looked at, or was until a panel without a text came to the front. */
    private map: vscode.Uri | undefined;

    constructor(private readonly server: Server) {
        this.bar.name = 'maimod';
        this.language.name = 'maimod';
        this.listening = vscode.Disposable.from(
            server.onLife(() => this.show()),
            vscode.window.onDidChangeActiveTextEditor(() => this.show()),
            vscode.languages.onDidChangeDiagnostics(({ uris }) => {
                if (uris.some((uri) => uri.toString() === this.map?.toString())) {
                    this.show();
                }
            }),
        );
        this.show();
    }

    dispose(): void {
        vscode.Disposable.from(this.listening, this.bar, this.language).dispose();
    }

    private show(): void {
        this.map = vscode.window.activeTextEditor === undefined ? this.stillOpen() : activeMap()?.document.uri;
        const count = this.map === undefined ? 0 : findingsOf(this.map).length;
        const shown = describe(this.server.life, count);
        this.language.text = `maimod: ${shown.text}`;
        this.language.severity = shown.severity;
        this.language.busy = shown.busy;
        this.language.command = { command: shown.command, title: titleOf(shown.command) };
        const { life } = this.server;
        this.language.detail = life.kind === 'running' ? life.version : '';
        this.bar.text = `${shown.icon} maimod${this.server.running && !shown.busy ? ` ${count}` : ''}`;
        this.bar.tooltip = this.tooltip(shown);
        this.bar.command = shown.command;
        this.bar.backgroundColor =
            shown.severity === vscode.LanguageStatusSeverity.Error ? new vscode.ThemeColor('statusBarItem.errorBackground') : undefined;
        this.bar.accessibilityInformation = { label: `maimod: ${shown.text}` };
        if (this.map !== undefined) {
            this.bar.show();
        } else {
            this.bar.hide();
        }
    }

    private stillOpen(): vscode.Uri | undefined {
        const document = vscode.workspace.textDocuments.find((each) => each.uri.toString() === this.map?.toString());
        return document?.isClosed === false ? document.uri : undefined;
    }

    private tooltip(shown: Shown): vscode.MarkdownString {
        const text = new vscode.MarkdownString('', true);
        text.appendText(`maimod: ${shown.text}`);
        if (this.server.life.kind === 'running' && this.server.life.version !== '') {
            text.appendText(`\n\n${vscode.l10n.t('Version')} ${this.server.life.version}`);
        }
        return text;
    }
}

/** What each life of the server looks like, with `count` findings in the map that is looked at. */
function describe(life: Life, count: number): Shown {
    const { Error: wrong, Warning: warning, Information: fine } = vscode.LanguageStatusSeverity;
    const menu = 'maimod.menu';
    switch (life.kind) {
        case 'off':
            return { icon: '$(circle-slash)', text: vscode.l10n.t('stopped'), severity: warning, busy: false, command: 'maimod.restart' };
        case 'looking':
        case 'starting':
            return { icon: '$(sync~spin)', text: vscode.l10n.t('starting'), severity: fine, busy: true, command: 'maimod.showOutput' };
        case 'missing':
            return { icon: '$(warning)', text: vscode.l10n.t('not found'), severity: wrong, busy: false, command: 'maimod.help' };
        case 'waiting': {
            const text = vscode.l10n.t('stopped, starting again');
            return { icon: '$(sync~spin)', text, severity: warning, busy: true, command: 'maimod.showOutput' };
        }
        case 'given-up':
            return { icon: '$(error)', text: vscode.l10n.t('stopped'), severity: wrong, busy: false, command: 'maimod.restart' };
        case 'running':
            return running(life, count, menu);
    }
}

function running(life: Extract<Life, { kind: 'running' }>, count: number, command: string): Shown {
    const { Error: wrong, Information: fine } = vscode.LanguageStatusSeverity;
    const findings = count === 1 ? vscode.l10n.t('1 finding') : vscode.l10n.t('{0} findings', count);
    switch (life.status?.state) {
        case 'starting':
        case 'checking':
            return { icon: '$(sync~spin)', text: life.status.message || vscode.l10n.t('checking'), severity: fine, busy: true, command };
        case 'error':
            return { icon: '$(error)', text: life.status.message, severity: wrong, busy: false, command: 'maimod.showOutput' };
        default:
            return { icon: count === 0 ? '$(pass)' : '$(checklist)', text: findings, severity: fine, busy: false, command };
    }
}

function titleOf(command: string): string {
    switch (command) {
        case 'maimod.help':
            return vscode.l10n.t('What to do');
        case 'maimod.restart':
            return vscode.l10n.t('Restart');
        case 'maimod.showOutput':
            return vscode.l10n.t('Show output');
        default:
            return vscode.l10n.t('Commands');
    }
}
