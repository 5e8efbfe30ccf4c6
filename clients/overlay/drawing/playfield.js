/** osu!: the playfield with the notes around a finding, and under it the editor's timeline. Units: osu!pixels. */

import { colourOf, ghostsOf, gridLines, nearness, nowNear, stretchOf } from "./timing.js";

const MARGIN = 34;
const TIMELINE_GAP = 16;
const TIMELINE_HEIGHT = 84;
const SPINNER_RADIUS = 110;

/** `now`: the moment that is played, with `was` the notes that go and `comes` the numbers of those that come. */
export function playfield(look, { fix = null, was = [], comes = new Set(), now = null } = {}) {
  const ghosts = ghostsOf(look, fix);
  const focus = new Set(look.focus);
  const notes = look.notes.map((note, at) => ({ note, at })).sort((a, b) => b.note.time_ms - a.note.time_ms);
  const width = look.width + 2 * MARGIN;
  const top = look.height + MARGIN + TIMELINE_GAP;
  return {
    box: [-MARGIN, -MARGIN, width, look.height + 2 * MARGIN + (now === null ? TIMELINE_GAP + TIMELINE_HEIGHT : 0)],
    shapes: [
      { tag: "rect", class: "field", x: -MARGIN, y: -MARGIN, width, height: look.height + 2 * MARGIN, rx: 14 },
      { tag: "rect", class: "bounds", x: 0, y: 0, width: look.width, height: look.height, rx: 3 },
      { tag: "path", class: "grid", d: gridOf(look) },
      { tag: "path", class: "follow", d: followOf(look) },
      ...was.map((note) => gone(note, look, now)),
      ...notes.filter(({ at }) => !focus.has(at)).map(({ note, at }) => placed(note, look, comes.has(at) ? "comes" : ghosts.instead.has(at) ? "replaced" : "", now)),
      ...notes.filter(({ at }) => focus.has(at)).map(({ note, at }) => placed(note, look, `focus ${ghosts.removes && ghosts.instead.has(at) ? "removed" : ""}`)),
      ...ghosts.notes.flatMap((note, at) => ghost(note, look, look.notes[[...ghosts.instead][at]])),
      ...(now === null ? timeline(look, focus, ghosts, { x: -MARGIN, y: top, width, height: TIMELINE_HEIGHT }) : []),
    ],
  };
}

function gridOf(look) {
  const columns = [1, 2, 3].map((part) => `M${(look.width * part) / 4} 0V${look.height}`);
  return [...columns, ...[1, 2, 3].map((part) => `M0 ${(look.height * part) / 4}H${look.width}`)].join("");
}

function followOf(look) {
  const placedOnes = look.notes.filter((note) => note.x !== null && note.kind !== "spinner").sort((a, b) => a.time_ms - b.time_ms);
  return placedOnes
    .slice(1)
    .map((note, at) => (note.new_combo ? "" : `M${tailOf(placedOnes[at]).join(" ")}L${note.x} ${note.y}`))
    .join("");
}

function tailOf(note) {
  const path = note.path ?? [];
  return path.length && (note.repeats ?? 1) % 2 ? path[path.length - 1] : [note.x, note.y];
}

function placed(note, look, role, now = null) {
  const shade = role.startsWith("focus") ? 1 : now === null ? nearness(look, note.time_ms) : nowNear(look, note, now);
  return { tag: "g", class: `placed ${role}`, opacity: shade.toFixed(2), children: [...bodyOf(note, look, role), ...approach(note, look, now)] };
}

/** The ring that closes around a note until it is struck. */
function approach(note, look, now) {
  if (now === null || note.x === null || note.kind === "spinner" || note.time_ms <= now) return [];
  const part = (note.time_ms - now) / Math.max(look.end_ms - now, 1);
  return [{ tag: "circle", class: "approach", cx: note.x, cy: note.y, r: round(look.radius * (1 + 1.5 * part)) }];
}

/** A note that stood there. */
function gone(note, look, now) {
  const shapes = [];
  if (note.path?.length > 1) shapes.push({ tag: "path", class: "was-path", d: pathOf(note.path), "stroke-width": look.radius * 0.24 });
  if (note.kind === "spinner") shapes.push({ tag: "circle", class: "was", cx: look.width / 2, cy: look.height / 2, r: SPINNER_RADIUS });
  else if (note.x !== null) shapes.push({ tag: "circle", class: "was", cx: note.x, cy: note.y, r: look.radius * 0.93 });
  return { tag: "g", class: "placed gone", opacity: nowNear(look, note, now).toFixed(2), children: shapes };
}

