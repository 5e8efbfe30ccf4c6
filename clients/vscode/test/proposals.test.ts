import assert from 'node:assert/strict';
import { test } from 'node:test';
import { caused, changed, hasCombos, numberIn, scored, timingPage, type Proposal } from '../src/proposals';

const at = (line: number, from: number, to: number): { start: { line: number; character: number }; end: { line: number; character: number } } => ({
    start: { line, character: from },
    end: { line, character: to },
});

const SCORE = { notes: 40, bits: 5.25, seams: 6, density: 4 };
const PROPOSAL: Proposal = {
    proposal: 7,
    title: 'Regenerate 00:12:000 – 00:20:000',
    candidate: 1,
    edits: [],
    before: SCORE,
    after: { notes: 1, bits: 4.96, seams: 5.5, density: 4 },
    causes: [],
    solved: 2,
};

test('changes are made at their places, in any order and with any line ending', () => {
    const text = 'Tags:夜𝄞\r\n1,2\n3,4\r5,6';
    const changes = [
        { range: at(3, 0, 3), newText: '9,9\n8,8' },
        { range: at(0, 8, 8), newText: ' maimod' },
        { range: { start: { line: 1, character: 0 }, end: { line: 2, character: 0 } }, newText: '' },
    ];
    assert.deepEqual(changed(text, changes), { text: 'Tags:夜𝄞 maimod\r\n3,4\r9,9\n8,8', line: 2 });
    assert.deepEqual(changed(text, []), { text, line: 0 });
});

test('a change behind the last line stands at the end', () => {
    assert.equal(changed('a\n', [{ range: at(1, 0, 0), newText: 'b' }]).text, 'a\nb');
    assert.equal(changed('a', [{ range: at(9, 0, 0), newText: 'b' }]).text, 'ab');
});

test('a candidate is told by its notes and bits, beside what stands there', () => {
    assert.deepEqual(scored(PROPOSAL), { label: '1 note, 5.0 bits a note', description: '5.5 at the seams; now 40 notes, 5.3 bits' });
    const { description } = scored({ ...PROPOSAL, before: { ...SCORE, notes: 0 } });
    assert.match(description, /empty now$/);
    const { before: _, after: __, ...sounds } = PROPOSAL;
    assert.deepEqual(scored({ ...sounds, edits: [{ range: at(0, 0, 0), newText: 'x' }] }), { label: PROPOSAL.title, description: '1 change' });
});

test('what a candidate would cause is one line', () => {
    assert.equal(caused(PROPOSAL), 'solves 2 findings, causes none');
    const cause = { name: 'x', severity: 'warning', message: 'Too near.', timestamp: '00:01:000 (1)' };
    assert.equal(caused({ ...PROPOSAL, solved: 0 }), 'causes no finding');
    assert.equal(caused({ ...PROPOSAL, causes: [cause] }), 'solves 2 findings, causes 1 finding: 00:01:000 (1) – Too near.');
    assert.equal(caused({ ...PROPOSAL, solved: 0, causes: [cause, cause] }), 'causes 2 findings: 00:01:000 (1) – Too near.');
    assert.equal(caused({ ...PROPOSAL, solved: 0, causes: [{ ...cause, timestamp: null }] }), 'causes 1 finding: Too near.');
});

test('only numbers between the bounds are taken', () => {
    assert.equal(numberIn(' 3,5 ', 0.5, 9), 3.5);
    assert.equal(numberIn('3', 1, 16, true), 3);
    for (const typed of ['', 'x', '-1', '1e3', '3.5.1', '0x10', '10', 'NaN', 'Infinity']) {
        assert.equal(numberIn(typed, 0.5, 9), undefined, typed);
    }
    assert.equal(numberIn('3.5', 1, 16, true), undefined);
});

test('new combos are offered where there are any', () => {
    assert.ok(hasCombos('osu', '[General]\nMode: 0\n') && hasCombos('osu', '') && hasCombos('osu', 'Mode:2'));
    assert.ok(!hasCombos('osu', 'a\nMode: 3\r\n') && !hasCombos('osu', 'Mode:1') && !hasCombos('chart', ''));
});

test('the timing is a page on which nothing of a song\'s name counts as Markdown', () => {
    const timing = { uri: '', version: 1, proposals: [], title: '[x](y) <img>', rows: ['from  BPM', '``` 1'], findings: [], notices: ['unsure'] };
    const page = timingPage(timing);
    assert.ok(page.startsWith('### \\[x\\]\\(y\\) \\<img\\>\n\n```\nfrom  BPM\n\'\'\' 1\n```\n\nNothing disagrees'), page);
    const cause = { name: 'x', severity: 'warning', message: '*a*\nb', timestamp: '00:01:000' };
    assert.match(timingPage({ ...timing, findings: [cause] }), /^\* 00:01:000 – \\\*a\\\* b$/m);
});
