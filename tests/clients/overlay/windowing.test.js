import assert from "node:assert/strict";
import { test } from "node:test";
import { revealing, rowAt, seen, steady, topsOf } from "../../../clients/overlay/windowing.js";

const list = (...rows) => ({ ids: rows.map(([id]) => id), tops: topsOf(rows.map(([, height]) => height)) });

test("tops add up and end with the height of all", () => {
  assert.deepEqual([...topsOf([10, 20, 5])], [0, 10, 30, 35]);
});

test("the row at a place, the ends included", () => {
  const tops = topsOf([10, 20, 5]);
  assert.deepEqual([-5, 0, 9.9, 10, 29, 30, 99].map((y) => rowAt(tops, y)), [0, 0, 0, 1, 1, 2, 2]);
  assert.equal(rowAt(topsOf([]), 0), -1);
});

test("only what is seen is made, however long the list", () => {
  const tops = topsOf(Array.from({ length: 3000 }, () => 100));
  assert.deepEqual(seen(tops, 150_000, 800, 300), [1497, 1512]);
  assert.deepEqual(seen(topsOf([]), 0, 800, 300), [0, 0]);
});

test("what is read stays in place when rows come above it", () => {
  assert.equal(steady(list(["a", 100], ["b", 100], ["c", 100]), list(["new", 50], ["a", 100], ["b", 100], ["c", 100]), 130), 180);
});

test("where the row that is read goes, the next one takes its place", () => {
  assert.equal(steady(list(["a", 100], ["b", 100], ["c", 100]), list(["a", 100], ["c", 100]), 130), 30);
});

test("a list at its top stays there, and one that became short is not scrolled beyond its end", () => {
  assert.equal(steady(list(["a", 100]), list(["new", 100], ["a", 100]), 0), 0);
  assert.equal(steady(list(["a", 100], ["b", 900]), list(["z", 40]), 500), 40);
});

test("a row is revealed by the least scrolling", () => {
  const tops = topsOf([100, 100, 100, 100]);
  assert.equal(revealing(tops, 1, 50, 200), 50);
  assert.equal(revealing(tops, 0, 50, 200), 0);
  assert.equal(revealing(tops, 3, 50, 200), 200);
});
