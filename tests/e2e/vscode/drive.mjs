/**
 * Drives VS Code as its user does: in a browser, and inside its extension host (probe/). Started by run.sh. Prints one line for each
 * thing that was seen to work; the first thing that does not ends in exit code 1, with a screenshot and the logs.
 */

import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BIN, ROOT, startBrowser, startEditor } from './editor.mjs';

const PATIENCE_MS = 60_000;
const VSIX = join(ROOT, 'clients/vscode/maimod.vsix');
const DEMO = 'maimod - Square Wave Sunrise (tv size) (maimod) [Hard].osu';
const SIZE = { width: 1400, height: 860 };

const homes = [];
const stops = [];
let shots = process.env.MAIMOD_SHOTS;
let page;

async function newHome() {
    const home = await mkdtemp(join(tmpdir(), 'maimod-vscode-'));
    homes.push(home);
    shots ??= join(home, 'shots');
    await mkdir(shots, { recursive: true });
    return home;
}

async function until(what, look, patience = PATIENCE_MS) {
    const end = Date.now() + patience;
    for (;;) {
        const found = await look();
        if (found) return found;
        if (Date.now() > end) throw new Error(`waited ${patience / 1000} s for ${what}`);
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
}

const seen = (what) => console.log(`      ok  ${what} (${Math.round(performance.now() / 1000)} s)`);
const shot = (name) => page.screenshot({ path: join(shots, `${name}.png`) });

/** The input that a key opens. A key is lost where the page that had the focus is just being closed, so it is pressed again. */
async function opened(key) {
    const field = page.locator('.quick-input-widget input').first();
    for (let left = 6; ; left -= 1) {
        await page.keyboard.press(key);
        const came = await field.waitFor({ state: 'visible', timeout: 10_000 }).then(() => true, (trouble) => (left > 1 ? false : Promise.reject(trouble)));
        if (came) return field;
    }
}

/** Runs a command of the palette by its title. */
async function command(title) {
    await (await opened('F1')).fill(`>${title}`);
    const row = page.locator('.quick-input-list .monaco-list-row').filter({ hasText: title }).first();
    await row.waitFor({ timeout: PATIENCE_MS });
    await row.click();
}

/** Opens a file of the folder in the explorer by its name. */
async function openFile(name) {
    await (await opened('Control+P')).fill(name);
    const row = page.locator('.quick-input-list .monaco-list-row').filter({ hasText: name.slice(0, 12) }).first();
    await row.waitFor({ timeout: PATIENCE_MS });
    await row.click();
    await page.locator('.tab.active', { hasText: name.slice(0, 12) }).waitFor({ timeout: PATIENCE_MS });
}

async function goToLine(number, column = 1) {
    await (await opened('Control+G')).fill(`:${number},${column}`);
    await page.keyboard.press('Enter');
}

const squiggles = () => page.locator('.view-overlays .squiggly-error, .view-overlays .squiggly-warning').count();
const lineText = async (start) => {
    const rows = await page.locator('.view-lines .view-line').allInnerTexts();
    return rows.map((row) => row.replaceAll('\u00a0', ' ')).find((row) => row.includes(start));
};
const barText = async () => (await page.locator('#maimod\\.maimod\\.maimod\\.status').innerText()).trim();

const shownCount = async () => Number(/^maimod (\d+)$/.exec(await barText())?.[1] ?? Number.NaN);

/** The number of findings in the status bar, once it has stood still for a while. */
async function settledCount() {
    let [last, since] = [Number.NaN, Date.now()];
    return until('the number of findings to stand still', async () => {
        const now = await shownCount();
        if (now !== last) [last, since] = [now, Date.now()];
        return Date.now() - since > 3_000 ? last : undefined;
    });
}

async function newPage(browser, editor, folder, payload) {
    const context = await browser.newContext({ viewport: SIZE });
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: `http://127.0.0.1:${editor.port}` });
    context.setDefaultTimeout(PATIENCE_MS);
    page = await context.newPage();
    await page.goto(editor.address(folder, payload));
    await page.locator('.monaco-workbench').waitFor({ timeout: PATIENCE_MS });
}

