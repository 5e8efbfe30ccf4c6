import assert from "node:assert/strict";
import { test } from "node:test";
import { axisTimes, ceilingOf, columnsOf, momentOf } from "../../../clients/overlay/strip_bars.js";

const strip = { start_ms: 0, bin_ms: 100, categories: ["rhythm", "sound"], titles: ["rhythm", "hit sounds"], bits: [[1, 0, 8, 0], [1, 0, 1, 3]], suspicion: [0, 0, 0.5, 0] };

test("where stretches share a column, the most surprising one is shown whole", () => {
  const { columns, highest } = columnsOf(strip, { start_ms: 0, end_ms: 400 }, 2);
  assert.deepEqual(columns.map((row) => [...row]), [[1, 8], [1, 1]]);
  assert.equal(highest, 9);
});

test("a stretch wider than a column fills all of its columns", () => {
  const { columns } = columnsOf(strip, { start_ms: 0, end_ms: 400 }, 8);
  assert.deepEqual([...columns[0]], [1, 1, 0, 0, 8, 8, 0, 0]);
});

test("a strip that starts elsewhere than the song lies where it belongs, and what is outside is cut off", () => {
  const { columns } = columnsOf({ ...strip, start_ms: -100 }, { start_ms: 0, end_ms: 400 }, 4);
  assert.deepEqual([...columns[0]], [0, 8, 0, 0]);
});

test("no strip and a song without length give no columns that stand", () => {
  assert.deepEqual(columnsOf(null, { start_ms: 0, end_ms: 0 }, 3), { columns: [], highest: 0 });
  assert.equal(columnsOf(strip, { start_ms: 5, end_ms: 5 }, 3).highest >= 0, true);
});

test("a moment names what surprised, and has nothing to say outside the strip", () => {
  assert.deepEqual(momentOf(strip, 250), { bits: [{ category: "rhythm", title: "rhythm", bits: 8 }, { category: "sound", title: "hit sounds", bits: 1 }], suspicion: 0.5 });
  assert.equal(momentOf(strip, 401), null);
  assert.equal(momentOf(null, 0), null);
});

test("the axis ends at a round number", () => {
  assert.deepEqual([0, 10, 10.1, 38, 101].map(ceilingOf), [10, 10, 15, 40, 150]);
});

test("times on the axis have room, from a second to hours", () => {
  assert.deepEqual(axisTimes({ start_ms: 1200, end_ms: 3500 }, 1000, 60), [2000, 3000]);
  for (const end_ms of [40_000, 600_000, 36_000_000, 400_000_000]) {
    const times = axisTimes({ start_ms: 0, end_ms }, 1000, 60);
    assert.ok(times.length > 1 && times.length <= 18, `${times.length} of ${end_ms}`);
  }
});
