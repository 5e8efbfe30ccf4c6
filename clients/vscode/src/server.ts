/** The language server's life: found, started, started again after it stopped by itself, stopped. */

import { createInterface } from 'node:readline';
import { CloseAction, ErrorAction, LanguageClient, State, WorkDoneProgress, type LanguageClientOptions, type StaticFeature } from 'vscode-languageclient/node';
import * as vscode from 'vscode';
import { locate, type Launch, type Located } from './locating';
import { environment, thisMachine } from './machine';
import { optionsForServer } from './options';
import { MOST_STOPS, Patience } from './patience';
import { activeInterpreter } from './python_extension';
import { LANGUAGES } from './maps';

/** What `maimod/status` says. */
export interface Status {
    readonly state: 'starting' | 'checking' | 'ready' | 'error';
    readonly message: string;
    readonly findings?: number;
}

export type Life =
    | { readonly kind: 'off' }
    | { readonly kind: 'looking' }
    | { readonly kind: 'missing'; readonly found: Exclude<Located, { kind: 'found' }> }
    | { readonly kind: 'starting' }
    | { readonly kind: 'running'; readonly version: string; readonly from: string; readonly status: Status | undefined }
    | { readonly kind: 'waiting'; readonly ms: number }
    | { readonly kind: 'given-up' };

/** What the server's commands answer is shown by whoever wants it, also where a code action or a lens ran the command. */
export type Answered = (command: string, args: readonly unknown[], answer: unknown) => unknown;

const SECTION = 'maimod';
const GENERATED = ['maimod.checks', 'maimod.display'];
const STOP_MS = 3_000;

/** Tells the server what its user sees here: what `maimod.explain` answers, and the candidates of what is written anew. */
const ABILITIES: StaticFeature = {
    fillClientCapabilities: (capabilities) => {
        capabilities.experimental = { ...(capabilities.experimental as object | undefined), maimod: { explain: true, candidates: true } };
    },
    initialize: () => undefined,
    getState: () => ({ kind: 'static' }),
    clear: () => undefined,
};

export class Server implements vscode.Disposable {
    private readonly lives = new vscode.EventEmitter<Life>();
    readonly onLife = this.lives.event;
    private now: Life = { kind: 'off' };
    private client: LanguageClient | undefined;
    private readonly patience = new Patience();
    private timer: NodeJS.Timeout | undefined;
    /** Counts the starts: what belongs to an earlier one is dropped. */
    private turn = 0;
    private works = 0;

    constructor(
        readonly output: vscode.LogOutputChannel,
        private readonly context: vscode.ExtensionContext,
        private readonly answered: Answered,
    ) {}

    get life(): Life {
        return this.now;
    }

    get running(): boolean {
        return this.now.kind === 'running';
    }

    /** Starts the server, or a fresh one in place of the old. */
    async start(): Promise<void> {
        this.patience.forget();
        await this.again();
    }

    /** Looks for maimod without changing anything. */
    async find(): Promise<Located> {
        const settings = vscode.workspace.getConfiguration(SECTION);
        const folder = vscode.workspace.workspaceFolders?.find((each) => each.uri.scheme === 'file')?.uri;
        const choice = {
            path: settings.get<string>('path', '').trim(),
            interpreter: settings.get<string>('interpreter', '').trim(),
            active: await activeInterpreter(folder),
            folder: folder?.fsPath,
        };
        return locate(thisMachine(this.context.extensionPath), choice);
    }

    /** Asks the server to run a command. Rejects where there is no server or it fails. */
    async ask<Answer>(command: string, ...args: readonly unknown[]): Promise<Answer> {
        if (this.client === undefined || !this.running) {
            throw new Error(vscode.l10n.t('maimod is not running; see its output for the reason.'));
        }
        return this.client.sendRequest<Answer>('workspace/executeCommand', { command, arguments: args });
    }

    /** The same of what takes a while: it is shown, and can be cancelled; then the answer is undefined. */
    async work<Answer>(command: string, args: readonly unknown[], title: string): Promise<Answer | undefined> {
        const { client } = this;
        if (client === undefined || !this.running) {
            throw new Error(vscode.l10n.t('maimod is not running; see its output for the reason.'));
        }
        const where = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
        return vscode.window.withProgress(where, async (shown, token) => {
            const workDoneToken = `maimod-work-${(this.works += 1)}`;
            let done = 0;
            const listening = client.onProgress(WorkDoneProgress.type, workDoneToken, (news) => {
                if (news.kind !== 'end' && news.percentage !== undefined && news.percentage > done) {
                    shown.report({ increment: news.percentage - done });
                    done = news.percentage;
                }
            });
            try {
                const params = { command, arguments: args, workDoneToken };
                return await client.sendRequest<Answer>('workspace/executeCommand', params, token);
            } catch (trouble) {
                if (token.isCancellationRequested) {
                    return undefined;
                }
                throw trouble;
            } finally {
                listening.dispose();
            }
        });
    }

