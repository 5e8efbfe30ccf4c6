import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { checks, display, type Schema } from '../scripts/mirrored.mjs';
import { AUTO, optionsForServer, serverKey, type Inspected } from '../src/options';

interface Part {
    id: string;
    properties: Record<string, { default?: unknown }>;
}

// The tests run in the extension's folder.
const manifest = JSON.parse(await readFile('package.json', 'utf8')) as { contributes: { configuration: Part[] } };
const schema = JSON.parse(await readFile('../../docs/schemas/editor-settings-v1.json', 'utf8')) as Schema;

function part(id: string): Part['properties'] {
    return manifest.contributes.configuration.find((each) => each.id === id)?.properties ?? {};
}

test('the settings of the package are those that the server knows (else: npm run settings)', () => {
    assert.deepEqual(part('maimod.checks'), checks(schema));
    assert.deepEqual(part('maimod.display'), display(schema));
});

test('each key of the server is one setting, whose name leads back to it', () => {
    const names = [...Object.keys(part('maimod.checks')), ...Object.keys(part('maimod.display'))];
    assert.deepEqual(names.map((name) => serverKey(name.replace('maimod.', ''))).sort(), Object.keys(schema.properties).sort());
    assert.ok(names.length >= 11);
});

test('a setting that maimod.toml has too is unset by default, or has the default of the schema', () => {
    for (const [name, { default: value }] of Object.entries(part('maimod.checks'))) {
        const unset = value === AUTO || value === null || JSON.stringify(value) === '[]' || JSON.stringify(value) === '{}';
        assert.ok(unset || value === schema.properties[serverKey(name.replace('maimod.', ''))]?.['default'], name);
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
        { standard: null, surprisal: false, 'min-surprisal': 12, level: null, ignore: [] },
    );
});
