/** The picture of a section before and after, played over its time or moved through by hand. */

import { assign, element, write } from "../elements.js";
import { pictureOfSection } from "../drawing/picture.js";
import { stamp } from "../stamps.js";
import { text } from "../strings.js";
import { icon } from "./icons.js";

const FRAME_MS = 33;
const STEP_MS = 10;

export class SectionPlayer {
  #frame = 0;
  #look = null;

  /** `moved(ms)` hears where it stands, null where nothing is shown any more. */
  constructor(moved) {
    this.moved = moved;
    this.now = 0;
    this.picture = element("div", { class: "section-picture" });
    this.play = element("button", { class: "way play", type: "button", on: { click: () => (this.#frame ? this.pause() : this.#start()) } });
    this.place = element("input", { class: "place", type: "range", step: String(STEP_MS), "aria-label": text("player.place"), on: { input: () => this.#moveTo(Number(this.place.value)) } });
    this.time = element("span", { class: "soft player-time", "aria-hidden": "true" });
    this.key = element("p", { class: "section-key" }, element("span", { class: "key-was" }, element("i"), text("player.before")), element("span", { class: "key-comes" }, element("i"), text("player.after")), element("span", { class: "key-stays" }, element("i"), text("player.stays")));
    this.root = element("div", { class: "player", hidden: true }, this.picture, element("div", { class: "player-line" }, this.play, this.place, this.time), this.key);
    this.#press();
  }

  show(look, label) {
    const kept = this.#look && look.start_ms === this.#look.start_ms && look.until_ms === this.#look.until_ms;
    const playing = Boolean(this.#frame);
    this.pause();
    this.#look = look;
    this.label = label;
    assign(this.root, "hidden", look.shape === "none");
    assign(this.place, "min", Math.round(look.start_ms));
    assign(this.place, "max", Math.round(Math.max(look.until_ms, look.start_ms + STEP_MS)));
    this.#moveTo(kept ? this.now : look.after[0]?.time_ms ?? look.before[0]?.time_ms ?? look.start_ms);
    if (kept && playing) this.#start();
  }

  clear() {
    this.pause();
    this.#look = null;
    assign(this.root, "hidden", true);
    this.picture.replaceChildren();
    this.moved(null);
  }

  pause() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#press();
  }

  #start() {
    const { start_ms: start, until_ms: until } = this.#look;
    if (this.now >= until - FRAME_MS) this.now = start;
    let [from, since, drawn] = [this.now, null, 0];
    const step = (at) => {
      since ??= at;
      const now = from + (at - since);
      if (now >= until || !this.root.isConnected) {
        this.#moveTo(until);
        this.pause();
        return;
      }
      if (at - drawn >= FRAME_MS) {
        drawn = at;
        this.#moveTo(now);
      }
      this.#frame = requestAnimationFrame(step);
    };
    this.#frame = requestAnimationFrame(step);
    this.#press();
  }

  #moveTo(ms) {
    if (!this.#look) return;
    this.now = ms;
    this.place.value = String(Math.round(ms));
    assign(this.place, "aria-valuetext", stamp(ms));
    write(this.time, stamp(ms));
    const picture = pictureOfSection(this.#look, ms, { before: text("player.row-before"), after: text("player.row-after") }, this.label);
    this.picture.replaceChildren(...(picture ? [picture] : []));
    this.moved(ms);
  }

  #press() {
    const playing = Boolean(this.#frame);
    const label = text(playing ? "player.pause" : "player.play");
    assign(this.play, "aria-label", label);
    assign(this.play, "title", label);
    if (this.glyph !== playing) this.play.replaceChildren(icon(playing ? "pause" : "play"));
    this.glyph = playing;
  }
}
