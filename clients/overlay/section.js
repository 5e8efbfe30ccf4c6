/** A section of the song that is to be written anew: where it lies, what is asked for, and what comes of it, as numbers. */

export const LONGEST_MS = 600_000;
export const MOST_CANDIDATES = 8;
const LEAST_MS = 50;
// A note on a line may have been rounded to the ms before it: a section begins and ends this much before its lines.
const ROUNDING_MS = 2;
const SLOWEST_BPM = 30;
const BEATS_AROUND = 4;

/** The parts of a note that can be kept, by what is played. */
const PARTS = {
  osu: ["rhythm", "positions", "hitsounds", "combos"],
  taiko: ["rhythm", "positions"],
  catch: ["rhythm", "positions", "hitsounds", "combos"],
  mania: ["rhythm", "positions", "hitsounds"],
  chart: ["rhythm", "positions", "flags"],
};

/** What is played in the map of this header: a mode of osu!, or "chart". */
export function playedIn(header) {
  if (header?.format === "chart") return "chart";
  return Object.hasOwn(PARTS, header?.mode ?? "") ? header.mode : "osu";
}

export function partsOf(played) {
  return PARTS[played];
}

/** {start, end} in ms between two times in any order, within the song; the last note is part of a section up to the end. */
export function sectionBetween(one, other, song) {
  const [low, high] = [Math.min(one, other), Math.max(one, other)];
  const start = Math.round(Math.max(low, Math.min(song.start_ms, high)));
  const reach = high >= song.end_ms ? Math.max(song.end_ms + 1, start + LEAST_MS) : high;
  return { start, end: Math.round(Math.min(Math.max(reach, start + LEAST_MS), start + LONGEST_MS)) };
}

/** The bars that a time lies in; of a stretch all that it touches. Without lines of the grid a few beats on either side. */
export function barsAround(time, end, song, lines = []) {
  const beat = 60_000 / Math.max(song.bpm?.main ?? 120, SLOWEST_BPM);
  const last = Math.max(end ?? time, time);
  const bars = lines.filter((line) => line.kind === "bar").map((line) => line.time_ms);
  const before = bars.filter((bar) => bar <= time + ROUNDING_MS).pop() ?? time - BEATS_AROUND * beat;
  const after = bars.find((bar) => bar > last + ROUNDING_MS) ?? last + BEATS_AROUND * beat;
  const { start, end: until } = sectionBetween(before - ROUNDING_MS, after - ROUNDING_MS, song);
  return { start, end: until };
}

/** Why a section cannot be asked for, as the key of a text; null where it can. Times are null where they are none. */
export function faultOf({ start, end }) {
  if (start === null || end === null) return "rewrite.no-time";
  if (end <= start) return "rewrite.ends-early";
  return end - start > LONGEST_MS ? "rewrite.too-long" : null;
}

/**
 * The message for the server. `wish` = {what: "notes" | "sounds", keep: Set of parts, combos: only new combos change, add, own: as
 * dense as it was where none are added, else denser, bolder (steps from 0), count, seed, track, lanes, kinds: Sets to which it is
 * confined, none for all, silent: only what has no hit sound, sets, volumes}.
 */
export function messageOf(map, { start, end }, wish, played) {
  const about = { map, start_ms: start, end_ms: end, seed: wish.seed };
  if (wish.what === "sounds") return { type: "hitsounds", ...about, add: wish.silent, sets: wish.sets, volumes: wish.volumes };
  const known = PARTS[played];
  const keep = known.filter((part) => (wish.combos && known.includes("combos") ? part !== "combos" : wish.keep.has(part)));
  const message = { type: "regenerate", ...about, count: wish.count, keep: keep.length < known.length ? keep : [] };
  if (wish.combos && known.includes("combos")) return message;
  if (wish.own && !wish.add) message.density = "own";
  else if (wish.denser) message.density = Math.round(2 ** (wish.denser / 2) * 100) / 100;
  if (wish.bolder) message.temperature = Math.round((1 + wish.bolder * 0.2) * 100) / 100;
  if (wish.add) message.add = true;
  if (wish.track) message.track = wish.track;
  for (const name of ["lanes", "kinds"]) if (wish[name].size) message[name] = [...wish[name]];
  return message;
}

/** The columns or lanes that a part may be confined to, [{lane, name}], of a chart those of that track; and the kinds of notes. */
export function lanesOf(song, track) {
  return (song.tracks ?? []).find((each) => each.name === track)?.lanes ?? song.lanes ?? [];
}

export function kindsOf(song) {
  return song.kinds ?? [];
}

/** The set with or without a name; all that there is to choose from is the same as nothing chosen. */
export function toggled(set, name, known) {
  const chosen = new Set(set);
  if (!chosen.delete(name)) chosen.add(name);
  return known.every((each) => chosen.has(each)) ? new Set() : chosen;
}

/** How two numbers stand to each other as bars: shares of the greater one. */
export function sharesOf(before, after) {
  const most = Math.max(before, after, 1e-6);
  return [Math.max(before, 0) / most, Math.max(after, 0) / most];
}

/** What of a section's `look` is seen at a time: {start_ms, end_ms, stays, was, comes}, the time being `now`. */
export function momentOfSection(look, now, [behind, ahead]) {
  const [from, to] = [now - behind, now + ahead];
  const seen = (notes) => notes.filter((note) => (note.end_ms ?? note.time_ms) >= from && note.time_ms <= to);
  return { start_ms: from, end_ms: to, stays: seen(look.stays), was: seen(look.before), comes: seen(look.after) };
}

/** What a part is called where that is played: places are lanes in some, don and kat in others. */
export function partName(part, played) {
  if (part !== "positions") return part;
  return { taiko: "colours", mania: "lanes", chart: "lanes" }[played] ?? part;
}
