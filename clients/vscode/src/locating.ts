/** Where maimod is: from the settings, the Python extension's interpreter, or the places where it is usually installed. */

/** What looking for maimod needs of the machine. Everything else in this module only decides. */
export interface Machine {
    readonly windows: boolean;
    readonly home: string;
    /** Absolute folders of PATH, in order. */
    readonly path: readonly string[];
    isProgram(file: string): boolean;
    /** Standard output of a program, undefined where it cannot be run or fails. */
    output(program: string, args: readonly string[]): Promise<string | undefined>;
    join(...parts: string[]): string;
    isAbsolute(file: string): boolean;
}

/** What the user chose; empty where nothing was. */
export interface Choice {
    readonly path: string;
    readonly interpreter: string;
    /** The interpreter that the Python extension has active, where it may be run. */
    readonly active: string | undefined;
    /** The folder that a relative path in the settings starts from. */
    readonly folder: string | undefined;
}

export interface Launch {
    readonly program: string;
    readonly args: readonly string[];
    /** In the user's words, for the output. */
    readonly from: string;
}

export type Located =
    | { readonly kind: 'found'; readonly launch: Launch }
    | { readonly kind: 'wrong-setting'; readonly setting: 'maimod.path' | 'maimod.interpreter'; readonly trouble: string }
    | { readonly kind: 'no-maimod'; readonly python: string }
    | { readonly kind: 'old-python'; readonly version: string }
    | { readonly kind: 'no-python' };

interface Python {
    readonly version: string;
    readonly enough: boolean;
    readonly maimod: boolean;
}

export const OLDEST_PYTHON = '3.11';
const ASK =
    'import sys, importlib.util as u; ' +
    'print("%d.%d" % sys.version_info[:2], sys.version_info[:2] >= (3, 11), u.find_spec("maimod") is not None)';

/** The first maimod that there is. A setting that leads nowhere is told rather than passed over. */
export async function locate(machine: Machine, choice: Choice): Promise<Located> {
    if (choice.path !== '') {
        return chosenProgram(machine, choice);
    }
    if (choice.interpreter !== '') {
        return chosenInterpreter(machine, choice);
    }
    if (choice.active !== undefined && (await ask(machine, choice.active, []))?.maimod === true) {
        return found(choice.active, [], 'the interpreter of the Python extension');
    }
    const program = [...machine.path.map((folder) => machine.join(folder, programName(machine))), ...usualPlaces(machine)].find(
        (file) => machine.isProgram(file),
    );
    if (program !== undefined) {
        return { kind: 'found', launch: { program, args: ['lsp'], from: 'the usual places' } };
    }
    return anyPython(machine);
}

async function anyPython(machine: Machine): Promise<Located> {
    let without: string | undefined;
    let old: string | undefined;
    for (const [python, args] of pythons(machine)) {
        const answer = await ask(machine, python, args);
        if (answer?.enough === true && answer.maimod) {
            return found(python, args, 'Python');
        }
        if (answer?.enough === true) {
            without ??= python;
        } else {
            old ??= answer?.version;
        }
    }
    if (without !== undefined) {
        return { kind: 'no-maimod', python: without };
    }
    return old === undefined ? { kind: 'no-python' } : { kind: 'old-python', version: old };
}

function chosenProgram(machine: Machine, choice: Choice): Located {
    const program = expand(machine, choice.path, choice.folder);
    if (program === undefined) {
        return wrong('maimod.path', `“${choice.path}” is relative, and no folder is open`);
    }
    if (machine.windows && /\.(cmd|bat|ps1)$/i.test(program)) {
        return wrong('maimod.path', `“${choice.path}” is a script; give maimod.exe, or the Python in maimod.interpreter`);
    }
    if (!machine.isProgram(program)) {
        return wrong('maimod.path', `there is no program at “${program}”`);
    }
    return { kind: 'found', launch: { program, args: ['lsp'], from: 'the setting maimod.path' } };
}