function bodyOf(note, look, role) {
  const radius = look.radius;
  if (note.kind === "spinner") {
    const [x, y] = [look.width / 2, look.height / 2];
    const rings = [1, 0.62].map((part) => ({ tag: "circle", class: "spinner", cx: x, cy: y, r: SPINNER_RADIUS * part }));
    return [...rings, { tag: "circle", class: "dot", cx: x, cy: y, r: 7 }];
  }
  const shapes = [];
  if (note.path?.length > 1) {
    const d = pathOf(note.path);
    shapes.push({ tag: "path", class: "rim", d, "stroke-width": radius * 2 }, { tag: "path", class: "body", d, "stroke-width": radius * 1.72 });
    const [x, y] = note.path[note.path.length - 1];
    shapes.push({ tag: "circle", class: "tail", cx: x, cy: y, r: radius * 0.8 });
    if (note.repeats > 1) shapes.push(arrow(note.path, radius));
  }
  if (role.startsWith("focus")) shapes.push({ tag: "circle", class: "halo", cx: note.x, cy: note.y, r: radius * 1.42 });
  const fill = role.startsWith("focus") ? null : colourOf(note);
  shapes.push({ tag: "circle", class: "head", cx: note.x, cy: note.y, r: radius * 0.93, paint: fill, "stroke-width": radius * 0.14 });
  if (note.combo !== null && note.combo !== undefined) {
    shapes.push({ tag: "text", class: "combo", x: note.x, y: note.y, dy: "0.36em", "font-size": radius * 1.05, text: String(note.combo) });
  }
  return shapes;
}

function pathOf(points) {
  return points.map(([x, y], at) => `${at ? "L" : "M"}${round(x)} ${round(y)}`).join("");
}

function arrow(path, radius) {
  const [x, y] = path[path.length - 1];
  const [px, py] = path[Math.max(path.length - 3, 0)];
  const angle = Math.atan2(py - y, px - x);
  const [c, s] = [Math.cos(angle) * radius * 0.45, Math.sin(angle) * radius * 0.45];
  return { tag: "path", class: "reverse", d: `M${round(x - s - c / 2)} ${round(y + c - s / 2)}L${round(x + c / 2)} ${round(y + s / 2)}L${round(x + s - c / 2)} ${round(y - c - s / 2)}` };
}

function ghost(note, look, stands) {
  if (note.x === null || note.kind === "spinner") return [];
  const shapes = [];
  const same = stands && stands.x === note.x && stands.y === note.y && JSON.stringify(stands.path) === JSON.stringify(note.path);
  if (same) return [];
  if (note.path?.length > 1) shapes.push({ tag: "path", class: "ghost-path", d: pathOf(note.path), "stroke-width": look.radius * 0.3 });
  shapes.push({ tag: "circle", class: "ghost", cx: note.x, cy: note.y, r: look.radius * 0.93 });
  if (stands && stands.x !== null && Math.hypot(stands.x - note.x, stands.y - note.y) > look.radius) {
    shapes.push({ tag: "line", class: "moved", x1: stands.x, y1: stands.y, x2: note.x, y2: note.y });
  }
  return shapes;
}

/** The editor's timeline: notes as discs on the grid of the beat, what a fix would make of them as rings. */
export function timeline(look, focus, ghosts, { x, y, width, height }) {
  const stretch = stretchOf(look);
  const span = stretch.to - stretch.from;
  const inner = width - 2 * MARGIN;
  const across = (time) => round(x + MARGIN + (inner * (time - stretch.from)) / span);
  const middle = y + height / 2;
  const radius = height * 0.26;
  const inside = (note) => (note.end_ms ?? note.time_ms) >= stretch.from && note.time_ms <= stretch.to;
  const disc = (note, role) => {
    const [start, end] = [across(Math.max(note.time_ms, stretch.from)), across(Math.min(note.end_ms ?? note.time_ms, stretch.to))];
    const fill = role.includes("focus") || role.includes("ghost") ? null : colourOf(note);
    const bar = end > start + 1 ? [{ tag: "rect", class: `${role} span`, x: start, y: middle - radius * 0.62, width: round(end - start), height: radius * 1.24, rx: radius * 0.62, paint: fill }] : [];
    return note.time_ms < stretch.from ? bar : [...bar, { tag: "circle", class: role, cx: start, cy: middle, r: radius, paint: fill }];
  };
  return [
    { tag: "rect", class: "field", x, y, width, height, rx: 14 },
    ...gridLines(look, stretch, (time) => ({ x1: across(time), x2: across(time), y1: y + 8, y2: y + height - 8 })),
    ...look.notes.flatMap((note, at) => (inside(note) && !focus.has(at) ? disc(note, "beat-note") : [])),
    ...look.notes.flatMap((note, at) => (inside(note) && focus.has(at) ? disc(note, "beat-note focus") : [])),
    ...ghosts.notes.flatMap((note) => (inside(note) ? disc(note, "ghost") : [])),
  ];
}

function round(value) {
  return Math.round(value * 10) / 10;
}
