/** Starts everything when a map is opened. */

import * as vscode from 'vscode';
import { register } from './commands';
import { watchEncodings } from './encoding';
import { Explanations } from './explanations';
import { Guidance } from './guidance';
import { Preview } from './preview';
import { onInterpreterChange } from './python_extension';
import { Rewriting } from './rewriting';
import { Server } from './server';
import { StatusItems } from './status';

/** The settings that say which maimod runs. */
const WHERE = ['maimod.path', 'maimod.interpreter'];

let server: Server | undefined;

export function activate(context: vscode.ExtensionContext): void {
    const output = vscode.window.createOutputChannel('maimod', { log: true });
    const explanations = new Explanations();
    const running = new Server(output, context, (command, _args, answer) =>
        command === 'maimod.explain' ? explanations.show(answer) : answer,
    );
    server = running;
    const guidance = new Guidance(running, context);
    const preview = new Preview(running, context);
    const rewriting = new Rewriting(running, explanations);
    context.subscriptions.push(
        output,
        explanations,
        running,
        guidance,
        preview,
        rewriting,
        new StatusItems(running),
        register({ server: running, preview, guidance, explanations, rewriting }),
        watchEncodings(),
        running.onLife((life) => {
            if (life.kind === 'missing') {
                void guidance.missing(life.found);
            } else if (life.kind === 'given-up') {
                void guidance.givenUp();
            } else if (life.kind === 'running') {
                guidance.settled();
            }
        }),
        vscode.workspace.onDidChangeConfiguration((change) => {
            if (WHERE.some((setting) => change.affectsConfiguration(setting))) {
                void running.start();
            }
        }),
        vscode.workspace.onDidGrantWorkspaceTrust(() => {
            // The Python extension's interpreter and the workspace's settings count from now on.
            if (running.life.kind === 'missing') {
                void running.start();
            }
        }),
    );
    void onInterpreterChange(() => {
        if (running.life.kind === 'missing') {
            void running.start();
        }
    }).then((listening) => {
        if (listening !== undefined) {
            context.subscriptions.push(listening);
        }
    });
    void running.start();
}

export async function deactivate(): Promise<void> {
    await server?.stop();
}
