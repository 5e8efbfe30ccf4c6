/** Mania and charts: lanes with time running upwards. Catch: fruits that fall on the plate, drawn alike. */

import { colourOf, ghostsOf, gridLines, nearness, nowNear, stretchOf } from "./timing.js";

const WIDTH = 512;
const HEIGHT = 400;
const LANE = 72;
const PAD = 14;
const THICK = 22;
const THIN = 12;
const MANY_LINES = 24;

/** `now`: the moment that is played, with `was` the notes that go and `comes` the numbers of those that come. */
export function lanes(look, { fix = null, was = [], comes = new Set(), now = null } = {}) {
  const count = Math.max(look.lanes.length, 1);
  const lane = Math.min(LANE, (WIDTH - 2 * PAD) / count);
  const left = (WIDTH - lane * count) / 2;
  const stretch = stretchOf(look);
  const up = heights(stretch);
  const middle = (note) => left + lane * ((note.lane ?? 0) + 0.5);
  const ghosts = ghostsOf(look, fix);
  const focus = new Set(look.focus);
  const thick = look.notes.length > MANY_LINES ? THIN : THICK;
  const shape = (note, role) => struck(note, role, look, { up, stretch, left, lane, count, middle, now, full: thick });
  return {
    box: [0, 0, WIDTH, HEIGHT],
    shapes: [
      { tag: "rect", class: "field", x: 0, y: 0, width: WIDTH, height: HEIGHT, rx: 14 },
      ...look.lanes.map((_, at) => ({ tag: "rect", class: at % 2 ? "lane odd" : "lane", x: left + lane * at, y: 0, width: lane, height: HEIGHT })),
      ...gridLines(look, stretch, (time) => ({ x1: left, x2: left + lane * count, y1: up(time), y2: up(time) })),
      ...was.flatMap((note) => shape(note, "was")),
      ...look.notes.flatMap((note, at) => (focus.has(at) ? [] : shape(note, comes.has(at) ? "comes" : ghosts.instead.has(at) ? "replaced" : ""))),
      ...(now === null ? [] : [{ tag: "line", class: "now", x1: left, x2: left + lane * count, y1: up(now), y2: up(now) }]),
      ...look.notes.flatMap((note, at) => (focus.has(at) ? shape(note, `focus ${ghosts.removes && ghosts.instead.has(at) ? "removed" : ""}`) : [])),
      ...ghosts.notes.flatMap((note) => shape(note, "ghost")),
    ],
  };
}

function heights({ from, to }) {
  return (time) => Math.round((HEIGHT - THICK - ((HEIGHT - 2 * THICK) * (time - from)) / (to - from)) * 10) / 10;
}

function struck(note, role, look, { up, stretch, left, lane, count, middle, now, full }) {
  if ((note.end_ms ?? note.time_ms) < stretch.from || note.time_ms > stretch.to) return [];
  const focused = role.startsWith("focus");
  const ghost = role === "ghost" || role === "was";
  const across = note.lane === -1 || note.kind === "open" || note.kind === "kick";
  const width = across ? lane * count - 6 : lane - 8;
  const x = across ? left + 3 : middle(note) - width / 2;
  const fill = ghost ? null : (colourOf(note) ?? (across ? null : colourOf(look.lanes[note.lane] ?? {})));
  const shapes = [];
  const bottom = up(Math.max(note.time_ms, stretch.from - 1e3));
  if (note.end_ms !== null && note.end_ms > note.time_ms) {
    const top = up(Math.min(note.end_ms, stretch.to));
    const [tail, inset] = across ? [width, 0] : [width * 0.5, width * 0.25];
    shapes.push({ tag: "rect", class: role === "was" ? "was" : "sustain", x: x + inset, y: top, width: tail, height: Math.max(Math.min(bottom, HEIGHT) - top, 1), rx: 4, paint: fill });
  }
  if (note.time_ms >= stretch.from) {
    const thick = across ? full * 0.5 : full;
    const round = note.flags?.includes("cymbal") ? width / 2 : 6;
    if (focused) shapes.push({ tag: "rect", class: "halo", x: x - 7, y: bottom - thick / 2 - 7, width: width + 14, height: thick + 14, rx: 10 });
    shapes.push({ tag: "rect", class: ghost ? role : "struck", x, y: bottom - thick / 2, width, height: thick, rx: Math.min(round, thick / 2), paint: fill });
    if (note.flags?.includes("hopo") || note.flags?.includes("tap")) {
      shapes.push({ tag: "rect", class: note.flags.includes("tap") ? "tap" : "hopo", x: x + width * 0.3, y: bottom - thick * 0.22, width: width * 0.4, height: thick * 0.44, rx: 3 });
    }
  }
  const shade = now !== null ? nowNear(look, note, now, 0.4) : focused || ghost ? 1 : nearness(look, note.time_ms, 0.45);
  return [{ tag: "g", class: `placed ${role === "was" ? "gone" : role}`, opacity: shade.toFixed(2), children: shapes }];
}

