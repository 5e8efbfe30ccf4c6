import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forPanel } from '../src/overlay_address';
import { previewPage, waitingPage } from '../src/preview_page';

const TOKEN = '0123456789abcdef0123456789abcdef';

test('the panel asks for its own mode, theme and map in the fragment and leaves the rest alone', () => {
    const first = new URL(forPanel(`http://127.0.0.1:24061/?token=${TOKEN}`, true, '9f1c0a6be2d4'));
    assert.equal(first.searchParams.get('token'), TOKEN);
    assert.equal(first.hash, '#mode=preview&theme=dark&map=9f1c0a6be2d4');
    const second = new URL(forPanel(`http://127.0.0.1:24061/#token=${TOKEN}`, false, undefined));
    assert.equal(second.hash, `#token=${TOKEN}&mode=preview&theme=light`);
});

test('another map or theme is another fragment of the same page', () => {
    const [first, second] = [forPanel('http://127.0.0.1:1/?token=a', true, 'x'), forPanel('http://127.0.0.1:1/?token=a', false, 'y')];
    assert.equal(first.split('#')[0], second.split('#')[0]);
});

test('the page around the overlay lets in one origin and no script but its own', () => {
    const page = previewPage('http://127.0.0.1:24061', 'secret');
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1];
    assert.equal(
        policy,
        "default-src 'none'; frame-src http://127.0.0.1:24061; script-src 'nonce-secret'; style-src 'nonce-secret'",
    );
    assert.equal(page.match(/<script/g)?.length, page.match(/<script nonce="secret">/g)?.length);
});

test('a sentence with markup in it stays a sentence', () => {
    const page = waitingPage('<img src=x onerror="alert(1)"> & more', 'secret');
    assert.match(page, /&lt;img src=x onerror=&quot;alert\(1\)&quot;&gt; &amp; more/);
    assert.doesNotMatch(page, /<img/);
});
