import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { locate } from '../src/locating';
import { thisMachine } from '../src/machine';

test('no folder of PATH is relative, so nothing is found in the folder that is open', () => {
    const before = process.env['PATH'];
    process.env['PATH'] = ['.', 'bin', '/usr/bin'].join(':');
    try {
        assert.deepEqual(thisMachine('/').path, ['/usr/bin']);
    } finally {
        process.env['PATH'] = before;
    }
});

test('a folder with a module called maimod in it does not become maimod', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'maimod-'));
    try {
        await writeFile(join(folder, 'zzz_stranger.py'), 'print("a stranger ran")');
        const said = await thisMachine(folder).output('/usr/bin/env', ['python3', '-c', 'import zzz_stranger']);
        assert.equal(said, undefined);
        const modules = await thisMachine(folder).output('/usr/bin/env', ['python3', '-c', 'import sys; print(sys.path[0])']);
        assert.notEqual(modules?.trim(), '');
    } finally {
        await rm(folder, { recursive: true });
    }
});

test('a program that is not there or fails gives no answer', async () => {
    const here = thisMachine('/');
    assert.equal(await here.output('/nowhere/python3', []), undefined);
    assert.equal(await here.output('/bin/false', []), undefined);
    assert.equal(here.isProgram('/'), false);
    const found = await locate(here, { path: '/', interpreter: '', active: undefined, folder: undefined });
    assert.equal(found.kind, 'wrong-setting');
});
