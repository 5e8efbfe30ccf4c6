/** Bundles the extension into dist/, or with --tests the unit tests into build/tests/. */

import { build } from 'esbuild';
import { readdir, rm } from 'node:fs/promises';

const common = /** @type {const} */ ({ bundle: true, platform: 'node', target: 'node20', logLevel: 'warning' });

if (process.argv.includes('--tests')) {
    await rm('build/tests', { recursive: true, force: true });
    const tests = (await readdir('test')).filter((name) => name.endsWith('.test.ts')).map((name) => `test/${name}`);
    const outExtension = { '.js': '.mjs' };
    await build({ ...common, entryPoints: tests, outdir: 'build/tests', outExtension, format: 'esm', packages: 'external', sourcemap: 'inline' });
} else {
    await rm('dist', { recursive: true, force: true });
    await build({ ...common, entryPoints: ['src/extension.ts'], outfile: 'dist/extension.js', external: ['vscode'], format: 'cjs', minify: true });
}
