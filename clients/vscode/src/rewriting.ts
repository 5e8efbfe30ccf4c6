/** Writing parts of a map anew: what is asked for, the candidates to choose from, what each would change, and the guest difficulty. */

import * as vscode from 'vscode';
import type { Explanations } from './explanations';
import {
    caused, changed, counted, hasCombos, numberIn, scored, timingPage, type Cause, type Proposal, type Proposals, type Timing,
} from './proposals';
import type { Server } from './server';
import { told } from './troubles';

const SCHEME = 'maimod-proposal';
const MOST_CANDIDATES = 16;
const [LOWEST_DENSITY, HIGHEST_DENSITY] = [0.1, 8];
const [FEWEST_STARS, MOST_STARS] = [0.5, 9];

type Options = Record<string, unknown>;

/** What `maimod.guest` answers. */
interface Guest {
    readonly title: string;
    readonly uri: string;
    readonly exists: boolean;
    readonly text: string;
    readonly stars: number;
    readonly notes: number;
    readonly notices: readonly string[];
    readonly findings: readonly Cause[];
}

interface Choice extends vscode.QuickPickItem {
    readonly options: Options;
}

export class Rewriting implements vscode.Disposable, vscode.TextDocumentContentProvider {
    private readonly after = new Map<string, string>();
    private readonly parts: vscode.Disposable;

    constructor(
        private readonly server: Server,
        private readonly pages: Explanations,
    ) {
        this.parts = vscode.Disposable.from(
            vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
            // What code actions and lenses of the server run in an editor whose user chooses.
            vscode.commands.registerCommand('maimod.chooseCandidate', (uri: string, options: Options) =>
                told(() => this.rewrite(vscode.Uri.parse(uri), options)),
            ),
        );
    }

    provideTextDocumentContent(uri: vscode.Uri): string {
        return this.after.get(uri.query) ?? '';
    }

    dispose(): void {
        this.parts.dispose();
    }

    /** The selected notes, or the combo or bar at the cursor. */
    async regenerate({ document, selection }: vscode.TextEditor): Promise<void> {
        const place = plain(selection);
        const what = await vscode.window.showQuickPick(whatToWrite(document), { title: step(1), placeHolder: vscode.l10n.t('What is to be written anew?') });
        if (what === undefined) {
            return;
        }
        const density = await askDensity(what.options);
        if (density === undefined) {
            return;
        }
        const typed = await vscode.window.showInputBox({
            title: step(3),
            prompt: vscode.l10n.t('How many candidates, from 1 to {0}?', MOST_CANDIDATES),
            value: '3',
            validateInput: (text) =>
                numberIn(text, 1, MOST_CANDIDATES, true) === undefined
                    ? vscode.l10n.t('A whole number from 1 to {0}', MOST_CANDIDATES)
                    : undefined,
        });
        const count = typed === undefined ? undefined : numberIn(typed, 1, MOST_CANDIDATES, true);
        if (count !== undefined) {
            await this.choose(document.uri, 'maimod.regenerate', place, { ...what.options, density, count }, vscode.l10n.t('Regenerating the section'));
        }
    }

    async hitsounds({ document, selection }: vscode.TextEditor): Promise<void> {
        const everywhere = { label: vscode.l10n.t('The whole map'), place: null };
        const here = { label: vscode.l10n.t('What is selected'), place: plain(selection) };
        const where = selection.isEmpty
            ? everywhere
            : await vscode.window.showQuickPick([here, everywhere], { placeHolder: vscode.l10n.t('Whose hit sounds?') });
        if (where === undefined) {
            return;
        }
        const choices: Choice[] = [
            { label: vscode.l10n.t('Whistles, finishes and claps'), options: {} },
            { label: vscode.l10n.t('Only where there are none'), description: vscode.l10n.t('what has an addition stays'), options: { add: true } },
            { label: vscode.l10n.t('Sample sets too'), options: { parts: ['additions', 'sets'] } },
            { label: vscode.l10n.t('Sample sets and volumes too'), options: { parts: ['additions', 'sets', 'volumes'] } },
        ];
        const what = await vscode.window.showQuickPick(choices, { placeHolder: vscode.l10n.t('What is to be written?') });
        if (what !== undefined) {
            await this.choose(document.uri, 'maimod.hitsounds', where.place, what.options, vscode.l10n.t('Rewriting the hit sounds'));
        }
    }

