/** Taiko: one row of drum notes that runs to the left, as the game shows it. */

import { ghostsOf, gridLines, nearness, nowNear, stretchOf } from "./timing.js";

const WIDTH = 640;
const HEIGHT = 200;
const RADIUS = 30;
const BIG = 1.45;
const PAD = 46;
// Where notes that go stand, and how small.
const [ABOVE, SMALL] = [22, 0.5];

/** `now`: the moment that is played, with `was` the notes that go (small, above) and `comes` the numbers of those that come. */
export function drums(look, { fix = null, was = [], comes = new Set(), now = null } = {}) {
  const stretch = stretchOf(look);
  const across = (time) => Math.round((PAD + ((WIDTH - 2 * PAD) * (time - stretch.from)) / (stretch.to - stretch.from)) * 10) / 10;
  const ghosts = ghostsOf(look, fix);
  const focus = new Set(look.focus);
  const later = (a, b) => b.note.time_ms - a.note.time_ms;
  const notes = look.notes.map((note, at) => ({ note, at })).filter(({ note }) => (note.end_ms ?? note.time_ms) >= stretch.from && note.time_ms <= stretch.to).sort(later);
  const shape = (note, role) => hit(note, role, look, { across, stretch, now });
  return {
    box: [0, 0, WIDTH, HEIGHT],
    shapes: [
      { tag: "rect", class: "field", x: 0, y: 0, width: WIDTH, height: HEIGHT, rx: 14 },
      { tag: "rect", class: "lane odd", x: 0, y: HEIGHT / 2 - 56, width: WIDTH, height: 112 },
      ...gridLines(look, stretch, (time) => ({ x1: across(time), x2: across(time), y1: HEIGHT / 2 - 56, y2: HEIGHT / 2 + 56 })),
      ...was.map((note) => shape(note, "was")),
      ...notes.filter(({ at }) => !focus.has(at)).map(({ note, at }) => shape(note, comes.has(at) ? "comes" : ghosts.instead.has(at) ? "replaced" : "")),
      ...(now === null ? [] : [{ tag: "line", class: "now", x1: across(now), x2: across(now), y1: 4, y2: HEIGHT - 4 }]),
      ...notes.filter(({ at }) => focus.has(at)).map(({ note, at }) => shape(note, `focus ${ghosts.removes && ghosts.instead.has(at) ? "removed" : ""}`)),
      ...ghosts.notes.map((note) => shape(note, "ghost")),
    ],
  };
}

function hit(note, role, look, { across, stretch, now }) {
  const was = role === "was";
  const radius = RADIUS * (note.big ? BIG : 1) * (was ? SMALL : 1);
  const x = across(Math.max(note.time_ms, stretch.from));
  const y = was ? ABOVE : HEIGHT / 2;
  const ghost = role === "ghost";
  const shapes = [];
  if (note.end_ms !== null && note.end_ms > note.time_ms) {
    const end = across(Math.min(note.end_ms, stretch.to));
    shapes.push({ tag: "rect", class: ghost ? "ghost" : `roll ${note.kind}`, x: x - radius, y: y - radius, width: end - x + 2 * radius, height: 2 * radius, rx: radius });
  }
  if (role.startsWith("focus")) shapes.push({ tag: "circle", class: "halo", cx: x, cy: y, r: radius * 1.4 });
  shapes.push({ tag: "circle", class: ghost ? "ghost" : `drum ${note.kind}`, cx: x, cy: y, r: radius, "stroke-width": radius * 0.16 });
  const shade = now !== null ? nowNear(look, note, now, 0.35) : role.startsWith("focus") || ghost ? 1 : nearness(look, note.time_ms, 0.5);
  return { tag: "g", class: `placed ${was ? "gone" : role}`, opacity: shade.toFixed(2), children: shapes };
}
