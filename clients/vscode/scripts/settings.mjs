/** Writes the settings that the server knows into package.json, from the schema of maimod.toml: `npm run settings`. */

import { readFile, writeFile } from 'node:fs/promises';
import { mirrored } from './mirrored.mjs';

const SCHEMA = new URL('../../../docs/schemas/config-v1.json', import.meta.url);
const PACKAGE = new URL('../package.json', import.meta.url);

const description = JSON.parse(await readFile(PACKAGE, 'utf8'));
const part = description.contributes.configuration.find((/** @type {{id: string}} */ each) => each.id === 'maimod.checks');
part.properties = mirrored(JSON.parse(await readFile(SCHEMA, 'utf8')));
await writeFile(PACKAGE, `${JSON.stringify(description, null, 2)}\n`);