    async guest({ document }: vscode.TextEditor): Promise<void> {
        const typed = await vscode.window.showInputBox({
            title: vscode.l10n.t('Make a guest difficulty (1/2)'),
            prompt: vscode.l10n.t('How many stars, from {0} to {1}?', FEWEST_STARS, MOST_STARS),
            validateInput: (text) =>
                numberIn(text, FEWEST_STARS, MOST_STARS) === undefined
                    ? vscode.l10n.t('A number from {0} to {1}', FEWEST_STARS, MOST_STARS)
                    : undefined,
        });
        const stars = typed === undefined ? undefined : numberIn(typed, FEWEST_STARS, MOST_STARS);
        if (stars === undefined) {
            return;
        }
        const name = await vscode.window.showInputBox({
            title: vscode.l10n.t('Make a guest difficulty (2/2)'),
            prompt: vscode.l10n.t('What is it called?'),
            placeHolder: vscode.l10n.t("Guest's Hard"),
            validateInput: (text) => (text.trim() === '' ? vscode.l10n.t('The difficulty needs a name') : undefined),
        });
        if (name === undefined) {
            return;
        }
        const made = await this.server.work<Guest>('maimod.guest', [document.uri.toString(), stars, name], vscode.l10n.t('Writing [{0}]', name));
        if (made !== undefined) {
            await create(made);
        }
    }

    /** The red lines beside the song: what is heard under each, and what would mend them. */
    async timing({ document }: vscode.TextEditor): Promise<void> {
        const choices: Choice[] = [
            { label: vscode.l10n.t('Compare with the song'), options: {} },
            { label: vscode.l10n.t('Compare, and move objects along'), description: vscode.l10n.t('they keep their place in the bar'), options: { along: true } },
            { label: vscode.l10n.t('Find the timing anew'), description: vscode.l10n.t('nothing of the red lines is kept'), options: { anew: true } },
        ];
        const what = await vscode.window.showQuickPick(choices, { placeHolder: vscode.l10n.t('What is to be done about the timing?') });
        if (what === undefined) {
            return;
        }
        const found = await this.server.work<Timing>('maimod.timing', [document.uri.toString(), what.options], vscode.l10n.t('Checking the timing'));
        if (found === undefined) {
            return;
        }
        await this.pages.show(timingPage(found));
        if (found.proposals.length > 0) {
            await this.offer(document.uri, found);
        }
    }

    /** What a code action or a lens asks for. */
    private async rewrite(uri: vscode.Uri, { what, whole, start, end, track, ...options }: Options): Promise<void> {
        const place = whole === true ? null : { start, end, track };
        const sounds = what === 'hitsounds';
        const title = sounds ? vscode.l10n.t('Rewriting the hit sounds') : vscode.l10n.t('Regenerating the section');
        await this.choose(uri, sounds ? 'maimod.hitsounds' : 'maimod.regenerate', place, options, title);
    }

    /** Asks, lets the user choose among the candidates, and has the chosen one applied as one step to be undone. */
    private async choose(uri: vscode.Uri, command: string, place: unknown, options: Options, title: string): Promise<void> {
        const found = await this.server.work<Proposals>(command, [uri.toString(), place, options], title);
        if (found === undefined) {
            return;
        }
        if (found.proposals.length === 0) {
            void vscode.window.showInformationMessage(vscode.l10n.t('Nothing changes here.'));
            return;
        }
        await this.offer(uri, found);
    }

    private async offer(uri: vscode.Uri, found: Proposals): Promise<void> {
        const document = await vscode.workspace.openTextDocument(uri);
        const chosen = await this.pick(document, found);
        if (chosen !== undefined) {
            await this.server.ask('maimod.applyProposal', chosen.proposal.proposal, chosen.lineByLine);
            await vscode.window.showTextDocument(document);
        }
    }

    /** The chosen candidate, and whether its lines are to be ticked in the editor's refactor preview before they are applied. */
    private pick(document: vscode.TextDocument, found: Proposals): Promise<{ proposal: Proposal; lineByLine: boolean } | undefined> {
        const text = document.getText();
        const look = { iconPath: new vscode.ThemeIcon('diff'), tooltip: vscode.l10n.t('Show what would change') };
        const tick = { iconPath: new vscode.ThemeIcon('checklist'), tooltip: vscode.l10n.t('Choose changes…') };
        const picker = vscode.window.createQuickPick<vscode.QuickPickItem & { proposal: Proposal }>();
        picker.title = found.notices[0] === undefined ? vscode.l10n.t('Choose a candidate') : vscode.l10n.t('Choose a candidate ({0})', found.notices[0]);
        picker.placeholder = vscode.l10n.t('Enter applies it. Fewer bits a note fit better.');
        picker.ignoreFocusOut = true;
        picker.items = found.proposals.map((proposal) => {
            const { label, description } = scored(proposal);
            return { label: `${proposal.candidate}: ${label}`, description, detail: caused(proposal), buttons: [look, tick], proposal };
        });
        return new Promise((resolve) => {
            const take = (proposal: Proposal | undefined, lineByLine: boolean): void => {
                resolve(proposal && { proposal, lineByLine });
                picker.hide();
            };
            picker.onDidTriggerItemButton(({ item, button }) => {
                if (button === tick) {
                    take(item.proposal, true);
                } else {
                    void this.show(document, text, item.proposal);
                }
            });
            picker.onDidAccept(() => take(picker.selectedItems[0]?.proposal, false));
            picker.onDidHide(() => {
                resolve(undefined);
                picker.dispose();
                void closePreviews().then(() => this.after.clear());
            });
            picker.show();
        });
    }

