import assert from "node:assert/strict";
import { test } from "node:test";
import { chosen, foremost, inOrder, nearest, rowsOf, tally } from "../../../clients/overlay/choosing.js";

const ALL = { severities: new Set(), categories: new Set(), words: "", dismissed: false, order: "category" };
const finding = (key, more = {}) => ({
  key, severity: "error", category: "timing", message: `message ${key}`, name: "object-unsnapped", code: "T101", timestamp: "", time_ms: null,
  end_ms: null, surprisal: null, dismissed: false, ...more,
});
const keys = (findings) => findings.map((each) => each.key).join(" ");

test("nothing chosen means everything but what was dismissed", () => {
  const findings = [finding("a"), finding("b", { dismissed: true })];
  assert.equal(keys(chosen(findings, ALL)), "a");
  assert.equal(keys(chosen(findings, { ...ALL, dismissed: true })), "a b");
});

test("severities, categories and all words must fit", () => {
  const findings = [finding("a"), finding("b", { severity: "hint" }), finding("c", { category: "compose", timestamp: "00:04:607 (2)" })];
  assert.equal(keys(chosen(findings, { ...ALL, severities: new Set(["hint"]) })), "b");
  assert.equal(keys(chosen(findings, { ...ALL, categories: new Set(["compose"]) })), "c");
  assert.equal(keys(chosen(findings, { ...ALL, words: "MESSAGE 00:04" })), "c");
  assert.equal(keys(chosen(findings, { ...ALL, words: "message nothing" })), "");
});

test("rows are grouped, pins come first and stand only once", () => {
  const findings = [finding("a", { time_ms: 5 }), finding("b", { time_ms: 1 }), finding("s", { category: "surprisal", severity: "hint" })];
  const rows = rowsOf(findings, ALL, new Set(["a"]));
  assert.deepEqual(rows.map((row) => row.id), ["group:pinned", "a", "group:surprisal", "s", "group:timing", "b"]);
  assert.equal(rows[0].count, 1);
  assert.equal(rows[1].pinned, true);
});

test("a folded group keeps its head and its count", () => {
  const rows = rowsOf([finding("a"), finding("b")], ALL, new Set(), new Set(["timing"]));
  assert.deepEqual(rows.map((row) => [row.id, row.count, row.folded]), [["group:timing", 2, true]]);
});

test("by time there are no groups, and what has no time comes first", () => {
  const findings = [finding("late", { time_ms: 9 }), finding("early", { time_ms: -3 }), finding("whole")];
  assert.deepEqual(rowsOf(findings, { ...ALL, order: "time" }).map((row) => row.id), ["whole", "early", "late"]);
});

test("what the model remarks on is ordered by weight, the rarest first", () => {
  const surprise = (key, severity, bits) => finding(key, { category: "surprisal", severity, surprisal: { bits, expected: [] } });
  const rows = rowsOf([surprise("a", "hint", 20), surprise("b", "warning", 9), surprise("c", "hint", 22)], ALL);
  assert.deepEqual(rows.slice(1).map((row) => row.id), ["b", "c", "a"]);
});

test("unknown categories come last and are not lost", () => {
  assert.deepEqual(inOrder(["zebra", "metadata", "surprisal"]), ["surprisal", "metadata", "zebra"]);
});

test("counts leave the dismissed away", () => {
  const counts = tally([finding("a"), finding("b"), finding("c", { dismissed: true })], "severity");
  assert.deepEqual([...counts], [["error", 2]]);
});

test("over a stream the few nearest to the playhead are shown in order of time, else the gravest", () => {
  const findings = [finding("hint", { severity: "hint", time_ms: 1000 }), finding("far", { time_ms: 90_000 }), finding("near", { time_ms: 2000, severity: "warning" }), finding("whole")];
  assert.equal(keys(foremost(findings, 2, 1500)), "hint near");
  assert.equal(keys(foremost([...findings], 2)), "whole far");
});

test("the nearest finding has a time and lies within reach; inside a stretch counts as there", () => {
  const findings = [finding("a", { time_ms: 100, end_ms: 500 }), finding("b", { time_ms: 420 }), finding("c")];
  assert.equal(nearest(findings, 400).key, "a");
  assert.equal(nearest(findings, 520, 50), null);
  assert.equal(nearest(findings, 520, 100).key, "b");
  assert.equal(nearest([finding("c")], 0), null);
});
