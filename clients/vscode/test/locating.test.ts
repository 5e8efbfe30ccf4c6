import assert from 'node:assert/strict';
import { posix, win32 } from 'node:path';
import { test } from 'node:test';
import { installCommand, locate, type Choice, type Machine } from '../src/locating';

const NOTHING: Choice = { path: '', interpreter: '', active: undefined, folder: undefined };

/** A machine with these programs; a Python's answer is what its version and maimod are. */
function machine(programs: Record<string, string>, windows = false): Machine & { asked: string[] } {
    const { join, isAbsolute } = windows ? win32 : posix;
    const asked: string[] = [];
    return {
        windows,
        home: windows ? 'C:\\Users\\me' : '/home/me',
        path: windows ? ['C:\\Windows', 'C:\\Tools'] : ['/usr/local/bin', '/usr/bin'],
        isProgram: (file) => file in programs,
        output: (program) => {
            asked.push(program);
            return Promise.resolve(programs[program] === '' ? undefined : programs[program]);
        },
        join,
        isAbsolute,
        asked,
    };
}

const GOOD = '3.12 True True\n';
const BARE = '3.12 True False\n';
const OLD = '3.9 False False\n';

test('the program on PATH is run without asking any Python', async () => {
    const here = machine({ '/usr/bin/maimod': '', '/usr/bin/python3': BARE });
    assert.deepEqual(await locate(here, NOTHING), {
        kind: 'found',
        launch: { program: '/usr/bin/maimod', args: ['lsp'], from: 'the usual places' },
    });
    assert.deepEqual(here.asked, []);
});

test('the setting for the path wins over all else, with ~ and relative paths understood', async () => {
    const here = machine({ '/usr/bin/maimod': '', '/home/me/tools/maimod': '', '/maps/.venv/bin/maimod': '' });
    const first = await locate(here, { ...NOTHING, path: '~/tools/maimod' });
    assert.equal(first.kind === 'found' && first.launch.program, '/home/me/tools/maimod');
    const second = await locate(here, { ...NOTHING, path: '.venv/bin/maimod', folder: '/maps' });
    assert.equal(second.kind === 'found' && second.launch.program, '/maps/.venv/bin/maimod');
});

test('a setting that leads nowhere is told, though another maimod is there', async () => {
    const here = machine({ '/usr/bin/maimod': '', '/usr/bin/python3': BARE, '/old': OLD });
    for (const [wish, setting, trouble] of [
        [{ path: '/gone/maimod' }, 'maimod.path', /no program at “\/gone\/maimod”/],
        [{ path: 'maimod' }, 'maimod.path', /relative, and no folder is open/],
        [{ interpreter: '/gone/python' }, 'maimod.interpreter', /no Python at “\/gone\/python”/],
        [{ interpreter: '/usr/bin/python3' }, 'maimod.interpreter', /has no maimod/],
        [{ interpreter: '/old' }, 'maimod.interpreter', /is Python 3\.9; maimod needs 3\.11 or newer/],
    ] as const) {
        const found = await locate(here, { ...NOTHING, ...wish });
        assert.ok(found.kind === 'wrong-setting');
        assert.equal(found.setting, setting);
        assert.match(found.trouble, trouble);
    }
});

test('a script in place of the program is refused on Windows, where it cannot be started', async () => {
    const here = machine({ 'C:\\Tools\\maimod.cmd': '' }, true);
    const found = await locate(here, { ...NOTHING, path: 'C:\\Tools\\maimod.cmd' });
    assert.ok(found.kind === 'wrong-setting');
    assert.match(found.trouble, /is a script/);
});

test('the interpreter of the Python extension is taken where it has maimod, and passed over where not', async () => {
    const here = machine({ '/usr/bin/maimod': '', '/venv/bin/python': GOOD, '/other/bin/python': BARE });
    const has = await locate(here, { ...NOTHING, active: '/venv/bin/python' });
    assert.deepEqual(has.kind === 'found' && [has.launch.program, ...has.launch.args], ['/venv/bin/python', '-m', 'maimod', 'lsp']);
    const lacks = await locate(here, { ...NOTHING, active: '/other/bin/python' });
    assert.equal(lacks.kind === 'found' && lacks.launch.program, '/usr/bin/maimod');
});

test('where pipx, uv and the instructions put it is looked at though PATH lacks it', async () => {
    for (const file of ['/home/me/.local/bin/maimod', '/home/me/.maimod/bin/maimod']) {
        const found = await locate(machine({ [file]: '' }), NOTHING);
        assert.equal(found.kind === 'found' && found.launch.program, file);
    }
    const windows = await locate(machine({ 'C:\\Users\\me\\.local\\bin\\maimod.exe': '' }, true), NOTHING);
    assert.equal(windows.kind === 'found' && windows.launch.program, 'C:\\Users\\me\\.local\\bin\\maimod.exe');
});

test('on Windows the launcher runs it as a module', async () => {
    const found = await locate(machine({ 'C:\\Windows\\py.exe': GOOD }, true), NOTHING);
    assert.deepEqual(found.kind === 'found' && [found.launch.program, ...found.launch.args], [
        'C:\\Windows\\py.exe', '-3', '-m', 'maimod', 'lsp',
    ]);
});

test('a Python without maimod, one that is too old and none at all are told apart', async () => {
    assert.deepEqual(await locate(machine({ '/usr/bin/python3': BARE }), NOTHING), { kind: 'no-maimod', python: '/usr/bin/python3' });
    assert.deepEqual(await locate(machine({ '/usr/bin/python3': OLD }), NOTHING), { kind: 'old-python', version: '3.9' });
    assert.deepEqual(await locate(machine({}), NOTHING), { kind: 'no-python' });
});

test('a newer Python beside an old one counts', async () => {
    const here = machine({ '/usr/bin/python3': OLD, '/usr/bin/python3.12': GOOD });
    const found = await locate(here, NOTHING);
    assert.equal(found.kind === 'found' && found.launch.program, '/usr/bin/python3.12');
});

test('the placeholder of the Microsoft Store, which answers nothing, is no Python', async () => {
    assert.deepEqual(await locate(machine({ 'C:\\Tools\\python.exe': '' }, true), NOTHING), { kind: 'no-python' });
});

test('the install command fits what is there', () => {
    assert.equal(installCommand(machine({ '/usr/bin/pipx': '', '/usr/bin/uv': '' })), 'pipx install maimod');
    assert.equal(installCommand(machine({ '/usr/bin/uv': '' })), 'uv tool install maimod');
    assert.equal(installCommand(machine({ 'C:\\Windows\\py.exe': '' }, true)), 'py -m pip install --user maimod');
    assert.equal(installCommand(machine({}, true)), 'python -m pip install --user maimod');
    assert.equal(installCommand(machine({})), 'python3 -m venv ~/.maimod && ~/.maimod/bin/pip install maimod');
});
