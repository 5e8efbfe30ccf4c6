import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { before, test } from 'node:test';
import oniguruma from 'vscode-oniguruma';
import textmate, { type IGrammar } from 'vscode-textmate';

const grammars = new Map<string, IGrammar>();

before(async () => {
    const wasm = await readFile(createRequire(import.meta.url).resolve('vscode-oniguruma/release/onig.wasm'));
    await oniguruma.loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength));
    const registry = new textmate.Registry({
        onigLib: Promise.resolve({
            createOnigScanner: (sources) => new oniguruma.OnigScanner(sources),
            createOnigString: (text) => new oniguruma.OnigString(text),
        }),
        loadGrammar: async (scope) => {
            const path = `syntaxes/${scope.replace('source.', '')}.tmLanguage.json`;
            return textmate.parseRawGrammar(await readFile(path, 'utf8'), path);
        },
    });
    for (const name of ['osu', 'chart']) {
        const grammar = await registry.loadGrammar(`source.${name}`);
        assert.ok(grammar);
        grammars.set(name, grammar);
    }
});

/** Each line's pieces that have a name of their own, as text → innermost scope. */
function pieces(language: string, text: string): Record<string, string>[] {
    let stack = textmate.INITIAL;
    return text.split('\n').map((line) => {
        const done = grammars.get(language)?.tokenizeLine(line, stack);
        assert.ok(done);
        stack = done.ruleStack;
        return Object.fromEntries(
            done.tokens
                .map((token) => [line.slice(token.startIndex, token.endIndex), token.scopes.at(-1) ?? ''] as const)
                .filter(([piece, scope]) => piece.trim() !== '' && !/^(punctuation|meta|keyword\.operator|source)/.test(scope)),
        );
    });
}

test('sections, keys and values of a .osu file', () => {
    const [format, , general, mode, , metadata, title, comment] = pieces(
        'osu',
        'osu file format v14\n\n[General]\nMode: 3\n\n[Metadata]\nTitle:夜に駆ける: 1\n//Tags:x',
    );
    assert.deepEqual(format, { 'osu file format': 'keyword.control.format.osu', v14: 'constant.language.version.osu' });
    assert.deepEqual(general, { General: 'entity.name.type.section.osu' });
    assert.deepEqual(mode, { Mode: 'support.type.property-name.osu', '3': 'constant.numeric.osu' });
    assert.deepEqual(metadata, { Metadata: 'entity.name.type.section.osu' });
    assert.deepEqual(title, { Title: 'support.type.property-name.osu', '夜に駆ける: 1': 'string.unquoted.osu' });
    assert.deepEqual(comment, { '//Tags:x': 'comment.line.double-slash.osu' });
});

test('red and green lines are told apart by what they say', () => {
    const [, red, green, old] = pieces('osu', '[TimingPoints]\n1200,352.94,4,2,1,60,1,8\n7600,-133.3,3,2,1,45,0,1\n99,500');
    assert.equal(red?.['352.94'], 'keyword.other.beat-length.osu');
    assert.equal(red?.['1200'], 'entity.name.function.time.osu');
    assert.equal(green?.['-133.3'], 'string.unquoted.velocity.osu');
    assert.equal(green?.['45'], 'constant.numeric.volume.osu');
    assert.equal(old?.['500'], 'keyword.other.beat-length.osu');
});

test('hit objects: time, type, curve and sample', () => {
    const [, circle, slider, hold] = pieces(
        'osu',
        '[HitObjects]\n96,80,1200,5,2,0:0:0:0:\n196,80,1600,6,8,P|116:81|-5:3,2,80.5,4|0|2,0:0|0:0|1:2,3:1:0:70:clap.wav\n64,192,900,128,0,1100:0:0:0:0:',
    );
    assert.equal(circle?.['1200'], 'entity.name.function.time.osu');
    assert.equal(circle?.['5'], 'storage.type.object.osu');
    assert.equal(circle?.['0:0:0:0:'], 'string.unquoted.sample.osu');
    assert.equal(slider?.['P'], 'keyword.control.curve.osu');
    assert.equal(slider?.['-5'], 'constant.numeric.osu');
    assert.equal(slider?.['3:1:0:70:clap.wav'], 'string.unquoted.sample.osu');
    assert.equal(hold?.['128'], 'storage.type.object.osu');
});

test('events and storyboard commands', () => {
    const [, background, sprite, fade] = pieces(
        'osu',
        '[Events]\n0,0,"bg [1].jpg",0,0\nSprite,Foreground,Centre,"sb\\a.png",320,240\n F,0,100,200,0,1',
    );
    assert.equal(background?.['bg [1].jpg'], 'string.quoted.double.osu');
    assert.equal(sprite?.['Sprite'], 'storage.type.event.osu');
    assert.equal(sprite?.['Centre'], 'constant.language.osu');
    assert.equal(fade?.['F'], 'keyword.control.command.osu');
});

test('a section that nobody knows does not lend its colours to the next one', () => {
    const lines = pieces('osu', '[Mystery]\n1,2,3\n[Difficulty]\nHPDrainRate:5');
    assert.deepEqual(lines[1], {});
    assert.deepEqual(lines[3], { HPDrainRate: 'support.type.property-name.osu', '5': 'constant.numeric.osu' });
});

test('a chart: header, tempo, notes and events', () => {
    const [section, , name, tempo, meter, note, event] = pieces(
        'chart',
        '[Song]\n{\n  Name = "BFG Division"\n  0 = B 154000\n  0 = TS 4 2\n  768 = N 3 192\n  960 = E "section chorus"',
    );
    assert.deepEqual(section, { Song: 'entity.name.type.section.chart' });
    assert.deepEqual(name, { Name: 'support.type.property-name.chart', '"BFG Division"': 'string.quoted.double.chart' });
    assert.equal(tempo?.['154000'], 'constant.numeric.chart');
    assert.equal(meter?.['TS'], 'keyword.control.tempo.chart');
    assert.equal(note?.['3'], 'constant.language.lane.chart');
    assert.equal(note?.['192'], 'constant.numeric.length.chart');
    assert.equal(event?.['section'], 'keyword.other.event.chart');
});

test('song.ini', () => {
    const [section, name, length, comment] = pieces('chart', '[song]\nname = Through the Fire, and = more\nsong_length = 441000\n; note');
    assert.deepEqual(section, { song: 'entity.name.type.section.chart' });
    assert.deepEqual(name, { name: 'support.type.property-name.chart', 'Through the Fire, and = more': 'string.unquoted.chart' });
    assert.equal(length?.['441000'], 'constant.numeric.chart');
    assert.equal(comment?.['; note'], 'comment.line.chart');
});

test('a huge line costs no time', () => {
    const line = `1,2,3,2,0,B${'|256:192'.repeat(3_000)},1,100`;
    const start = performance.now();
    pieces('osu', `[HitObjects]\n${line}`);
    assert.ok(performance.now() - start < 5_000);
});
