/** The machine as it is: files, PATH and programs. */

import { execFile } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';
import type { Machine } from './locating';

const LONGEST_ANSWER_MS = 15_000;

/**
 * The environment for each program of ours. Python puts the folder it is started in on its module path; a map's folder comes from
 * a stranger, so neither that nor any other folder of ours may hold modules.
 */
export function environment(): NodeJS.ProcessEnv {
    return { ...process.env, PYTHONSAFEPATH: '1', PYTHONUTF8: '1' };
}

/** `folder` is where programs are started: one that no workspace can write to. */
export function thisMachine(folder: string): Machine {
    const windows = process.platform === 'win32';
    return {
        windows,
        home: homedir(),
        path: (process.env['PATH'] ?? '').split(delimiter).filter((each) => isAbsolute(each)),
        isProgram: (file) => isProgram(file, windows),
        output: (program, args) =>
            new Promise((resolve) => {
                const options = { cwd: folder, env: environment(), timeout: LONGEST_ANSWER_MS, windowsHide: true };
                execFile(program, args, options, (trouble, stdout) => resolve(trouble === null ? stdout : undefined));
            }),
        join,
        isAbsolute,
    };
}

function isProgram(file: string, windows: boolean): boolean {
    try {
        accessSync(file, windows ? constants.F_OK : constants.X_OK);
        return statSync(file).isFile();
    } catch {
        return false;
    }
}
