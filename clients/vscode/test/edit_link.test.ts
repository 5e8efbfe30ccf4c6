import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isEditLink } from '../src/edit_link';

test('links to a moment, with and without objects, encoded or not', () => {
    for (const link of [
        'osu://edit/00:14:142',
        'osu://edit/00:14:142 (1,2)',
        'osu://edit/00:14:142%20(1,2)',
        'osu://edit/120:14:142 (5920|3,6623|3)',
    ]) {
        assert.ok(isEditLink(link), link);
    }
});

test('nothing else is opened', () => {
    for (const link of [
        '',
        'osu://edit/',
        'osu://b/123',
        'osu://dl/123',
        'https://osu.ppy.sh',
        'javascript:alert(1)',
        'file:///etc/passwd',
        'osu://edit/00:14:142 (1,2)\n--devserver=evil',
        'osu://edit/00:14:142" --devserver evil',
        'osu://edit/00:14:142%20(1,2)%22%20evil',
        'osu://edit/00:14:142 (%)',
        'osu://edit/00:75:142',
    ]) {
        assert.ok(!isEditLink(link), link);
    }
});
