/** The commands of the palette and the menus. What the server knows is asked of it, and shown here. */

import * as vscode from 'vscode';
import { openInGame } from './game';
import { activeMap, findingsOf } from './maps';
import type { Explanations } from './explanations';
import { WALKTHROUGH, type Guidance } from './guidance';
import type { Preview } from './preview';
import type { Rewriting } from './rewriting';
import type { Server } from './server';
import { told } from './troubles';

export interface Parts {
    readonly server: Server;
    readonly preview: Preview;
    readonly guidance: Guidance;
    readonly explanations: Explanations;
    readonly rewriting: Rewriting;
}

export function register(parts: Parts): vscode.Disposable {
    const { server, preview, guidance, explanations, rewriting } = parts;
    const commands: Record<string, () => unknown> = {
        'maimod.check': () => withMap((editor) => check(server, editor.document.uri)),
        'maimod.showPreview': () => preview.show(),
        'maimod.explainHere': () =>
            withMap(async ({ document, selection }) => {
                const text = await server.ask<unknown>('maimod.explain', document.uri.toString(), plain(selection.active));
                await explanations.show(text);
            }),
        'maimod.copyModPost': () => withMap((editor) => copyModPost(server, editor.document.uri)),
        'maimod.openInGame': () => withMap((editor) => link(server, editor, 'open')),
        'maimod.copyTimestamp': () => withMap((editor) => link(server, editor, 'copy')),
        'maimod.fixSafely': () => withMap((editor) => fixSafely(server, editor.document.uri)),
        'maimod.regenerateSection': () => withMap((editor) => rewriting.regenerate(editor)),
        'maimod.rewriteHitsounds': () => withMap((editor) => rewriting.hitsounds(editor)),
        'maimod.checkTiming': () => withMap((editor) => rewriting.timing(editor)),
        'maimod.makeGuest': () => withMap((editor) => rewriting.guest(editor)),
        'maimod.dismissHere': () => withMap(dismiss),
        'maimod.bringBack': () => withMap((editor) => bringBack(server, editor.document.uri)),
        'maimod.restart': () => server.start(),
        'maimod.showOutput': () => server.output.show(),
        'maimod.openSettings': () => vscode.commands.executeCommand('workbench.action.openSettings', '@ext:maimod.maimod'),
        'maimod.install': () => guidance.install(),
        'maimod.help': () => help(parts),
        'maimod.menu': () => menu(),
    };
    return vscode.Disposable.from(
        ...Object.entries(commands).map(([name, run]) => vscode.commands.registerCommand(name, () => told(run))),
    );
}

async function withMap(run: (editor: vscode.TextEditor) => unknown): Promise<void> {
    const editor = activeMap();
    if (editor === undefined) {
        void vscode.window.showInformationMessage(vscode.l10n.t('Open a map first: a .osu, .osb or .chart file, or a song.ini.'));
        return;
    }
    await run(editor);
}

function plain(position: vscode.Position): { line: number; character: number } {
    return { line: position.line, character: position.character };
}

async function help({ server, guidance }: Parts): Promise<void> {
    const { life } = server;
    if (life.kind === 'missing') {
        await guidance.missing(life.found, true);
    } else if (life.kind === 'given-up') {
        await guidance.givenUp();
    } else {
        await vscode.commands.executeCommand('workbench.action.openWalkthrough', WALKTHROUGH, false);
    }
}

/** One difficulty in the answer of `maimod.checkMapset`. */
interface Counted {
    readonly uri: string;
    readonly difficulty: string;
    readonly counts: Readonly<Record<string, number>>;
}

async function check(server: Server, uri: vscode.Uri): Promise<void> {
    const answer = await server.ask<{ files: Counted[] }>('maimod.checkMapset', uri.toString());
    const items = answer.files.map((file) => ({
        label: file.difficulty,
        description: counted(file.counts),
        detail: vscode.workspace.asRelativePath(vscode.Uri.parse(file.uri), false),
        uri: vscode.Uri.parse(file.uri),
    }));
    const placeHolder = vscode.l10n.t('What was found in each difficulty; choose one to open it');
    const chosen = await vscode.window.showQuickPick(items, { placeHolder, matchOnDescription: true });
    if (chosen !== undefined) {
        await vscode.window.showTextDocument(chosen.uri);
        await vscode.commands.executeCommand('workbench.actions.view.problems');
    }
}

function counted(counts: Readonly<Record<string, number>>): string {
    const icons: Record<string, string> = { error: '$(error)', warning: '$(warning)', information: '$(info)', hint: '$(lightbulb)' };
    const parts = Object.entries(icons).flatMap(([severity, icon]) =>
        (counts[severity] ?? 0) > 0 ? [`${icon} ${counts[severity] ?? 0}`] : [],
    );
    return parts.length === 0 ? `$(pass) ${vscode.l10n.t('nothing found')}` : parts.join('  ');
}

async function copyModPost(server: Server, uri: vscode.Uri): Promise<void> {
    const answer = await server.ask<string | { text: string }>('maimod.modPost', uri.toString());
    const text = typeof answer === 'string' ? answer : answer.text;
    if (text.trim() === '') {
        void vscode.window.showInformationMessage(vscode.l10n.t('There is nothing to post: nothing was found in this map.'));
        return;
    }
    await vscode.env.clipboard.writeText(text);
    const show = vscode.l10n.t('Show');
    if ((await vscode.window.showInformationMessage(vscode.l10n.t('The mod post is in the clipboard.'), show)) === show) {
        await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: 'markdown', content: text }));
    }
}

