import assert from "node:assert/strict";
import { test } from "node:test";
import { Board } from "../../../clients/overlay/board.js";

const header = (id, more = {}) => ({ id, title: "T", counts: {}, state: "ready", ...more });
const map = (revision, keys, id = "m") => ({
  type: "map", map: id, revision, header: header(id), model: { state: "ready" }, song: { start_ms: 0, end_ms: 1 }, strip: null,
  findings: keys.map((key) => ({ key, message: key })),
});

function shown(...messages) {
  const board = new Board();
  const news = messages.map((message) => board.hear(message));
  return { board, news: news[news.length - 1] };
}

test("a map is shown whole, then changes by what changed", () => {
  const change = { type: "map-changed", map: "m", from: 1, revision: 4, header: header("m", { title: "New" }), findings: { added: [{ key: "c", message: "c" }], changed: [{ key: "b", message: "other" }], removed: ["a"] } };
  const { board, news } = shown({ type: "maps", maps: [header("m")] }, map(1, ["a", "b"]), change);
  assert.deepEqual(board.findings.map((each) => each.message), ["other", "c"]);
  assert.equal(board.entry.title, "New");
  assert.deepEqual([...news.parts], ["header", "findings"]);
  assert.deepEqual([news.added, news.changed, news.removed], [["c"], ["b"], ["a"]]);
});

test("which maps there are is unknown until the server has said it, though it may be none", () => {
  assert.equal(shown({ type: "welcome" }).board.listed, false);
  assert.equal(shown({ type: "welcome" }, { type: "maps", maps: [] }).board.listed, true);
});

test("a change that starts from another revision makes the map stale and is not taken", () => {
  const { board, news } = shown(map(1, ["a"]), { type: "map-changed", map: "m", from: 2, revision: 3, findings: { added: [], changed: [], removed: ["a"] } });
  assert.equal(news.stale, true);
  assert.equal(board.findings.length, 1);
});

test("an older change and one of another map are left alone", () => {
  for (const message of [{ map: "m", from: 0, revision: 5 }, { map: "other", from: 5, revision: 6 }]) {
    const { news } = shown(map(5, ["a"]), { type: "map-changed", ...message, findings: { added: [], changed: [], removed: ["a"] } });
    assert.equal(news.parts.size, 0);
    assert.equal(news.stale, false);
  }
});

test("the same map sent anew, as after a restart, says what came and went", () => {
  const { news } = shown(map(9, ["a", "b"]), map(1, ["b", "c"]));
  assert.deepEqual([news.added, news.removed, news.parts.has("map")], [["c"], ["a"], false]);
});

test("a map that is removed is no longer shown, and the list forgets it", () => {
  const { board } = shown({ type: "maps", maps: [header("m"), header("n")] }, map(1, ["a"]), { type: "map-removed", map: "m" }, { type: "maps-changed", changed: [], removed: ["m"] });
  assert.equal(board.map, null);
  assert.deepEqual([...board.maps.keys()], ["n"]);
});

test("the playhead of another map, and messages that nobody knows, change nothing", () => {
  const { board, news } = shown(map(1, []), { type: "playhead", map: "other", time_ms: 5 });
  assert.equal(board.playhead, null);
  assert.equal(news.parts.size, 0);
  assert.equal(board.hear({ type: "constructor" }).parts.size, 0);
  assert.equal(board.hear({ type: "toString" }).parts.size, 0);
});
