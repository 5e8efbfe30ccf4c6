/** What is edited now: the song, its difficulty, how it stands; and the ways to other maps. */

import { assign, element, write } from "../elements.js";
import { clock } from "../stamps.js";
import { text } from "../strings.js";
import { icon, modeIcon } from "./icons.js";
import { countsInto, fileName, paintStars } from "./map_row.js";

export class Masthead {
  constructor(root, act) {
    this.root = root;
    this.mode = element("span", { class: "mode" });
    this.title = element("h1", {}, element("bdi"));
    this.artist = element("bdi", { class: "artist" });
    this.stars = element("span", { class: "stars" });
    this.difficulty = element("bdi", { class: "difficulty" });
    this.facts = element("span", { class: "facts" });
    this.counts = element("span", { class: "counts" });
    this.state = element("span", { class: "state", role: "status" });
    this.maps = this.#button("maps", "maps", act);
    this.follow = this.#button("follow", "follow", act);
    this.help = this.#button("help", "help", act);
    root.append(
      this.mode,
      element("div", { class: "names" }, element("div", { class: "first" }, this.title, this.artist), element("div", { class: "second" }, this.stars, this.difficulty, this.facts)),
      this.counts,
      this.state,
      element("nav", { class: "ways", "aria-label": text("ways") }, this.follow, this.maps, this.help),
    );
  }

  #button(name, glyph, act) {
    return element("button", { class: `way way-${name}`, type: "button", title: text(`way.${name}-title`), on: { click: () => act(name) } }, icon(glyph), element("span", {}, text(`way.${name}`)));
  }

  /** `map` is the map that is shown (as in the list of maps), null where none is; `song` its song. */
  show({ map, song, model, follow, listing, connected }) {
    assign(this.follow, "aria-pressed", follow ? "true" : "false");
    assign(this.maps, "aria-pressed", listing ? "true" : "false");
    for (const part of [this.mode, this.artist, this.difficulty, this.facts, this.counts]) assign(part, "hidden", !map);
    const name = map ? map.title || fileName(map.path) : text("nothing.title");
    write(this.title.firstChild, name);
    assign(this.title, "title", map ? name : null);
    document.title = map ? text(map.difficulty ? "page.title" : "page.title-chart", { title: name, difficulty: map.difficulty }) : "maimod";
    assign(this.root, "data-state", map?.state ?? "none");
    paintStars(this.stars, map?.stars);
    this.#state(map, model, connected);
    if (!map) return;
    const glyph = `${map.mode} ${map.format}`;
    if (this.glyph !== glyph) this.mode.replaceChildren(modeIcon(map.mode, map.format));
    this.glyph = glyph;
    assign(this.mode, "title", text(`mode.${map.format === "chart" ? "chart" : (map.mode ?? "osu")}`));
    write(this.artist, map.artist);
    write(this.difficulty, map.difficulty ?? "");
    assign(this.difficulty, "hidden", !map.difficulty);
    write(this.facts, factsOf(map, song).join("  ·  "));
    countsInto(this.counts, map);
  }

  #state(map, model, connected) {
    const state = !connected ? "offline" : !map ? "" : map.state === "ready" && model?.state === "waiting" ? "model" : map.state;
    assign(this.state, "class", `state state-${state}`);
    write(this.state, state ? text(`state.${state}`) : "");
  }
}

function factsOf(map, song) {
  const facts = [];
  if (map.creator) facts.push(text("map.by", { creator: map.creator }));
  if (song?.bpm) facts.push(text("map.bpm", { bpm: bpmOf(song.bpm) }));
  if (song && song.end_ms > song.start_ms) facts.push(clock(song.end_ms - song.start_ms));
  if (song) facts.push(text("map.objects", { n: song.objects }));
  return facts;
}

function bpmOf({ lowest, highest, main }) {
  const round = (value) => String(Math.round(value * 100) / 100);
  return lowest === highest ? round(main) : `${round(lowest)}–${round(highest)} (${round(main)})`;
}