async function insideTheExtensionHost(browser, editor, maps) {
    const probe = (path) => `vscode-remote://127.0.0.1:${editor.port}${join(ROOT, 'tests/e2e/vscode/probe', path)}`;
    await newPage(browser, editor, maps, [['extensionDevelopmentPath', probe('')], ['extensionTestsPath', probe('tests.js')]]);
    const file = join(maps, 'results.json');
    await until('the tests in the extension host to end', () => existsSync(file), 300_000);
    const results = JSON.parse(await readFile(file, 'utf8'));
    assert.ok(results.length >= 10);
    results.filter((each) => each.trouble === null).forEach((each) => seen(each.name));
    const failed = results.filter((each) => each.trouble !== null);
    assert.equal(failed.length, 0, failed.map((each) => `${each.name}\n${each.trouble}`).join('\n\n'));
    await page.context().close();
}

async function asItsUser(browser, editor, folder) {
    await newPage(browser, editor, folder);
    await openFile('maimod - Square');
    await until('squiggles', async () => (await squiggles()) > 0);
    const counted = await until('the status bar', async () => /maimod \d+/.exec(await barText())?.[0]);
    seen(`squiggles, and “${counted}” in the status bar`);

    await goToLine(50, 18);
    await page.keyboard.press('Control+K');
    await page.keyboard.press('Control+I');
    await until('the hover', async () => (await page.locator('.monaco-hover').allInnerTexts()).join('').includes('volume is 3 %'));
    await shot('hover');
    await page.keyboard.press('Escape');
    seen('the hover of a finding');

    const fix = page.locator('.action-widget .monaco-list-row', { hasText: 'Set the volume to 5 %' }).first();
    await until('the menu of quick fixes', async () => {
        // The hover may still have the keyboard, and the menu opens for the editor alone.
        await page.keyboard.press('Escape');
        await goToLine(50, 18);
        await page.keyboard.press('Control+.');
        return fix.waitFor({ timeout: 5_000 }).then(() => true, () => false);
    });
    await shot('quick-fixes');
    // The safe fix is the one that Enter takes.
    assert.match(await page.locator('.action-widget .monaco-list-row.focused').innerText(), /Set the volume to 5 %/);
    await page.keyboard.press('Enter');
    await until('the fix', async () => /,4,2,0,5,0,0$/.test((await lineText('14000,-100')) ?? ''));
    seen('a quick fix out of the menu');

    await command('maimod: Apply All Safe Fixes');
    await goToLine(36);
    await until('the safe fixes', async () => /ApproachRate:7\.2$/.test((await lineText('ApproachRate')) ?? ''));
    seen('all safe fixes by the palette');

    // One of the fixes has taken a line out, so the third combo colour is in line 58 now.
    await goToLine(58, 12);
    const before = await settledCount();
    await command('maimod: Dismiss a Finding Here');
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'colour-luminosity here' }).first().click();
    await until('one finding less', async () => (await shownCount()) === before - 1);
    assert.match(await readFile(join(folder, '.maimod/dismissed.toml'), 'utf8'), /colour-luminosity/);
    seen('a dismissal by the palette');

    await command('maimod: Check This Mapset');
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'Hard' }).first().waitFor({ timeout: PATIENCE_MS });
    await shot('check-mapset');
    await page.keyboard.press('Escape');
    seen('the mapset is checked');

    await command('maimod: Copy as Mod Post');
    const posted = () => page.evaluate(() => navigator.clipboard.readText());
    await until('the mod post', async () => (await posted()).includes('osu://edit/'));
    await goToLine(74);
    await command('maimod: Copy Timestamp');
    await until('the timestamp', async () => /^\d\d:\d\d:\d\d\d \(\d+\)$/.test((await posted()).trim()));
    seen(`the mod post, and “${(await posted()).trim()}”, in the clipboard`);

    await goToLine(74);
    await command('maimod: Explain This Object');
    await until('the explanation', () => inAnyFrame((text) => text.includes('00:04:607')));
    await shot('explanation');
    await page.keyboard.press('Control+W');
    seen('an object is explained');
    await page.context().close();
}

