/** Writes the settings that the server knows into package.json, from its schema of them: `npm run settings`. */

import { readFile, writeFile } from 'node:fs/promises';
import { checks, display } from './mirrored.mjs';

const SCHEMA = new URL('../../../docs/schemas/editor-settings-v1.json', import.meta.url);
const PACKAGE = new URL('../package.json', import.meta.url);

const schema = JSON.parse(await readFile(SCHEMA, 'utf8'));
const description = JSON.parse(await readFile(PACKAGE, 'utf8'));
for (const part of description.contributes.configuration) {
    if (part.id === 'maimod.checks') part.properties = checks(schema);
    if (part.id === 'maimod.display') part.properties = display(schema);
}
await writeFile(PACKAGE, `${JSON.stringify(description, null, 2)}\n`);