/** As `lanes`. */
export function fruits(look, { fix = null, was = [], comes = new Set(), now = null } = {}) {
  const stretch = { from: look.start_ms, to: Math.max(look.end_ms, look.start_ms + 1) };
  const up = heights(stretch);
  const ghosts = ghostsOf(look, fix);
  const focus = new Set(look.focus);
  const radius = Math.min(look.radius ?? 32, 40) * 0.62;
  const shape = (note, role) => fallen(note, role, look, { up, now, radius: radius * (note.kind === "banana" ? 0.8 : 1) });
  const plated = look.notes.filter((note) => note.x !== null).sort((a, b) => a.time_ms - b.time_ms);
  const follow = plated.map((note, at) => `${at ? "L" : "M"}${note.x} ${up(note.time_ms)}`).join("");
  return {
    box: [0, 0, WIDTH, HEIGHT],
    shapes: [
      { tag: "rect", class: "field", x: 0, y: 0, width: WIDTH, height: HEIGHT, rx: 14 },
      ...gridLines(look, stretch, (time) => ({ x1: 0, x2: WIDTH, y1: up(time), y2: up(time) })),
      { tag: "path", class: "follow", d: follow },
      ...was.flatMap((note) => shape(note, "was")),
      ...look.notes.flatMap((note, at) => (focus.has(at) ? [] : shape(note, comes.has(at) ? "comes" : ghosts.instead.has(at) ? "replaced" : ""))),
      ...(now === null ? [] : [{ tag: "line", class: "now", x1: 0, x2: WIDTH, y1: up(now), y2: up(now) }]),
      ...look.notes.flatMap((note, at) => (focus.has(at) ? shape(note, "focus") : [])),
      ...ghosts.notes.flatMap((note) => shape(note, "ghost")),
    ],
  };
}

function fallen(note, role, look, { up, now, radius }) {
  if (note.x === null) {
    if (note.end_ms === null) return [];
    return [{ tag: "rect", class: "rain", x: 8, y: up(note.end_ms), width: WIDTH - 16, height: Math.max(up(note.time_ms) - up(note.end_ms), 2), rx: 8 }];
  }
  const focused = role.startsWith("focus");
  const ghost = role === "ghost" || role === "was";
  const fill = ghost || focused ? null : colourOf(note);
  const shapes = [];
  if (note.path?.length > 1) shapes.push({ tag: "path", class: role === "was" ? "was-path" : "stream", d: streamOf(note, up), "stroke-width": radius * 0.5 });
  if (focused) shapes.push({ tag: "circle", class: "halo", cx: note.x, cy: up(note.time_ms), r: radius * 1.6 });
  shapes.push({ tag: "circle", class: ghost ? role : "head", cx: note.x, cy: up(note.time_ms), r: radius, "stroke-width": 4, paint: fill });
  const shade = now !== null ? nowNear(look, note, now, 0.4) : focused || ghost ? 1 : nearness(look, note.time_ms, 0.45);
  return [{ tag: "g", class: `placed ${role === "was" ? "gone" : role}`, opacity: shade.toFixed(2), children: shapes }];
}

function streamOf(note, up) {
  const once = (note.end_ms - note.time_ms) / Math.max(note.repeats ?? 1, 1);
  const points = [];
  for (let span = 0; span < Math.min(note.repeats ?? 1, 8); span++) {
    const path = span % 2 ? [...note.path].reverse() : note.path;
    path.forEach(([x], at) => points.push([x, up(note.time_ms + once * (span + at / (path.length - 1)))]));
  }
  return points.map(([x, y], at) => `${at ? "L" : "M"}${Math.round(x * 10) / 10} ${y}`).join("");
}
