/** What the installed extension does, seen through VS Code's own interface for extensions. Writes results.json beside the maps. */

const assert = require('node:assert/strict');
const { readFileSync, readdirSync, renameSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const vscode = require('vscode');

const PATIENCE_MS = 20_000;
const folder = vscode.workspace.workspaceFolders[0].uri.fsPath;
const DEMO = 'maimod - Square Wave Sunrise (tv size) (maimod) [Hard].osu';

async function until(what, look, patience = PATIENCE_MS) {
    const end = Date.now() + patience;
    for (;;) {
        const found = await look();
        if (found) return found;
        if (Date.now() > end) throw new Error(`waited ${patience / 1000} s for ${what}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
}

const uriOf = (...parts) => vscode.Uri.file(join(folder, ...parts));
const codeOf = (diagnostic) => (typeof diagnostic.code === 'object' ? String(diagnostic.code.value) : String(diagnostic.code));
const ours = (uri) => vscode.languages.getDiagnostics(uri).filter((each) => each.source?.startsWith('maimod'));
const withCode = (uri, code) => ours(uri).filter((each) => codeOf(each) === code);

async function open(...parts) {
    const document = await vscode.workspace.openTextDocument(uriOf(...parts));
    return vscode.window.showTextDocument(document);
}

/** Takes back what an earlier test typed. */
async function asOnDisk() {
    for (const document of vscode.workspace.textDocuments.filter((each) => each.isDirty)) {
        await vscode.window.showTextDocument(document);
        await vscode.commands.executeCommand('workbench.action.files.revert');
    }
}

const actionsAt = (uri, range, kind) => vscode.commands.executeCommand('vscode.executeCodeActionProvider', uri, range, kind, 20);

/** The process ids of language servers that this extension host started. */
function servers() {
    return readdirSync('/proc').filter((pid) => {
        try {
            const parent = /^PPid:\t(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
            return parent === String(process.pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes('lsp');
        } catch {
            return false;
        }
    });
}

const tests = {
    async 'the packaged extension is installed and knows its files'() {
        const extension = vscode.extensions.getExtension('maimod.maimod');
        assert.ok(extension, 'the extension is not installed');
        assert.ok(extension.extensionPath.includes('extensions/maimod.maimod-'), extension.extensionPath);
        for (const [name, language] of [[DEMO, 'osu'], ['notes.chart', 'chart'], ['song.ini', 'chart']]) {
            const where = name === DEMO ? ['demo', name] : ['chart', name];
            assert.equal((await vscode.workspace.openTextDocument(uriOf(...where))).languageId, language);
        }
        await extension.activate();
    },

    async 'every command that it offers is there'() {
        const offered = vscode.extensions.getExtension('maimod.maimod').packageJSON.contributes.commands.map((each) => each.command);
        const known = new Set(await vscode.commands.getCommands(true));
        assert.deepEqual(offered.filter((each) => !known.has(each)), []);
        assert.ok(offered.length >= 10);
    },

    async 'findings appear, with their place, code and source'() {
        const { document } = await open('demo', DEMO);
        const [found] = await until('a diagnostic', () => withCode(document.uri, 'T105').length && withCode(document.uri, 'T105'));
        assert.equal(document.getText(found.range), '3');
        assert.equal(found.severity, vscode.DiagnosticSeverity.Error);
        assert.match(found.message, /volume is 3 %/);
        assert.equal(withCode(document.uri, 'T105').length, 1, 'the finding is shown twice');
    },

    async 'hover says why'() {
        const { document } = await open('demo', DEMO);
        const [found] = await until('the finding', () => withCode(document.uri, 'T105').length && withCode(document.uri, 'T105'));
        const hovers = await vscode.commands.executeCommand('vscode.executeHoverProvider', document.uri, found.range.start);
        const text = hovers.flatMap((hover) => hover.contents.map((each) => each.value)).join('\n');
        assert.match(text, /plays every volume below 5 %/);
    },

    async 'findings of a chart appear'() {
        const text = readFileSync(uriOf('chart', 'notes.chart').fsPath, 'utf8');
        const { document } = await open('chart', 'notes.chart');
        assert.equal(document.getText(), text);
        await until('a diagnostic of the chart', () => ours(document.uri).length > 0);
    },

    async 'a quick fix changes the map and its finding goes'() {
        const { document } = await open('demo', DEMO);
        const [found] = await until('the finding', () => withCode(document.uri, 'T105').length && withCode(document.uri, 'T105'));
        const actions = await actionsAt(document.uri, found.range, vscode.CodeActionKind.QuickFix.value);
        const fix = actions.find((each) => each.title === 'Set the volume to 5 %');
        assert.ok(fix, actions.map((each) => each.title).join(', '));
        assert.equal(fix.isPreferred, true);
        const before = document.getText();
        assert.ok(await vscode.workspace.applyEdit(fix.edit));
        assert.equal(document.getText(), before.replace('14000,-100,4,2,0,3,0,0', '14000,-100,4,2,0,5,0,0'));
        await until('the finding to go', () => withCode(document.uri, 'T105').length === 0);
        await vscode.commands.executeCommand('undo');
        await until('the finding to come back', () => withCode(document.uri, 'T105').length === 1);
        assert.equal(document.getText(), before);
    },

    async 'all safe fixes are applied at once, and no others'() {
        const { document } = await open('demo', DEMO);
        await until('the findings', () => withCode(document.uri, 'S102').length === 1);
        await vscode.commands.executeCommand('maimod.fixSafely');
        await until('the safe fixes', () => document.getText().includes('ApproachRate:7.2\r\n'));
        assert.ok(document.getText().includes('14000,-100,4,2,0,5,0,0'));
        assert.ok(document.getText().includes('300,206,4607,1,2'), 'an unsafe fix was applied too');
        await until('their findings to go', () => ['T105', 'S102'].every((code) => withCode(document.uri, code).length === 0));
        assert.ok(withCode(document.uri, 'T101').length >= 1);
    },

    async 'a fix that may change how the map plays is offered, but not preferred'() {
        const { document } = await open('demo', DEMO);
        const found = await until('the finding', () => withCode(document.uri, 'T101').find((each) => each.range.start.line === 74));
        const actions = await actionsAt(document.uri, found.range, vscode.CodeActionKind.QuickFix.value);
        const fix = actions.find((each) => each.title === 'Move to 1/2 at 00:04:600');
        assert.ok(fix, actions.map((each) => each.title).join(', '));
        assert.notEqual(fix.isPreferred, true);
    },

    async 'a section is written anew, chosen among candidates, and one undo gives the bytes back'() {
        const { document } = await open('demo', DEMO);
        const before = document.getText();
        const first = before.split('\r\n').indexOf('[HitObjects]') + 9;
        const actions = await actionsAt(document.uri, new vscode.Range(first, 0, first + 16, 0), 'refactor.rewrite');
        const action = actions.find((each) => each.kind?.value === 'refactor.rewrite.maimod.regenerate');
        assert.ok(action, actions.map((each) => each.title).join(', '));
        assert.equal(action.command.command, 'maimod.chooseCandidate');
        const running = vscode.commands.executeCommand(action.command.command, ...action.command.arguments);
        await until('a candidate to be applied', async () => {
            await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
            return document.getText() !== before;
        }, 90_000);
        await running;
        const now = document.getText().split('\r\n');
        assert.ok(now.some((line) => line.startsWith('Tags:') && line.endsWith('maimod')), 'the tags do not say so');
        assert.deepEqual(now.slice(-5), before.split('\r\n').slice(-5), 'what stands behind the section changed');
        await vscode.commands.executeCommand('undo');
        assert.equal(document.getText(), before);
    },

    async 'a dismissal is written beside the map and the finding goes'() {
        const { document } = await open('demo', DEMO);
        const [found] = await until('the finding', () => withCode(document.uri, 'S104').length && withCode(document.uri, 'S104'));
        const actions = await actionsAt(document.uri, found.range, vscode.CodeActionKind.QuickFix.value);
        const dismissal = actions.find((each) => each.command?.command === 'maimod.dismiss');
        assert.ok(dismissal, actions.map((each) => each.title).join(', '));
        await vscode.commands.executeCommand(dismissal.command.command, ...dismissal.command.arguments);
        await until('the finding to go', () => withCode(document.uri, 'S104').length === 0);
        const file = uriOf('demo', '.maimod', 'dismissed.toml').fsPath;
        assert.match(readFileSync(file, 'utf8'), /colour-luminosity/);
        assert.equal(document.isDirty, false);
    },

    async 'settings count at once, and leaving them alone leaves maimod.toml its say'() {
        const { document } = await open('demo', DEMO);
        const settings = vscode.workspace.getConfiguration('maimod');
        const target = vscode.ConfigurationTarget.Global;
        await settings.update('ignore', ['timing-volume-invalid'], target);
        await until('the finding to go', () => withCode(document.uri, 'T105').length === 0);
        await settings.update('ignore', undefined, target);
        await until('the finding to come back', () => withCode(document.uri, 'T105').length === 1);
        const toml = uriOf('demo', 'maimod.toml');
        await vscode.workspace.fs.writeFile(toml, Buffer.from('ignore = ["timing-volume-invalid"]\nsurprisal = false\n'));
        await until('maimod.toml to count', () => withCode(document.uri, 'T105').length === 0);
        await vscode.workspace.fs.delete(toml);
        await until('the finding to come back', () => withCode(document.uri, 'T105').length === 1);
    },

    async 'saving changes what was typed and not one byte more'() {
        // Spaces at the end of lines, no end of the last one, CRLF, a line with a form feed, and names in other scripts.
        const text = 'osu file format v14\r\n\r\n[Metadata]  \r\nTitle:夜に駆ける\u2028 \t\r\nTags:a\u000cb  \r\n\r\n\r\n[TimingPoints]\r\n0,500,4,1,0,50,1,0';
        const uri = uriOf('demo', 'odd.osu');
        await vscode.workspace.fs.writeFile(uri, Buffer.from(text));
        const editor = await open('demo', 'odd.osu');
        await editor.edit((edit) => edit.replace(new vscode.Range(8, 15, 8, 16), '6'), { undoStopBefore: true, undoStopAfter: true });
        assert.ok(await editor.document.save());
        assert.equal(readFileSync(uri.fsPath, 'utf8'), text.replace('0,500,4,1,0,50,1,0', editor.document.lineAt(8).text));
        await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
        await vscode.workspace.fs.delete(uri);
    },

    async 'a server that is killed is started again'() {
        const { document } = await open('demo', DEMO);
        const [before, ...more] = servers();
        assert.ok(before && more.length === 0, `servers: ${[before, ...more]}`);
        process.kill(Number(before), 'SIGKILL');
        await until('another server', () => servers().some((pid) => pid !== before));
        await until('its findings', () => withCode(document.uri, 'T105').length === 1);
        const editor = await open('demo', DEMO);
        await editor.edit((edit) => edit.replace(withCode(document.uri, 'T105')[0].range, '40'));
        await until('the findings of the new text', () => withCode(document.uri, 'T105').length === 0);
    },

    async 'restart takes a fresh server and leaves no other behind'() {
        const before = servers();
        await vscode.commands.executeCommand('maimod.restart');
        await until('one other server', () => servers().length === 1 && servers()[0] !== before[0]);
        const { document } = await open('demo', DEMO);
        await until('its findings', () => withCode(document.uri, 'T105').length === 1);
    },
};

exports.run = async () => {
    const results = [];
    for (const [name, test] of Object.entries(tests)) {
        const start = Date.now();
        let trouble = null;
        try {
            await asOnDisk();
            await test();
        } catch (error) {
            trouble = error.stack ?? String(error);
        }
        results.push({ name, trouble, ms: Date.now() - start });
    }
    // Seen as a whole or not at all: the name appears last.
    writeFileSync(join(folder, 'results.part'), JSON.stringify(results));
    renameSync(join(folder, 'results.part'), join(folder, 'results.json'));
};
