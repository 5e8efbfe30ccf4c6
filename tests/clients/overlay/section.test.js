import assert from "node:assert/strict";
import { test } from "node:test";
import { LONGEST_MS, barsAround, faultOf, kindsOf, lanesOf, messageOf, momentOfSection, partName, partsOf, playedIn, sectionBetween, sharesOf, toggled } from "../../../clients/overlay/section.js";

const SONG = { start_ms: 1000, end_ms: 200_000, bpm: { main: 120 } };
const WISH = { what: "notes", keep: new Set(), combos: false, add: false, denser: 0, bolder: 0, count: 3, seed: 4, track: "", lanes: new Set(), kinds: new Set(), silent: false, sets: false, volumes: false };

test("a section lies between two times in any order, within the song, and is never without length", () => {
  assert.deepEqual(sectionBetween(9000.4, 5000.6, SONG), { start: 5001, end: 9000 });
  assert.deepEqual(sectionBetween(-500, 5000, SONG), { start: 1000, end: 5000 });
  assert.deepEqual(sectionBetween(5000, 200_000, SONG), { start: 5000, end: 200_001 }, "the last note is part of it");
  const none = sectionBetween(7000, 7000, SONG);
  assert.ok(none.end > none.start);
  const long = sectionBetween(0, 5_000_000, { ...SONG, end_ms: 5_000_000 });
  assert.equal(long.end - long.start, LONGEST_MS);
});

test("the bars around a finding reach from line to line, and what is rounded to just before them belongs to them", () => {
  const lines = [0, 2000, 4000, 6000].map((time_ms) => ({ time_ms, kind: "bar" }));
  assert.deepEqual(barsAround(2500, null, SONG, lines), { start: 1998, end: 3998 });
  assert.deepEqual(barsAround(3999, null, SONG, lines), { start: 3998, end: 5998 }, "a note 1 ms before a line stands on it");
  assert.deepEqual(barsAround(2500, 4500, SONG, lines), { start: 1998, end: 5998 });
  assert.deepEqual(barsAround(10_000, null, SONG), { start: 7998, end: 11_998 }, "four beats where no lines are known");
  assert.deepEqual(barsAround(10_000, null, { ...SONG, bpm: null }), { start: 7998, end: 11_998 });
});

test("what cannot be asked for is told before it is", () => {
  assert.equal(faultOf({ start: null, end: 5 }), "rewrite.no-time");
  assert.equal(faultOf({ start: 5, end: 5 }), "rewrite.ends-early");
  assert.equal(faultOf({ start: 0, end: LONGEST_MS + 1 }), "rewrite.too-long");
  assert.equal(faultOf({ start: 0, end: LONGEST_MS }), null);
});

test("a wish becomes a message with nothing in it that was not wished for", () => {
  const section = { start: 1000, end: 2000 };
  const about = { map: "m", start_ms: 1000, end_ms: 2000, seed: 4 };
  assert.deepEqual(messageOf("m", section, WISH, "osu"), { type: "regenerate", ...about, count: 3, keep: [] });
  const more = { ...WISH, keep: new Set(["rhythm", "flags"]), add: true, denser: 2, bolder: -2, track: "ExpertSingle" };
  assert.deepEqual(messageOf("m", section, more, "osu"), {
    type: "regenerate", ...about, count: 3, keep: ["rhythm"], density: 2, temperature: 0.6, add: true, track: "ExpertSingle",
  });
  assert.equal(messageOf("m", section, { ...more, add: false, own: true }, "osu").density, "own", "its own density goes before that of the notes around");
  assert.equal(messageOf("m", section, { ...more, own: true }, "osu").density, 2, "what is added to cannot stay as dense as it was");
  assert.deepEqual(messageOf("m", section, { ...more, combos: true }, "osu"), { type: "regenerate", ...about, count: 3, keep: ["rhythm", "positions", "hitsounds"] });
  assert.deepEqual(messageOf("m", section, { ...WISH, combos: true }, "mania").keep, [], "where there are no combos the wish means nothing");
  assert.deepEqual(messageOf("m", section, { ...WISH, keep: new Set(partsOf("taiko")) }, "taiko").keep, [], "to keep everything is to ask for nothing");
  assert.deepEqual(messageOf("m", section, { ...WISH, what: "sounds", sets: true }, "osu"), { type: "hitsounds", ...about, add: false, sets: true, volumes: false });
});

test("a part is confined to lanes and kinds that its map has, and all of them are no bounds", () => {
  const lanes = [0, 1].map((lane) => ({ lane, name: String(lane + 1) }));
  const chart = { tracks: [{ name: "ExpertSingle", lanes }, { name: "ExpertDrums", lanes: [] }], lanes: [] };
  assert.deepEqual(lanesOf(chart, "ExpertSingle"), lanes);
  assert.deepEqual(lanesOf(chart, "ExpertDrums"), []);
  assert.deepEqual(lanesOf({ tracks: [], lanes, kinds: ["note"] }, ""), lanes);
  assert.deepEqual([lanesOf({}, ""), kindsOf({})], [[], []], "of an older server");
  assert.deepEqual([...toggled(new Set(), 1, [0, 1])], [1]);
  assert.deepEqual([...toggled(new Set([1]), 1, [0, 1])], []);
  assert.deepEqual([...toggled(new Set([1]), 0, [0, 1])], []);
  const confined = messageOf("m", { start: 0, end: 9 }, { ...WISH, lanes: new Set([1]), kinds: new Set(["don"]) }, "taiko");
  assert.deepEqual([confined.lanes, confined.kinds], [[1], ["don"]]);
  const sounds = messageOf("m", { start: 0, end: 9 }, { ...WISH, what: "sounds", lanes: new Set([1]) }, "mania");
  assert.ok(!("lanes" in sounds));
});

test("each mode has parts of its own", () => {
  assert.equal(playedIn({ format: "chart", mode: null }), "chart");
  assert.equal(playedIn({ format: "osu", mode: "taiko" }), "taiko");
  assert.equal(playedIn({ format: "osu", mode: "constructor" }), "osu");
  assert.equal(playedIn(null), "osu");
  assert.equal(partName("positions", "taiko"), "colours");
  assert.equal(partName("positions", "chart"), "lanes");
  assert.equal(partName("positions", "osu"), "positions");
});

test("bars of two numbers are shares of the greater one", () => {
  assert.deepEqual(sharesOf(5, 10), [0.5, 1]);
  assert.deepEqual(sharesOf(10, 5), [1, 0.5]);
  assert.deepEqual(sharesOf(0, 0), [0, 0]);
});

test("around a moment what lasts into it is seen", () => {
  const note = (time_ms, end_ms = time_ms) => ({ time_ms, end_ms });
  const look = { stays: [note(0), note(900)], before: [note(500, 1200), note(5000)], after: [note(1000), note(1999), note(2001)] };
  const seen = momentOfSection(look, 1000, [200, 1000]);
  assert.deepEqual([seen.start_ms, seen.end_ms], [800, 2000]);
  assert.deepEqual([seen.stays.length, seen.was.length, seen.comes.length], [1, 1, 2]);
});
