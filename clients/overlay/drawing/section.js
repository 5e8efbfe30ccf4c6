/**
 * A section before and after it is written anew: around one moment as it is played, what goes faint and dashed, what comes bright;
 * below it the whole section in two rows.
 */

import { momentOfSection } from "../section.js";
import { drums } from "./drums.js";
import { fruits, lanes } from "./lanes.js";
import { playfield } from "./playfield.js";
import { colourOf, gridLines } from "./timing.js";

// ms that are seen behind the moment and ahead of it.
const REACH = { playfield: [350, 900], fruits: [250, 1150], lanes: [250, 1150], drums: [400, 1600] };
const SCENES = { playfield, fruits, lanes, drums };
const AROUND_MS = 700;
const GAP = 16;
const HEIGHT = 148;
const BAND = 54;
// Between the names of hit sounds.
const LETTERS = 20;
const LABELS = 66;
const PAD = 14;
const [LEAST_RADIUS, MOST_RADIUS] = [3, 17];
// px between lines of the grid, at least.
const APART = 9;

/** {box, shapes} at `now` ms; null where there is nothing to draw. `words` = {before, after} name the rows. */
export function sectionScene(look, now, words) {
  if (!Object.hasOwn(SCENES, look?.shape ?? "")) return null;
  const { start_ms, end_ms, stays, was, comes } = momentOfSection(look, now, reachOf(look));
  const notes = [...stays, ...comes];
  const around = { ...look, start_ms, end_ms, time_ms: now, notes, focus: [], expected: [], actual: [] };
  const scene = SCENES[look.shape](around, { was, comes: new Set(comes.map((_, at) => stays.length + at)), now });
  const [x, y, width, height] = scene.box;
  const bottom = y + height + GAP;
  return { box: [x, y, width, height + GAP + HEIGHT], shapes: [...scene.shapes, ...course(look, now, words, { x, y: bottom, width })] };
}

function reachOf(look) {
  const [behind, ahead] = REACH[look.shape];
  return [behind, look.shape === "playfield" ? Math.max(look.preempt_ms ?? 0, ahead) : ahead];
}

function course(look, now, words, { x, y, width }) {
  const stretch = { from: Math.min(look.start_ms, look.until_ms) - AROUND_MS, to: look.until_ms + AROUND_MS };
  const left = x + LABELS;
  const inner = width - LABELS - PAD;
  const across = (time) => round(left + (inner * (Math.min(Math.max(time, stretch.from), stretch.to) - stretch.from)) / (stretch.to - stretch.from));
  const rows = { before: y + HEIGHT * 0.29, after: y + HEIGHT * 0.71 };
  const radius = radiusOf(look, inner / (stretch.to - stretch.from));
  const inside = (note) => (note.end_ms ?? note.time_ms) >= stretch.from && note.time_ms <= stretch.to;
  const [offset, small] = spread(look, radius);
  const row = (notes, place, role) => notes.filter(inside).flatMap((note) => disc(note, role, across, rows[place] + offset(note), small));
  const name = (place) => ({ tag: "text", class: `row-name row-${place}`, x: x + PAD, y: rows[place], dy: "0.35em", "font-size": 17, text: words[place] });
  return [
    { tag: "rect", class: "field", x, y, width, height: HEIGHT, rx: 14 },
    { tag: "rect", class: "within", x: across(look.start_ms), y: y + 4, width: Math.max(across(look.until_ms) - across(look.start_ms), 1), height: HEIGHT - 8, rx: 4 },
    ...gridLines({ lines: sparse(look.lines, inner / (stretch.to - stretch.from)) }, stretch, (time) => ({ x1: across(time), x2: across(time), y1: y + 8, y2: y + HEIGHT - 8 })),
    name("before"),
    name("after"),
    ...row(look.stays, "before", "beat-note stays"),
    ...row(look.before, "before", small < 6 ? "beat-note was small" : "beat-note was"),
    ...row(look.stays, "after", "beat-note stays"),
    ...row(look.after, "after", "beat-note comes"),
    ...(look.shape === "playfield" || look.shape === "fruits" ? sounds(look.after.filter(inside), across, rows.after + radius + 12) : []),
    { tag: "line", class: "now", x1: across(now), x2: across(now), y1: y + 2, y2: y + HEIGHT - 2 },
  ];
}

/** Lines so few that they can be told apart: beats, or bars alone. */
function sparse(lines = [], scale) {
  const kinds = [["bar", "beat"], ["bar"]];
  for (const kept of kinds) {
    const left = lines.filter((line) => kept.includes(line.kind));
    const span = left.length > 1 ? left[left.length - 1].time_ms - left[0].time_ms : 0;
    if (!span || (span * scale) / (left.length - 1) >= APART) return left;
  }
  return [];
}

function radiusOf(look, scale) {
  const usual = Math.min(...[look.after, look.before].map((notes) => usualGap([...notes, ...look.stays]) * scale));
  return Math.min(Math.max(usual * 0.46, LEAST_RADIUS), MOST_RADIUS);
}

/** How far above or below the middle of its row a note stands, which lanes tell apart, and how large it is then. */
function spread(look, radius) {
  const count = look.lanes.length;
  if (look.shape !== "lanes" || count < 2) return [() => 0, radius];
  const step = BAND / count;
  return [(note) => ((note.lane >= 0 ? note.lane : (count - 1) / 2) - (count - 1) / 2) * step, Math.max(Math.min(radius, step * 0.5), LEAST_RADIUS * 0.8)];
}

/** A gap in ms between moments with notes that few are shorter than. */
function usualGap(notes) {
  const times = [...new Set(notes.map((note) => Math.round(note.time_ms)))].sort((a, b) => a - b);
  const gaps = times.slice(1).map((time, at) => time - times[at]).sort((a, b) => a - b);
  return gaps[Math.floor(gaps.length * 0.25)] ?? Infinity;
}

function disc(note, role, across, y, radius) {
  const [start, end] = [across(note.time_ms), across(note.end_ms ?? note.time_ms)];
  const fill = role.includes("comes") ? colourOf(note) : null;
  const bar = end > start + 1 ? [{ tag: "rect", class: `${role} span`, x: start, y: y - radius * 0.6, width: round(end - start), height: radius * 1.2, rx: radius * 0.6, paint: fill }] : [];
  return [...bar, { tag: "circle", class: role, cx: start, cy: y, r: round(radius * (note.new_combo ? 1.15 : 1)), paint: fill }];
}

/** The first letters of hit sounds below their notes, where there is room for them. */
function sounds(notes, across, y) {
  const letters = { whistle: "W", finish: "F", clap: "C" };
  let last = -Infinity;
  return notes.flatMap((note) => {
    const said = (note.flags ?? []).map((flag) => letters[flag] ?? "").join("");
    const x = across(note.time_ms);
    if (!said || x - last < LETTERS) return [];
    last = x;
    return [{ tag: "text", class: "sound", x, y, "font-size": 13, text: said }];
  });
}

function round(value) {
  return Math.round(value * 10) / 10;
}
