/** A VS Code of our own: started, opened in a browser, and stopped. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { join } from 'node:path';

const need = (name) => {
    const value = process.env[name];
    if (!value) throw new Error(`${name} is not set; start these tests with run.sh`);
    return value;
};
export const CACHE = need('MAIMOD_CACHE');
export const ROOT = need('MAIMOD_ROOT');
export const BIN = need('MAIMOD_BIN');
const ENTRY = join(CACHE, 'code-server/node_modules/code-server/out/node/entry.js');
const { chromium } = createRequire(join(CACHE, 'driver/node_modules/'))('playwright-core');

const SETTINGS = {
    'chat.commandCenter.enabled': false,
    'editor.minimap.enabled': false,
    'extensions.ignoreRecommendations': true,
    'files.autoSave': 'off',
    'security.workspace.trust.startupPrompt': 'never',
    'security.workspace.trust.banner': 'never',
    'telemetry.telemetryLevel': 'off',
    // Drawn as text, which the tests can read.
    'terminal.integrated.gpuAcceleration': 'off',
    'update.mode': 'none',
    'window.restoreWindows': 'none',
    'workbench.startupEditor': 'none',
    'workbench.tips.enabled': false,
    'workbench.colorTheme': 'Default Dark Modern',
};

async function freePort() {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address();
    server.close();
    return port;
}

/**
 * Starts VS Code with the extension installed. `home` holds all that it and maimod write; `path` is the PATH that they see.
 * @param {{home: string, vsix: string, path: string, trust?: boolean, settings?: object}} wishes
 */
export async function startEditor({ home, vsix, path, trust = true, settings = {} }) {
    const data = join(home, 'data');
    await mkdir(join(data, 'User'), { recursive: true });
    await mkdir(join(home, 'run'), { recursive: true, mode: 0o700 });
    await writeFile(join(data, 'User/settings.json'), JSON.stringify({ ...SETTINGS, ...settings }));
    // VS Code takes its environment from a login shell, where the system's profile may set another PATH.
    await writeFile(join(home, '.bash_profile'), `export PATH='${path}'\n`);
    const env = {
        HOME: home, PATH: path, LANG: 'C.UTF-8', SHELL: '/bin/bash', TERM: 'xterm',
        XDG_RUNTIME_DIR: join(home, 'run'), XDG_CONFIG_HOME: join(home, '.config'), XDG_DATA_HOME: join(home, '.local/share'),
        XDG_STATE_HOME: join(home, '.local/state'), XDG_CACHE_HOME: join(home, '.cache'),
        // As on a desktop: a port of this machine is reached as it is, not through code-server's own.
        VSCODE_PROXY_URI: '',
    };
    const folders = ['--user-data-dir', data, '--extensions-dir', join(home, 'extensions')];
    await finished(spawn(process.execPath, [ENTRY, '--install-extension', vsix, ...folders], { env, stdio: ['ignore', 'pipe', 'pipe'] }));
    const port = await freePort();
    const flags = ['--auth', 'none', '--bind-addr', `127.0.0.1:${port}`, '--disable-telemetry', '--disable-update-check', '--disable-getting-started-override'];
    const server = spawn(process.execPath, [ENTRY, ...flags, ...(trust ? ['--disable-workspace-trust'] : []), ...folders], {
        env, stdio: ['ignore', 'pipe', 'pipe'], detached: true,
    });
    let said = '';
    for (const stream of [server.stdout, server.stderr]) stream.on('data', (piece) => (said += piece));
    for (let tries = 0; ; tries++) {
        try {
            if ((await fetch(`http://127.0.0.1:${port}/healthz`)).ok) break;
        } catch {}
        if (tries > 300 || server.exitCode !== null) throw new Error(`VS Code did not start:\n${said}`);
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return {
        port,
        home,
        address: (folder, payload) => {
            const query = new URLSearchParams({ folder });
            if (payload) query.set('payload', JSON.stringify(payload));
            return `http://127.0.0.1:${port}/?${query}`;
        },
        stop: async () => {
            // Its children, the language server among them, are in its process group. The daemon outlives them: it is told to stop.
            try {
                process.kill(-server.pid, 'SIGTERM');
            } catch {}
            await once(spawn(join(BIN, 'maimod'), ['serve', '--stop'], { env, stdio: 'ignore' }), 'exit');
        },
    };
}

async function finished(child) {
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => (said += piece));
    const [code] = await once(child, 'exit');
    if (code !== 0) throw new Error(`${child.spawnargs.join(' ')} ended with ${code}:\n${said}`);
}

export async function startBrowser() {
    return chromium.launch({
        executablePath: process.env.MAIMOD_CHROMIUM ?? '/usr/bin/chromium',
        args: ['--no-sandbox', '--disable-gpu', '--force-color-profile=srgb'],
    });
}