/** Select, regenerate, look at the change, apply, undo; and a guest difficulty. */
async function writingAnew(browser, editor, folder) {
    await newPage(browser, editor, folder);
    await openFile('maimod - Square');
    await until('findings', async () => (await shownCount()) > 0);
    const before = await readFile(join(folder, DEMO), 'utf8');
    const first = before.split('\r\n').indexOf('[HitObjects]') + 10;
    await goToLine(first);
    for (let line = 0; line < 12; line += 1) await page.keyboard.press('Shift+ArrowDown');
    await command('maimod: Regenerate Section…');
    const input = page.locator('.quick-input-widget');
    await input.locator('[placeholder="What is to be written anew?"]').waitFor();
    await shot('regenerate-what');
    await page.keyboard.press('Enter');
    await input.locator('[placeholder="How dense?"]').waitFor();
    await page.keyboard.press('Enter');
    await input.getByText('How many candidates, from 1 to 16?').waitFor();
    await page.keyboard.press('Control+A');
    await page.keyboard.type('99');
    await input.getByText('A whole number from 1 to 16').waitFor();
    await page.keyboard.press('Control+A');
    await page.keyboard.type('2');
    await page.keyboard.press('Enter');
    const rows = page.locator('.quick-input-list .monaco-list-row');
    await rows.filter({ hasText: 'bits a note' }).first().waitFor({ timeout: 120_000 });
    await page.waitForTimeout(500);
    await shot('regenerate-candidates');
    await rows.first().hover();
    await rows.first().locator('.action-label.codicon-diff').click();
    await page.locator('.monaco-diff-editor').waitFor();
    await page.waitForTimeout(1_000);
    await shot('regenerate-diff');
    await page.keyboard.press('Enter');
    await page.locator('.tab.active.dirty', { hasText: 'maimod - Squ' }).waitFor();
    await until('the diff to close', async () => (await page.locator('.monaco-diff-editor').count()) === 0);
    await shot('regenerate-applied');
    await page.locator('.editor-instance .view-lines').first().click();
    await page.keyboard.press('Control+Z');
    await until('one undo to take all of it back', async () => (await page.locator('.tab.active.dirty').count()) === 0);
    seen('a section is written anew, looked at, applied, and taken back');

    await goToLine(first);
    for (let line = 0; line < 12; line += 1) await page.keyboard.press('Shift+ArrowDown');
    await command('maimod: Regenerate Section…');
    await input.locator('[placeholder="What is to be written anew?"]').waitFor();
    await page.keyboard.type('All but');
    await page.keyboard.press('Enter');
    await input.getByText('How many candidates, from 1 to 16?').waitFor();
    await page.keyboard.press('Enter');
    await rows.filter({ hasText: 'bits a note' }).first().waitFor({ timeout: 120_000 });
    await page.waitForTimeout(500);
    await rows.first().hover();
    await rows.first().locator('.action-label.codicon-checklist').click();
    const ticking = page.locator('.bulk-edit-panel');
    await ticking.locator('.monaco-list-row').nth(3).waitFor();
    await page.waitForTimeout(1_000);
    await shot('regenerate-lines');
    const boxes = ticking.locator('.monaco-list-row .edit-checkbox');
    assert.ok((await boxes.count()) > 4, 'each line can be ticked');
    await boxes.nth(3).check();
    await shot('regenerate-ticked');
    await ticking.getByText('Apply', { exact: true }).click();
    await page.locator('.tab.active.dirty', { hasText: 'maimod - Squ' }).waitFor();
    await page.keyboard.press('Control+S');
    await until('the line to be written', async () => (await readFile(join(folder, DEMO), 'utf8')) !== before);
    const [old, now] = [before, await readFile(join(folder, DEMO), 'utf8')].map((text) => text.split('\r\n'));
    const applied = now.filter((line, at) => line !== old[at]);
    assert.equal(applied.length, 2, 'one line was ticked, one was applied, and the map says so');
    assert.match(applied[0], /^Tags:.* maimod$/);
    await page.keyboard.press('Control+Z');
    await page.keyboard.press('Control+S');
    await until('the undo to be written', async () => (await readFile(join(folder, DEMO), 'utf8')) === before);
    seen('single lines of a candidate are ticked and applied');

    await command('maimod: Check Timing…');
    await input.locator('[placeholder="What is to be done about the timing?"]').waitFor();
    await page.keyboard.press('Enter');
    await until('the timing', () => inAnyFrame((text) => text.includes('beside audio.ogg') && text.includes('BPM')), 120_000);
    await shot('timing');
    await page.keyboard.press('Control+W');
    seen('the timing is told beside the song');

    await openFile('maimod - Square');
    await command('maimod: Make Guest Difficulty…');
    await input.getByText('How many stars, from 0.5 to 9?').waitFor();
    await page.keyboard.type('2,5');
    await page.keyboard.press('Enter');
    await input.getByText('What is it called?').waitFor();
    await page.keyboard.type("Ann's Normal");
    await page.keyboard.press('Enter');
    await page.locator('.tab.active', { hasText: "Ann's Normal" }).waitFor({ timeout: 300_000 });
    await page.waitForTimeout(1_000);
    await shot('guest');
    const made = (await readdir(folder)).find((name) => name.includes("[Ann's Normal]"));
    assert.match(await readFile(join(folder, made), 'utf8'), /Version:Ann's Normal/);
    seen('a guest difficulty is written beside its reference');
    await page.context().close();
}

/** Whether the overlay lists such a finding. */
const isShown = async (overlay, message) => (await overlay.getByRole('button', { name: message }).count()) > 0;

/** Whether the text of one of the frames in the page passes. */
async function inAnyFrame(passes) {
    for (const frame of page.frames()) {
        const text = await frame.locator('body').innerText({ timeout: 1_000 }).catch(() => '');
        if (frame !== page.mainFrame() && passes(text)) return frame;
    }
    return undefined;
}

/** Another window that works on another map at the same time must not lead this preview away. */
async function aNeighbour(browser, editor, folder) {
    await newPage(browser, editor, folder);
    await openFile('Neighbour');
    await until('findings', async () => (await shownCount()) > 0);
    const theirs = page;
    return async () => {
        const mine = page;
        page = theirs;
        await goToLine(27);
        await page.keyboard.press('End');
        await page.keyboard.type(' ');
        await page.locator('.tab.active.dirty').waitFor();
        page = mine;
    };
}

async function thePreview(browser, editor, home) {
    const typeNextDoor = await aNeighbour(browser, editor, join(home, 'neighbour'));
    await newPage(browser, editor, join(home, 'preview'));
    await openFile('maimod - Square');
    await until('findings', async () => /maimod \d+/.test(await barText()));
    await page.keyboard.press('Control+B');
    await command('maimod: Show Preview');
    const overlay = await until('the overlay', () => inAnyFrame((text) => text.includes('Square Wave Sunrise')));
    assert.match(overlay.url(), /^http:\/\/127\.0\.0\.1:\d+\//);
    await until('its findings', () => inAnyFrame((text) => /volume is 3 %/.test(text)));
    seen('the preview shows the map and its findings');

    const activeLine = () => page.locator('.active-line-number').first().innerText();
    for (const [message, line, name] of [[/volume is 3 %/, '50', 'preview'], [/7 ms after the nearest tick/, '75', 'screenshot']]) {
        await overlay.getByRole('button', { name: message }).first().click();
        await until('the line of the finding', async () => (await activeLine()) === line);
        await page.mouse.move(300, 845);
        await page.waitForTimeout(2_000);
        await shot(name);
        await overlay.locator('body').press('Escape');
        await until('the list', () => isShown(overlay, message));
    }
    seen('a finding of the preview leads to its line');

    await page.locator('.editor-instance .view-lines').first().click();
    await goToLine(50, 18);
    await page.keyboard.press('Shift+End');
    await page.keyboard.type('9,0,0');
    await until('the finding to go from the preview', async () => !(await isShown(overlay, /volume is 3 %/)));
    seen('the preview follows what is typed');

    await typeNextDoor();
    await page.waitForTimeout(4_000);
    assert.ok(await isShown(overlay, /7 ms after the nearest tick/), 'the preview went over to the map of another window');
    seen('the preview stays with its own window');
    await command('File: Revert File');

    await openFile('Other');
    await until('the preview to follow', () => inAnyFrame((text) => text.includes('Paper Lanterns 夜')));
    await shot('preview-other');
    seen('the preview follows the map that is looked at');
}

async function withoutMaimod(browser, home) {
    const folder = join(home, 'maps/stranger');
    await cp(join(ROOT, 'examples/demo'), folder, { recursive: true });
    // A folder from a stranger that wants to choose which program runs, and that Python finds its modules here.
    const [evil, marker] = [join(folder, 'evil'), join(home, 'stranger-was-run')];
    await writeFile(evil, `#!/bin/sh\necho >${marker}\n`, { mode: 0o755 });
    await writeFile(join(folder, 'maimod.py'), `open(${JSON.stringify(marker)}, "w").close()\n`);
    await mkdir(join(folder, '.vscode'));
    await writeFile(join(folder, '.vscode/settings.json'), JSON.stringify({ 'maimod.path': evil, 'maimod.interpreter': evil }));

    const editor = await startEditor({ home, vsix: VSIX, path: '/usr/bin:/bin', trust: false });
    stops.push(editor.stop);
    await newPage(browser, editor, folder);
    await openFile('maimod - Square');
    const message = page.locator('.notification-toast', { hasText: 'maimod is not installed' });
    await message.waitFor({ timeout: PATIENCE_MS });
    assert.equal(await page.locator('.notification-toast', { hasText: 'maimod' }).count(), 1);
    assert.match(await barText(), /maimod/);
    await shot('missing');
    seen('one message says that maimod is missing');

    await message.locator('.monaco-button', { hasText: 'Install…' }).click();
    const terminal = page.locator('.terminal-wrapper');
    await terminal.first().waitFor({ timeout: PATIENCE_MS });
    await until('the command', async () => (await page.locator('.terminal-wrapper .xterm-rows').innerText()).includes('install maimod'));
    await shot('install-command');
    assert.ok(!existsSync(join(home, '.maimod')) && !existsSync(join(home, '.local/bin/maimod')), 'the command was run');
    seen('the install command stands in a terminal and was not run');

    await mkdir(join(home, '.local/bin'), { recursive: true });
    await symlink(join(BIN, 'maimod'), join(home, '.local/bin/maimod'));
    await until('maimod to be found once it is there', async () => /maimod \d+/.test(await barText()));
    await until('squiggles', async () => (await squiggles()) > 0);
    assert.ok(!existsSync(marker), 'a program of the folder was run, though the folder is not trusted');
    seen('after the install it starts by itself, and nothing of the untrusted folder was run');

    await command('maimod: What to Do When It Does Not Run');
    await page.getByText('From an installed extension to a map without mistakes').waitFor({ timeout: PATIENCE_MS });
    await page.waitForTimeout(1_000);
    await shot('walkthrough');
    seen('the walkthrough opens');
}

async function logsOf(home) {
    const folder = join(home, 'data/logs');
    const names = existsSync(folder) ? await readdir(folder, { recursive: true }) : [];
    const texts = await Promise.all(names.filter((name) => name.endsWith('maimod.log')).map((name) => readFile(join(folder, name), 'utf8')));
    return texts.join('\n').split('\n').slice(-40).join('\n');
}

const OTHER = `osu file format v14\r
\r
[General]\r
AudioFilename: audio.ogg\r
Mode: 0\r
\r
[Metadata]\r
Title:Paper Lanterns\r
TitleUnicode:Paper Lanterns 夜\r
Artist:maimod\r
ArtistUnicode:まいもど\r
Creator:maimod\r
Version:Other\r
\r
[Difficulty]\r
HPDrainRate:5\r
CircleSize:4\r
OverallDifficulty:6\r
ApproachRate:7\r
SliderMultiplier:1.6\r
SliderTickRate:1\r
\r
[TimingPoints]\r
1200,400,4,2,0,60,1,0\r
\r
[HitObjects]\r
96,80,1200,5,0,0:0:0:0:\r
156,110,1600,1,0,0:0:0:0:\r
196,80,2017,1,0,0:0:0:0:\r
`;

async function all() {
    const browser = await startBrowser();
    stops.push(() => browser.close());
    const home = await newHome();
    for (const name of ['maps', 'set', 'anew', 'preview']) {
        await cp(join(ROOT, 'examples/demo'), name === 'maps' ? join(home, 'maps/demo') : join(home, name), { recursive: true });
    }
    await cp(join(ROOT, 'examples/demo-chart'), join(home, 'maps/chart'), { recursive: true });
    await writeFile(join(home, 'preview', 'Other.osu'), OTHER);
    await mkdir(join(home, 'neighbour'));
    await writeFile(join(home, 'neighbour', 'Neighbour.osu'), OTHER.replaceAll('Paper Lanterns', 'Next Door'));
    const editor = await startEditor({ home, vsix: VSIX, path: `${BIN}:/usr/bin:/bin` });
    stops.push(editor.stop);
    const parts = { host: () => insideTheExtensionHost(browser, editor, join(home, 'maps')),
        user: () => asItsUser(browser, editor, join(home, 'set')),
        anew: () => writingAnew(browser, editor, join(home, 'anew')),
        preview: () => thePreview(browser, editor, home),
        missing: async () => withoutMaimod(browser, await newHome()) };
    const wanted = process.argv.slice(2);
    for (const [name, part] of Object.entries(parts)) {
        if (wanted.length === 0 || wanted.includes(name)) await part();
    }
}

let failed = false;
try {
    await all();
} catch (trouble) {
    failed = true;
    await shot('failed').catch(() => undefined);
    console.error(trouble);
    for (const home of homes) console.error(`--- log of ${home}\n${await logsOf(home)}`);
    console.error(`screenshots: ${shots}`);
} finally {
    for (const stop of stops.reverse()) await stop();
    // The servers end with their editor; what they still write must not stand in the way.
    if (!failed) await Promise.all(homes.map((home) => rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 300 }).catch(() => undefined)));
    process.exit(failed ? 1 : 0);
}