    async stop(): Promise<void> {
        this.turn += 1;
        clearTimeout(this.timer);
        const client = this.client;
        this.client = undefined;
        if (client !== undefined) {
            // A server that does not answer is killed by the client; nothing here waits for it.
            await client.dispose(STOP_MS).catch((trouble: unknown) => this.output.warn(String(trouble)));
        }
        this.become({ kind: 'off' });
    }

    dispose(): void {
        void this.stop();
        this.lives.dispose();
    }

    private async again(): Promise<void> {
        await this.stop();
        const turn = this.turn;
        this.become({ kind: 'looking' });
        const found = await this.find();
        if (turn !== this.turn) {
            return;
        }
        if (found.kind !== 'found') {
            this.output.warn(`maimod was not found (${JSON.stringify(found)})`);
            this.become({ kind: 'missing', found });
            return;
        }
        await this.run(found.launch, turn);
    }

    private async run(launch: Launch, turn: number): Promise<void> {
        this.output.info(`starting ${launch.program} ${launch.args.join(' ')} (found by ${launch.from})`);
        this.become({ kind: 'starting' });
        const client = this.make(launch);
        this.client = client;
        let over = false;
        const ended = (): void => {
            if (!over && turn === this.turn) {
                over = true;
                void this.afterStop();
            }
        };
        client.onDidChangeState(({ newState }) => {
            if (newState === State.Stopped || newState === State.StartFailed) {
                ended();
            }
        });
        const version = (): string => client.initializeResult?.serverInfo?.version ?? '';
        client.onNotification('maimod/status', (status: Status) => {
            if (turn === this.turn && !over) {
                this.become({ kind: 'running', version: version(), from: launch.from, status });
            }
        });
        try {
            await client.start();
        } catch (trouble) {
            this.output.error(`the server did not start: ${trouble instanceof Error ? trouble.message : String(trouble)}`);
            ended();
            return;
        }
        if (turn === this.turn && !over && !this.running) {
            this.become({ kind: 'running', version: version(), from: launch.from, status: undefined });
        }
    }

    private async afterStop(): Promise<void> {
        const wait = this.patience.afterStop(Date.now());
        if (wait === undefined) {
            this.output.error(`the server stopped ${MOST_STOPS} times within minutes and is not started again`);
            await this.stop();
            this.become({ kind: 'given-up' });
            return;
        }
        this.output.warn(`the server stopped by itself; it is started again in ${wait / 1000} s`);
        this.become({ kind: 'waiting', ms: wait });
        this.timer = setTimeout(() => void this.again(), wait);
    }

    private become(life: Life): void {
        this.now = life;
        this.lives.fire(life);
    }

    private make(launch: Launch): LanguageClient {
        const executable = {
            command: launch.program,
            args: [...launch.args],
            options: { cwd: this.context.extensionPath, env: environment() },
        };
        const options: LanguageClientOptions = {
            documentSelector: LANGUAGES.flatMap((language) => [
                { scheme: 'file', language },
                { scheme: 'untitled', language },
            ]),
            outputChannel: this.output,
            initializationOptions: this.options(undefined),
            errorHandler: {
                error: () => ({ action: ErrorAction.Continue, handled: true }),
                closed: () => ({ action: CloseAction.DoNotRestart, handled: true }),
            },
            initializationFailedHandler: () => false,
            // What the server says beside the protocol is a log, not one error each line.
            stdioOptions: {
                stdout: () => undefined,
                stderr: (input, channel) => createInterface({ input }).on('line', (line) => channel.info(line)),
            },
            middleware: {
                executeCommand: async (command, args, next) => {
                    const answer: unknown = await next(command, args);
                    return this.answered(command, args, answer);
                },
                workspace: {
                    configuration: (params) =>
                        params.items.map((item) =>
                            item.section === SECTION
                                ? this.options(item.scopeUri === undefined ? undefined : vscode.Uri.parse(item.scopeUri))
                                : null,
                        ),
                },
            },
        };
        const client = new LanguageClient(SECTION, 'maimod', executable, options);
        client.registerFeature(ABILITIES);
        return client;
    }

    private options(scope: vscode.Uri | undefined): Record<string, unknown> {
        const settings = vscode.workspace.getConfiguration(SECTION, scope ?? null);
        return optionsForServer(this.mirrored(), (name) => settings.inspect(name));
    }

    /** The settings that the server knows: those of the package's generated parts. */
    private mirrored(): string[] {
        const described = this.context.extension.packageJSON as { contributes: { configuration: { id: string; properties: object }[] } };
        const parts = described.contributes.configuration.filter((each) => GENERATED.includes(each.id));
        return parts.flatMap((part) => Object.keys(part.properties).map((key) => key.slice(SECTION.length + 1)));
    }
}