/** `link` is null for charts, which no game opens at a time. */
interface Moment {
    readonly timestamp: string;
    readonly link: string | null;
}

async function link(server: Server, { document, selection }: vscode.TextEditor, what: 'open' | 'copy'): Promise<void> {
    const place = { start: plain(selection.start), end: plain(selection.end) };
    const moment = await server.ask<Moment | null>('maimod.editLink', document.uri.toString(), place);
    if (moment === null) {
        const sentence = vscode.l10n.t('This line has no time: put the cursor into a hit object, a note or a timing line.');
        void vscode.window.showInformationMessage(sentence);
        return;
    }
    if (what === 'open' && moment.link !== null && (await openInGame(moment.link))) {
        return;
    }
    await vscode.env.clipboard.writeText(moment.timestamp);
    if (what === 'copy') {
        vscode.window.setStatusBarMessage(vscode.l10n.t('Copied {0}', moment.timestamp), 3_000);
    } else {
        const sentence = vscode.l10n.t('The game did not take the link. {0} is in the clipboard: paste it into its editor.', moment.timestamp);
        void vscode.window.showWarningMessage(sentence);
    }
}

async function fixSafely(server: Server, uri: vscode.Uri): Promise<void> {
    const fixed = await server.ask<number>('maimod.fixAll', uri.toString());
    const sentence = fixed === 1 ? vscode.l10n.t('1 finding was fixed.') : vscode.l10n.t('{0} findings were fixed.', fixed);
    void vscode.window.showInformationMessage(fixed === 0 ? vscode.l10n.t('There is nothing that can be fixed safely.') : sentence);
}

/** Offers the dismissals of the findings at the cursor, else of those in its line. */
async function dismiss({ document, selection }: vscode.TextEditor): Promise<void> {
    const around = findingsOf(document.uri).filter((each) => each.range.contains(selection.active));
    const inLine = findingsOf(document.uri).filter((each) => each.range.start.line === selection.active.line);
    const place = (around[0] ?? inLine[0])?.range ?? selection;
    const quickFixes = vscode.CodeActionKind.QuickFix.value;
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider', document.uri, place, quickFixes,
    );
    const offers = actions.filter((each) => each.command?.command === 'maimod.dismiss');
    if (offers.length === 0) {
        void vscode.window.showInformationMessage(vscode.l10n.t('Nothing was found here that could be dismissed.'));
        return;
    }
    const items = offers.map((action) => ({ label: action.title, command: action.command }));
    const chosen = await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('What should not be told any more?') });
    if (chosen?.command !== undefined) {
        await vscode.commands.executeCommand(chosen.command.command, ...((chosen.command.arguments ?? []) as unknown[]));
    }
}

/** One entry of `maimod.dismissals`, which is handed back as it came. */
interface Dismissed {
    readonly rule: string;
    readonly section: string;
    readonly subject: string;
}

async function bringBack(server: Server, uri: vscode.Uri): Promise<void> {
    const entries = await server.ask<Dismissed[]>('maimod.dismissals', uri.toString());
    if (entries.length === 0) {
        void vscode.window.showInformationMessage(vscode.l10n.t('Nothing is dismissed in this map.'));
        return;
    }
    const items = entries.map((entry) => ({
        label: entry.rule,
        description: entry.subject || vscode.l10n.t('everything in this map'),
        detail: entry.section,
        entry,
    }));
    const options = { placeHolder: vscode.l10n.t('What should be told again?'), matchOnDescription: true, canPickMany: true } as const;
    const chosen = await vscode.window.showQuickPick(items, options);
    if (chosen !== undefined && chosen.length > 0) {
        await server.ask('maimod.restore', uri.toString(), ...chosen.map((each) => each.entry));
    }
}

async function menu(): Promise<void> {
    const items = [
        { label: `$(open-preview) ${vscode.l10n.t('Show preview')}`, command: 'maimod.showPreview' },
        { label: `$(checklist) ${vscode.l10n.t('Check the mapset')}`, command: 'maimod.check' },
        { label: `$(wand) ${vscode.l10n.t('Apply all safe fixes')}`, command: 'maimod.fixSafely' },
        { label: `$(sparkle) ${vscode.l10n.t('Regenerate section…')}`, command: 'maimod.regenerateSection' },
        { label: `$(copy) ${vscode.l10n.t('Copy as mod post')}`, command: 'maimod.copyModPost' },
        { label: `$(settings-gear) ${vscode.l10n.t('Settings')}`, command: 'maimod.openSettings' },
        { label: `$(output) ${vscode.l10n.t('Show output')}`, command: 'maimod.showOutput' },
        { label: `$(refresh) ${vscode.l10n.t('Restart')}`, command: 'maimod.restart' },
    ];
    const chosen = await vscode.window.showQuickPick(items, { placeHolder: 'maimod' });
    if (chosen !== undefined) {
        await vscode.commands.executeCommand(chosen.command);
    }
}