async function chosenInterpreter(machine: Machine, choice: Choice): Promise<Located> {
    const python = expand(machine, choice.interpreter, choice.folder);
    if (python === undefined) {
        return wrong('maimod.interpreter', `“${choice.interpreter}” is relative, and no folder is open`);
    }
    const answer = machine.isProgram(python) ? await ask(machine, python, []) : undefined;
    if (answer === undefined) {
        return wrong('maimod.interpreter', `there is no Python at “${python}”`);
    }
    if (!answer.enough) {
        return wrong('maimod.interpreter', `“${python}” is Python ${answer.version}; maimod needs ${OLDEST_PYTHON} or newer`);
    }
    if (!answer.maimod) {
        return wrong('maimod.interpreter', `“${python}” has no maimod; install it there, or name another Python`);
    }
    return found(python, [], 'the setting maimod.interpreter');
}

function found(python: string, args: readonly string[], from: string): Located {
    return { kind: 'found', launch: { program: python, args: [...args, '-m', 'maimod', 'lsp'], from } };
}

function wrong(setting: 'maimod.path' | 'maimod.interpreter', trouble: string): Located {
    return { kind: 'wrong-setting', setting, trouble };
}

function expand(machine: Machine, written: string, folder: string | undefined): string | undefined {
    const file = written.startsWith('~') ? machine.join(machine.home, written.slice(1)) : written;
    if (machine.isAbsolute(file)) {
        return file;
    }
    return folder === undefined ? undefined : machine.join(folder, file);
}

function programName(machine: Machine): string {
    return machine.windows ? 'maimod.exe' : 'maimod';
}

/** Where pipx, uv and our own instructions put it; an editor that was not started from a shell may have another PATH. */
function usualPlaces(machine: Machine): string[] {
    const inHome = [['.local', 'bin'], machine.windows ? ['.maimod', 'Scripts'] : ['.maimod', 'bin']];
    return inHome.map((parts) => machine.join(machine.home, ...parts, programName(machine)));
}

/** Pythons on PATH. Found here and not by the system, which on Windows would look into the open folder first. */
function pythons(machine: Machine): [string, readonly string[]][] {
    const wanted: [string, readonly string[]][] = machine.windows
        ? [['py.exe', ['-3']], ['python.exe', []], ['python3.exe', []]]
        : [['python3', []], ['python', []], ...['3.14', '3.13', '3.12', '3.11'].map((v): [string, string[]] => [`python${v}`, []])];
    return wanted.flatMap(([name, args]): [string, readonly string[]][] => {
        const file = onPath(machine, name);
        return file === undefined ? [] : [[file, args]];
    });
}

function onPath(machine: Machine, name: string): string | undefined {
    return machine.path.map((folder) => machine.join(folder, name)).find((file) => machine.isProgram(file));
}

async function ask(machine: Machine, python: string, args: readonly string[]): Promise<Python | undefined> {
    const answer = /^(\d+\.\d+) (True|False) (True|False)\s*$/.exec((await machine.output(python, [...args, '-c', ASK])) ?? '');
    if (answer === null) {
        return undefined;
    }
    return { version: answer[1] ?? '', enough: answer[2] === 'True', maimod: answer[3] === 'True' };
}

/** What installs maimod for this user here, to be shown in a terminal; it is not run by us. */
export function installCommand(machine: Machine): string {
    if (onPath(machine, machine.windows ? 'pipx.exe' : 'pipx') !== undefined) {
        return 'pipx install maimod';
    }
    if (onPath(machine, machine.windows ? 'uv.exe' : 'uv') !== undefined) {
        return 'uv tool install maimod';
    }
    if (machine.windows) {
        return `${onPath(machine, 'py.exe') === undefined ? 'python' : 'py'} -m pip install --user maimod`;
    }
    // Most systems' own Python refuses `pip install --user`; a folder of its own always works.
    return 'python3 -m venv ~/.maimod && ~/.maimod/bin/pip install maimod';
}
