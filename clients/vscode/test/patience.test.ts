import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MOST_STOPS, Patience } from '../src/patience';

test('each stop in a row is waited for longer, until it is left', () => {
    const patience = new Patience();
    const waits = Array.from({ length: MOST_STOPS }, (_, index) => patience.afterStop(index * 1_000));
    assert.deepEqual(waits, [500, 1_500, 4_500, 13_500, undefined]);
});

test('stops that lie hours apart are each the first', () => {
    const patience = new Patience();
    for (let hour = 0; hour < 20; hour++) {
        assert.equal(patience.afterStop(hour * 3_600_000), 500);
    }
});

test('a restart by the user starts the count anew', () => {
    const patience = new Patience();
    for (let stop = 0; stop < MOST_STOPS; stop++) {
        patience.afterStop(stop);
    }
    patience.forget();
    assert.equal(patience.afterStop(10), 500);
});