    /** The map as it is beside the map as it would be. */
    private async show(document: vscode.TextDocument, text: string, proposal: Proposal): Promise<void> {
        const query = String(proposal.proposal);
        const after = changed(text, proposal.edits);
        this.after.set(query, after.text);
        const name = document.uri.path.split('/').pop() ?? 'map';
        const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${name}`, query });
        // The tags are the first thing that changes, and not what one wants to see.
        const where = { preview: true, preserveFocus: true, selection: new vscode.Range(after.line, 0, after.line, 0) };
        await vscode.commands.executeCommand('vscode.diff', document.uri, uri, proposal.title, where);
    }
}

function whatToWrite(document: vscode.TextDocument): Choice[] {
    const combos = hasCombos(document.languageId, document.getText()) ? [{ label: vscode.l10n.t('Only new combos'), options: { only: ['combos'] } }] : [];
    return [
        { label: vscode.l10n.t('Everything'), options: {} },
        { label: vscode.l10n.t('All but the rhythm'), description: vscode.l10n.t('notes stay when they are'), options: { keep: ['rhythm'] } },
        { label: vscode.l10n.t('Only positions'), description: vscode.l10n.t('columns, lanes, don and kat'), options: { only: ['positions'] } },
        ...combos,
        { label: vscode.l10n.t('Add notes'), description: vscode.l10n.t('those that stand stay'), options: { add: true } },
    ];
}

/** How dense, beside the notes around or, where none are added, as it was; 1 without a question where the rhythm stays. */
async function askDensity({ keep, only, add }: Options): Promise<number | 'own' | undefined> {
    if (keep !== undefined || only !== undefined) {
        return 1;
    }
    const other = { label: vscode.l10n.t('Other…'), density: undefined };
    const chosen = await vscode.window.showQuickPick(
        [
            { label: vscode.l10n.t('As dense as the notes around'), density: 1 },
            ...(add === true ? [] : [{ label: vscode.l10n.t('As dense as it was'), density: 'own' as const }]),
            { label: vscode.l10n.t('Half as dense'), density: 0.5 },
            { label: vscode.l10n.t('One and a half times as dense'), density: 1.5 },
            { label: vscode.l10n.t('Twice as dense'), density: 2 },
            other,
        ],
        { title: step(2), placeHolder: vscode.l10n.t('How dense?') },
    );
    if (chosen === undefined || chosen.density !== undefined) {
        return chosen?.density;
    }
    const typed = await vscode.window.showInputBox({
        title: step(2),
        prompt: vscode.l10n.t('How many times as dense as the notes around, from {0} to {1}?', LOWEST_DENSITY, HIGHEST_DENSITY),
        value: '1',
        validateInput: (text) =>
            numberIn(text, LOWEST_DENSITY, HIGHEST_DENSITY) === undefined
                ? vscode.l10n.t('A number from {0} to {1}', LOWEST_DENSITY, HIGHEST_DENSITY)
                : undefined,
    });
    return typed === undefined ? undefined : numberIn(typed, LOWEST_DENSITY, HIGHEST_DENSITY);
}

const step = (number: number): string => vscode.l10n.t('Regenerate section ({0}/3)', number);

function plain({ start, end }: vscode.Selection): unknown {
    const [from, to] = [start, end].map(({ line, character }) => ({ line, character }));
    return { start: from, end: to };
}

async function closePreviews(): Promise<void> {
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    const ours = tabs.filter(({ input }) => input instanceof vscode.TabInputTextDiff && input.modified.scheme === SCHEME);
    await vscode.window.tabGroups.close(ours);
}

/** Lays the new difficulty beside its reference, never over a file that is there, and opens it. */
async function create(made: Guest): Promise<void> {
    const uri = vscode.Uri.parse(made.uri);
    const edit = new vscode.WorkspaceEdit();
    edit.createFile(uri, { contents: new TextEncoder().encode(made.text), ignoreIfExists: false, overwrite: false });
    if (made.exists || !(await vscode.workspace.applyEdit(edit))) {
        throw new Error(vscode.l10n.t('{0} is there already; choose another name.', uri.path.split('/').pop() ?? ''));
    }
    await vscode.window.showTextDocument(uri);
    const told = `${made.title}: ${counted(made.notes, 'note')}, ${counted(made.findings.length, 'finding')}`;
    const notice = made.notices[0];
    void vscode.window.showInformationMessage(notice === undefined ? told : `${told} (${notice})`);
}

