/** One map in the list of all maps, and the heads of mapsets. */

import { assign, element, keyed, write } from "../elements.js";
import { SEVERITIES } from "../choosing.js";
import { text } from "../strings.js";
import { icon, modeIcon } from "./icons.js";
import { starColour } from "./stars.js";

/** The rows of all maps that hold the words, a head before each set; the set changed last comes first. */
export function mapRows(maps, words) {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const sets = new Map();
  for (const map of maps) {
    const searched = `${map.title} ${map.artist} ${map.creator} ${map.difficulty ?? ""} ${map.path}`.toLowerCase();
    if (!wanted.every((word) => searched.includes(word))) continue;
    if (!sets.has(map.set)) sets.set(map.set, []);
    sets.get(map.set).push(map);
  }
  const latest = (members) => Math.max(...members.map((each) => (each.editing ? Infinity : (each.changed_ms ?? 0))));
  return [...sets.entries()]
    .sort(([, a], [, b]) => latest(b) - latest(a))
    .flatMap(([set, members]) => [
      { id: `set:${set}`, set: members[0] },
      ...members.sort((a, b) => (a.stars ?? 99) - (b.stars ?? 99) || (a.path < b.path ? -1 : 1)).map((map) => ({ id: map.id, map })),
    ]);
}

export function mapRowKind(host, heights) {
  return {
    heightOf: (row) => (row.map ? heights().map : heights().set),
    make: (row) => (row.map ? makeMap(host) : element("div", { class: "row row-set" }, element("h2", { class: "primary", tabindex: "-1" }, element("bdi"), element("bdi", { class: "artist" })))),
    update: (made, row) => (row.map ? updateMap(made, row.map) : updateSet(made, row.set)),
  };
}

function updateSet(made, map) {
  const [title, artist] = made.querySelectorAll("bdi");
  write(title, map.title || map.path);
  write(artist, map.artist);
  assign(made, "title", map.path);
}

function makeMap(host) {
  const press = element("button", { class: "map primary", type: "button", on: { click: () => host.choose(press.map) } });
  const parts = {
    mode: element("span", { class: "mode" }),
    stars: element("span", { class: "stars" }),
    name: element("bdi", { class: "difficulty" }),
    state: element("span", { class: "state" }),
    counts: element("span", { class: "counts" }),
  };
  press.append(parts.mode, parts.stars, parts.name, parts.state, parts.counts);
  const made = element("div", { class: "row row-map" }, press);
  return Object.assign(made, { press, parts, shown: {} });
}

function updateMap(made, map) {
  const { parts } = made;
  made.press.map = map;
  const glyph = `${map.mode} ${map.format}`;
  if (made.shown.glyph !== glyph) parts.mode.replaceChildren(modeIcon(map.mode, map.format));
  made.shown.glyph = glyph;
  paintStars(parts.stars, map.stars);
  write(parts.name, map.difficulty ?? fileName(map.path));
  write(parts.state, map.editing ? text("state.editing") : map.state === "ready" ? "" : text(`state.${map.state}`));
  assign(parts.state, "class", `state state-${map.editing ? "editing" : map.state}`);
  assign(made.press, "title", map.reason ?? map.path);
  countsInto(parts.counts, map);
}

/** `4.31` on the colour that the game gives it; hidden without stars. */
export function paintStars(made, stars) {
  assign(made, "hidden", stars === null || stars === undefined);
  if (stars === null || stars === undefined) return;
  const { ground, ink } = starColour(stars);
  if (!made.firstChild) made.append(icon("star"), element("span"));
  write(made.lastChild, stars.toFixed(2));
  made.style.background = ground;
  made.style.color = ink;
  assign(made, "title", text("map.stars", { stars: stars.toFixed(2) }));
}

/** How many findings of each severity, as pictogram and number; a tick where there are none. */
export function countsInto(made, map) {
  const shown = map.state === "ready" || map.state === "checking" ? SEVERITIES.filter((severity) => map.counts[severity]) : [];
  keyed(made, shown, (severity) => severity, makeCount, (each, severity) => {
    const name = text(`counts.${severity}`, { n: map.counts[severity] });
    write(each.lastChild, String(map.counts[severity]));
    assign(each, "title", name);
    assign(each, "aria-label", name);
  });
}

function makeCount(severity) {
  return element("span", { class: `count of-${severity}`, role: "img" }, icon(severity), element("span", { "aria-hidden": "true" }));
}

export function fileName(path) {
  return path.slice(path.lastIndexOf("/") + 1);
}
