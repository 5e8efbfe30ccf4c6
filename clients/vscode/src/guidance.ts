/** What the user is told when there is no server, and what can be done about it. Nothing is installed without the user's Enter. */

import * as vscode from 'vscode';
import { installCommand, OLDEST_PYTHON, type Located } from './locating';
import { thisMachine } from './machine';
import type { Server } from './server';

export const WALKTHROUGH = 'maimod.maimod#maimod.start';
const LOOK_AGAIN_MS = 5_000;
const LOOK_AGAIN_AT_MOST = 180;

type Missing = Exclude<Located, { kind: 'found' }>;

export class Guidance implements vscode.Disposable {
    private looking: NodeJS.Timeout | undefined;
    /** What was said last, so that the same is not said twice in a row unasked. */
    private said = '';

    constructor(
        private readonly server: Server,
        private readonly context: vscode.ExtensionContext,
    ) {}

    /** One message, with what can be done as its buttons. `asked`: the user wants to hear it again. */
    async missing(found: Missing, asked = false): Promise<void> {
        const sentence = sentenceFor(found);
        if (sentence === this.said && !asked) {
            return;
        }
        this.said = sentence;
        const offers = offersFor(found);
        const show = found.kind === 'wrong-setting' ? vscode.window.showErrorMessage : vscode.window.showWarningMessage;
        await this.act(await show(sentence, ...offers), found);
    }

    async givenUp(): Promise<void> {
        const [restart, output] = [vscode.l10n.t('Restart'), vscode.l10n.t('Show output')];
        const sentence = vscode.l10n.t('maimod stopped several times in a row and was not started again. Its output says why.');
        const chosen = await vscode.window.showErrorMessage(sentence, restart, output);
        if (chosen === restart) {
            await this.server.start();
        } else if (chosen === output) {
            this.server.output.show();
        }
    }

    /** The install command, written into a terminal and left there for the user to run. */
    install(): void {
        const machine = thisMachine(this.context.extensionPath);
        const terminal = vscode.window.createTerminal({ name: vscode.l10n.t('Install maimod'), cwd: machine.home });
        terminal.show();
        terminal.sendText(installCommand(machine), false);
        const sentence = vscode.l10n.t('Press Enter in the terminal to install maimod.');
        void vscode.window.showInformationMessage(sentence);
        this.lookAgain(LOOK_AGAIN_AT_MOST);
    }

    /** It is there now, or another matter. */
    settled(): void {
        this.said = '';
        clearTimeout(this.looking);
    }

    dispose(): void {
        clearTimeout(this.looking);
    }

    private async act(chosen: string | undefined, found: Missing): Promise<void> {
        switch (chosen) {
            case INSTALL():
                this.install();
                break;
            case INSTRUCTIONS():
                await vscode.commands.executeCommand('workbench.action.openWalkthrough', WALKTHROUGH, false);
                break;
            case SETTING():
                await vscode.commands.executeCommand(
                    'workbench.action.openSettings',
                    found.kind === 'wrong-setting' ? found.setting : 'maimod.path',
                );
                break;
            default:
        }
    }

    /** After an install was offered: waits for its end by looking for maimod now and then. */
    private lookAgain(times: number): void {
        clearTimeout(this.looking);
        this.looking = setTimeout(() => {
            void this.server.find().then((found) => {
                if (found.kind === 'found' && this.server.life.kind === 'missing') {
                    void this.server.start();
                } else if (times > 0 && this.server.life.kind === 'missing') {
                    this.lookAgain(times - 1);
                }
            });
        }, LOOK_AGAIN_MS);
    }
}

const INSTALL = (): string => vscode.l10n.t('Install…');
const INSTRUCTIONS = (): string => vscode.l10n.t('Instructions');
const SETTING = (): string => vscode.l10n.t('Settings');

function offersFor(found: Missing): string[] {
    switch (found.kind) {
        case 'wrong-setting':
            return [SETTING(), INSTRUCTIONS()];
        case 'no-maimod':
            return [INSTALL(), INSTRUCTIONS(), SETTING()];
        case 'old-python':
        case 'no-python':
            return [INSTRUCTIONS(), SETTING()];
    }
}

function sentenceFor(found: Missing): string {
    switch (found.kind) {
        case 'wrong-setting':
            return vscode.l10n.t('The setting {0} is of no use: {1}.', found.setting, found.trouble);
        case 'no-maimod':
            return vscode.l10n.t('maimod is not installed, so maps are not checked.');
        case 'old-python':
            return vscode.l10n.t('maimod needs Python {0} or newer, and here is {1}. Install a newer one, then maimod.', OLDEST_PYTHON, found.version);
        case 'no-python':
            return vscode.l10n.t('maimod needs Python {0} or newer, and none was found. Install Python, then maimod.', OLDEST_PYTHON);
    }
}
