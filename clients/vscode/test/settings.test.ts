import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { COMMAND_LINE_ONLY, mirrored } from '../scripts/mirrored.mjs';
import { AUTO, optionsForServer, serverKey, settingKey, type Inspected } from '../src/options';

interface Part {
    id: string;
    properties: Record<string, { default?: unknown }>;
}

// The tests run in the extension's folder.
const manifest = JSON.parse(await readFile('package.json', 'utf8')) as { contributes: { configuration: Part[] } };
const schema = JSON.parse(await readFile('../../docs/schemas/config-v1.json', 'utf8')) as {
    properties: Record<string, Record<string, unknown>>;
};
const checks = manifest.contributes.configuration.find((part) => part.id === 'maimod.checks')?.properties ?? {};

test('the settings of the package are those of the schema of maimod.toml (else: npm run settings)', () => {
    assert.deepEqual(checks, mirrored(schema));
    assert.ok(Object.keys(checks).length >= 7);
});

test('every key of maimod.toml is a setting, or is of use on the command line only', () => {
    const keys = Object.keys(checks).map((name) => serverKey(name.replace('maimod.', '')));
    assert.deepEqual([...keys, ...COMMAND_LINE_ONLY].sort(), Object.keys(schema.properties).sort());
});

test('names go from setting to key and back', () => {
    for (const key of Object.keys(schema.properties)) {
        assert.equal(serverKey(settingKey(key)), key);
    }
});

test('only what the user set is sent, the closest value first', () => {
    const set: Record<string, Inspected & { defaultValue?: unknown }> = {
        standard: { defaultValue: AUTO },
        surprisal: { defaultValue: true, globalValue: false },
        minSurprisal: { defaultValue: null, globalValue: 9, workspaceValue: 11, workspaceFolderValue: 12 },
        level: { globalValue: 'hard', workspaceValue: AUTO },
        ignore: { workspaceValue: [] },
    };
    assert.deepEqual(
        optionsForServer(Object.keys(set), (name) => set[name]),
        { surprisal: false, 'min-surprisal': 12, ignore: [] },
    );
});
