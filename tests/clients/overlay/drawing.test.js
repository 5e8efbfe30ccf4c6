import assert from "node:assert/strict";
import { test } from "node:test";
import { sceneOf } from "../../../clients/overlay/drawing/picture.js";
import { sectionScene } from "../../../clients/overlay/drawing/section.js";
import { stretchOf } from "../../../clients/overlay/drawing/timing.js";

const note = (time_ms, more = {}) => ({ time_ms, end_ms: time_ms, kind: "circle", x: 100, y: 100, path: null, repeats: 1, lane: null, combo: 1, colour: "#ffaa00", new_combo: false, big: false, flags: [], ...more });
const look = (shape, notes, more = {}) => ({
  shape, start_ms: 0, end_ms: 2000, time_ms: 1000, width: 512, height: 384, radius: 32, lanes: [], lines: [{ time_ms: 800, kind: "bar" }, { time_ms: 9000, kind: "beat" }],
  focus: [1], notes, actual: [], expected: [], ...more,
});
const all = (shapes) => shapes.flatMap((each) => [each, ...all(each.children ?? [])]);
const classed = (scene, name) => all(scene.shapes).filter((each) => each.class?.split(" ").includes(name));

const LOOKS = {
  playfield: look("playfield", [note(500), note(1000, { kind: "slider", end_ms: 1400, path: [[100, 100], [200, 150], [300, 100]], repeats: 2 }), note(1700, { kind: "spinner", end_ms: 2400, x: null, y: null, combo: null })]),
  fruits: look("fruits", [note(500, { kind: "fruit" }), note(1000, { kind: "juice", end_ms: 1400, path: [[100, 0], [300, 0]] }), note(1500, { kind: "banana", end_ms: 1900, x: null, y: null })]),
  lanes: look("lanes", [note(500, { kind: "note", lane: 0 }), note(1000, { kind: "note", lane: 2, end_ms: 1600, flags: ["hopo"] }), note(1200, { kind: "open", lane: -1 })], { lanes: [{ name: "green", colour: "#3fa34d" }, { name: "red", colour: "#ff0000" }, { name: "yellow", colour: "#ffff00" }] }),
  drums: look("drums", [note(500, { kind: "don", lane: 0 }), note(1000, { kind: "kat", lane: 0, big: true }), note(1300, { kind: "drumroll", end_ms: 1900, lane: 0 })], { lanes: [{ name: "drum", colour: "#777777" }] }),
};

for (const [shape, drawn] of Object.entries(LOOKS)) {
  test(`${shape}: every note is drawn in finite numbers, the finding's one marked`, () => {
    const scene = sceneOf(drawn);
    assert.equal(classed(scene, "placed").length, drawn.notes.length - (shape === "fruits" ? 1 : 0));
    assert.equal(classed(scene, "placed").filter((each) => each.class.includes("focus")).length, 1);
    assert.equal(classed(scene, "halo").length, 1);
    assert.equal(classed(scene, "tick-bar").length, 1);
    assert.equal(classed(scene, "tick-beat").length, 0, "lines outside the stretch are left away");
    for (const each of all(scene.shapes)) {
      for (const [name, value] of Object.entries(each)) {
        if (typeof value === "number") assert.ok(Number.isFinite(value), `${each.tag} ${name} is ${value}`);
        if (name === "d") assert.doesNotMatch(value, /NaN|undefined|null|Infinity/);
        if (name === "width" || name === "height" || name === "r") assert.ok(value >= 0, `${each.tag} ${name} is ${value}`);
      }
    }
  });

  test(`${shape}: what a fix would make is drawn beside what stands`, () => {
    const moved = { ...drawn.notes[1], x: drawn.notes[1].x + 90, time_ms: 1150, end_ms: drawn.notes[1].end_ms + 150 };
    const scene = sceneOf({ ...drawn, expected: [{ fix: 0, title: "", probability: 0.9, notes: [moved], instead_of: [1] }] });
    assert.ok(classed(scene, "ghost").length > 0);
  });
}

test("a note that a fix takes away is marked so", () => {
  for (const shape of ["playfield", "lanes", "drums"]) {
    const scene = sceneOf({ ...LOOKS[shape], expected: [{ fix: 0, title: "", probability: null, notes: [], instead_of: [1] }] });
    assert.equal(classed(scene, "removed").length, 1, shape);
  }
});

test("a shift of a few ms is shown so near that it can be seen", () => {
  const shifted = { ...LOOKS.playfield, expected: [{ fix: 0, notes: [{ ...LOOKS.playfield.notes[1], time_ms: 993 }], instead_of: [1] }] };
  const { from, to } = stretchOf(shifted);
  assert.ok(to - from < 400, `${to - from} ms`);
  assert.deepEqual(stretchOf(LOOKS.playfield), { from: 0, to: 2000 });
});

test("nothing to draw is no picture", () => {
  assert.equal(sceneOf(null), null);
  assert.equal(sceneOf(look("none", [])), null);
  assert.equal(sceneOf(look("playfield", [])), null);
  assert.equal(sceneOf(look("constructor", [note(1)])), null);
});

test("a colour is only taken where it is one", () => {
  const scene = sceneOf(look("playfield", [note(900, { colour: "url(http://evil)" }), note(1000)]));
  assert.ok(all(scene.shapes).every((each) => !String(each.paint ?? "").includes("url")));
});

for (const [shape, drawn] of Object.entries(LOOKS)) {
  const [stays, was, comes] = drawn.notes;
  const section = { ...drawn, preempt_ms: 600, until_ms: 2000, stays: [stays], before: [was, { ...was, time_ms: 90_000, end_ms: 90_000 }], after: [comes] };

  test(`${shape}: of a section what goes, what comes and what stays is drawn in finite numbers, at every moment`, () => {
    for (const now of [0, 1000, 1250, 2000]) {
      const scene = sectionScene(section, now, { before: "now", after: "then" });
      for (const each of all(scene.shapes)) {
        for (const [name, value] of Object.entries(each)) {
          if (typeof value === "number") assert.ok(Number.isFinite(value), `${each.tag} ${name} is ${value}`);
          if (name === "d") assert.doesNotMatch(value, /NaN|undefined|null|Infinity/);
          if (name === "width" || name === "height" || name === "r") assert.ok(value >= 0, `${each.tag} ${name} is ${value}`);
        }
      }
    }
    const scene = sectionScene(section, 1100, { before: "now", after: "then" });
    assert.equal(classed(scene, "gone").length, 1, "what is far away is not drawn");
    assert.ok(classed(scene, "beat-note").filter((each) => each.class.includes("comes")).length >= 1);
    assert.ok(classed(scene, "now").length >= 1);
    assert.deepEqual(classed(scene, "row-name").map((each) => each.text), ["now", "then"]);
  });
}

test("a section without a note is drawn empty, one without a shape not at all", () => {
  const empty = { ...LOOKS.playfield, preempt_ms: 600, until_ms: 2000, stays: [], before: [], after: [] };
  assert.equal(classed(sectionScene(empty, 500, { before: "", after: "" }), "beat-note").length, 0);
  assert.equal(sectionScene({ ...empty, shape: "none" }, 0, {}), null);
  assert.equal(sectionScene(null, 0, {}), null);
});
