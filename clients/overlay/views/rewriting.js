/** The panel in which a section is written anew: what is asked for, how far it is, and the candidates to choose from. */

import { assign, element, keyed, write } from "../elements.js";
import { MOST_CANDIDATES, barsAround, faultOf, kindsOf, lanesOf, messageOf, partName, partsOf, playedIn, sectionBetween, toggled } from "../section.js";
import { moment, stamp } from "../stamps.js";
import { hasText, text } from "../strings.js";
import { sentence } from "./details.js";
import { diffOf } from "./diff.js";
import { icon } from "./icons.js";
import { candidateCard, updateCard } from "./candidate.js";
import { SectionPlayer } from "./section_player.js";

const wished = () => ({ what: "notes", keep: new Set(), combos: false, add: false, own: false, denser: 0, bolder: 0, count: 3, seed: 0, track: "", lanes: new Set(), kinds: new Set(), silent: false, sets: false, volumes: false });
const LARGEST_SEED = 2 ** 31;
const FIRST_BEATS = 16;

/** What the page calls a kind of notes or a lane; a column has no other name than its number. */
const nameOf = (name) => (hasText(`note.${name}`) ? text(`note.${name}`) : name);

export class Rewriting {
  open = false;
  section = { start: null, end: null };
  wish = wished();
  work = null;
  outcome = null;
  chosen = null;

  /**
   * `host` = {map(): {id, header, song} or null, edits(): whether maps may be changed, begin(message, told), apply(proposal), copy(words),
   * say(words), shown(): the panel came or went, marked(section or null), preview(ms or null)}.
   */
  constructor(root, host) {
    Object.assign(this, { root, host });
    assign(root, "aria-label", text("rewrite"));
    this.player = new SectionPlayer((ms) => host.preview(ms));
    this.#build();
  }

  // Opening and closing

  /** Opens for a section, or for the bars around a finding, or where it was. */
  show({ section = null, finding = null, lines = [], stay = false } = {}) {
    const map = this.host.map();
    if (!map) return;
    if (!this.open || map.id !== this.map?.id) this.#begin(map);
    if (section) this.choose(section);
    else if (finding) this.choose(barsAround(finding.time_ms, finding.end_ms, map.song, lines));
    else if (this.section.start === null) this.choose(this.#first(map.song));
    if (finding?.track) this.wish.track = finding.track;
    this.open = true;
    this.#fillTimes();
    this.host.shown();
    this.#draw();
    if (!stay) this.heading.focus({ preventScroll: true });
  }

  /** Another section is chosen; what was written for the one before is put away. */
  choose(section) {
    if (section.start !== this.section.start || section.end !== this.section.end) this.#leave();
    this.section = section;
    this.host.marked(section);
    if (!this.open) return;
    write(this.fault, "");
    this.#fillTimes();
    this.#draw();
  }

  close() {
    if (!this.open) return;
    this.#leave();
    this.open = false;
    this.section = { start: null, end: null };
    this.host.marked(null);
    this.host.shown();
  }

  cancel() {
    this.work?.cancel();
  }

  #begin(map) {
    this.#leave();
    this.map = map;
    this.section = { start: null, end: null };
    this.wish = { ...wished(), track: map.song.tracks?.[0]?.name ?? "" };
    write(this.fault, "");
  }

  #leave() {
    this.cancel();
    this.work = null;
    this.#forget();
  }

  #first(song) {
    const beat = 60_000 / Math.max(song.bpm?.main ?? 120, 30);
    return sectionBetween(song.start_ms, song.start_ms + FIRST_BEATS * beat, song);
  }

  #forget() {
    this.outcome = null;
    this.chosen = null;
    this.applied = false;
    this.player.clear();
  }

  // What stands in it

  #build() {
    this.heading = element("h2", { class: "message", tabindex: "-1" }, text("rewrite"));
    const back = element("button", { class: "way leave", type: "button", "aria-label": text("rewrite.close"), title: text("rewrite.close-title"), on: { click: () => this.close() } }, icon("close"));
    this.start = this.#time("start");
    this.end = this.#time("end");
    this.length = element("span", { class: "soft length" });
    this.what = element("div", { class: "choice what", role: "group", "aria-label": text("rewrite.what") });
    this.track = element("select", { class: "select-track", on: { change: () => this.#wish({ track: this.track.value, lanes: new Set() }) } });
    this.trackLine = element("label", { class: "wish-line" }, element("span", {}, text("rewrite.track")), this.track);
    this.keep = element("div", { class: "chips", role: "group", "aria-label": text("rewrite.keep") });
    this.keepLine = element("div", { class: "wish-line" }, element("span", {}, text("rewrite.keep")), this.keep);
    [this.lanes, this.lanesLine] = this.#confined("lanes");
    [this.kinds, this.kindsLine] = this.#confined("kinds");
    this.only = this.#chip("combos", () => this.#wish({ combos: !this.wish.combos }));
    this.add = this.#chip("add", () => this.#wish({ add: !this.wish.add }));
    this.own = this.#chip("own", () => this.#wish({ own: !this.wish.own }));
    this.how = element("div", { class: "chips" }, this.add, this.only, this.own);
    this.density = this.#range("denser", -4, 4);
    this.boldness = this.#range("bolder", -3, 5);
    this.sounds = element("div", { class: "chips", role: "group", "aria-label": text("rewrite.sounds") }, ...["silent", "sets", "volumes"].map((name) => (this[name] = this.#chip(name, () => this.#wish({ [name]: !this.wish[name] })))));
    this.count = element("select", { class: "select-count", on: { change: () => this.#wish({ count: Number(this.count.value) }) } }, ...Array.from({ length: MOST_CANDIDATES }, (_, at) => element("option", { value: String(at + 1) }, String(at + 1))));
    this.countLine = element("label", { class: "count-line" }, element("span", {}, text("rewrite.count")), this.count);
    this.press = element("button", { class: "go", type: "submit" });
    this.stop = element("button", { class: "chip", type: "button", on: { click: () => this.cancel() } }, text("rewrite.cancel"));
    this.bar = element("i");
    this.meter = element("div", { class: "meter", role: "progressbar", "aria-valuemin": "0", "aria-valuemax": "100", "aria-label": text("rewrite.progress") }, this.bar);
    this.share = element("span", { class: "soft share" });
    this.busy = element("div", { class: "writing", hidden: true }, this.meter, this.share, this.stop);
    this.fault = element("p", { class: "trouble", role: "alert" });
    this.going = element("div", { class: "going" }, this.press, this.countLine);
    const form = element(
      "form", { class: "wishes", novalidate: true, on: { submit: (event) => this.#submitted(event) } },
      element("div", { class: "times" }, this.start, element("span", { "aria-hidden": "true" }, "–"), this.end, this.length),
      this.what, this.trackLine, this.keepLine, this.how, this.lanesLine, this.kindsLine, this.density.line, this.boldness.line, this.sounds,
      this.going, this.busy, this.fault,
    );
    this.candidates = element("div", { class: "candidates", role: "group", "aria-label": text("rewrite.candidates") });
    this.causes = element("ul", { class: "causes" });
    this.notices = element("ul", { class: "notices" });
    this.diff = element("div", { class: "proposal" });
    this.lines = element("details", { class: "lines" }, element("summary", {}, text("rewrite.lines")), this.diff);
    this.applying = element("div", { class: "applying-line" });
    this.result = element("section", { class: "outcome", "aria-label": text("rewrite.outcome"), hidden: true }, this.player.root, this.candidates, this.causes, this.lines, this.notices, this.applying);
    this.root.append(element("div", { class: "rewriting-body" }, element("div", { class: "details-head" }, this.heading, back), form, this.result));
  }

  #time(name) {
    return element("input", { class: "moment", type: "text", inputmode: "text", spellcheck: "false", autocomplete: "off", size: "10", "aria-label": text(`rewrite.${name}`), on: { change: () => this.#timed() } });
  }

  #chip(name, act) {
    return element("button", { class: "chip", type: "button", title: text(`rewrite.${name}-title`), on: { click: act } }, text(`rewrite.${name}`));
  }

  /** A row of chips, of which those that are pressed are the only ones that are written. */
  #confined(name) {
    const said = text(`rewrite.${name}-title`);
    const chips = element("div", { class: "chips confined", role: "group", "aria-label": said });
    return [chips, element("div", { class: "wish-line", title: said }, element("span", {}, text(`rewrite.${name}`)), chips)];
  }

  #range(name, least, most) {
    const input = element("input", { type: "range", min: String(least), max: String(most), step: "1", "aria-label": text(`rewrite.${name}`), on: { input: () => this.#wish({ [name]: Number(input.value) }) } });
    const told = element("span", { class: "soft told-range" });
    return { input, told, line: element("label", { class: "wish-line" }, element("span", {}, text(`rewrite.${name}`)), input, told) };
  }

  #wish(change) {
    this.wish = { ...this.wish, ...change };
    this.#draw();
  }

  #timed() {
    const [start, end] = [moment(this.start.value), moment(this.end.value)];
    this.#leave();
    this.section = { start, end };
    const fault = faultOf(this.section);
    assign(this.start, "aria-invalid", start === null ? "true" : null);
    assign(this.end, "aria-invalid", end === null || fault === "rewrite.ends-early" ? "true" : null);
    write(this.fault, fault ? text(fault) : "");
    this.host.marked(fault ? null : this.section);
    this.#draw();
  }

  #fillTimes() {
    for (const name of ["start", "end"]) {
      this[name].value = this.section[name] === null ? "" : stamp(this.section[name]);
      assign(this[name], "aria-invalid", null);
    }
  }

  // Drawing

  #draw() {
    if (!this.open) return;
    const now = this.host.map();
    if (now?.id === this.map.id) this.map = now;
    const played = playedIn(this.map.header);
    const sounds = this.wish.what === "sounds";
    const combos = this.wish.combos && partsOf(played).includes("combos");
    const { start, end } = this.section;
    write(this.length, start !== null && end > start ? text("rewrite.length", { seconds: ((end - start) / 1000).toFixed(1) }) : "");
    assign(this.what, "hidden", played === "chart" || played === "taiko");
    this.#choice(this.what, ["notes", "sounds"], (name) => this.wish.what === name, (name) => this.#wish({ what: name }));
    const tracks = this.map.song.tracks ?? [];
    assign(this.trackLine, "hidden", tracks.length < 2);
    keyed(this.track, tracks, (each) => each.name, (each) => element("option", { value: each.name }, each.label), () => {});
    this.track.value = this.wish.track;
    for (const each of [this.keepLine, this.how, this.boldness.line, this.density.line, this.countLine]) assign(each, "hidden", sounds);
    const names = new Map(lanesOf(this.map.song, this.wish.track).map((each) => [each.lane, nameOf(each.name)]));
    this.#drawConfined("lanes", (lane) => names.get(lane), combos || sounds);
    this.#drawConfined("kinds", nameOf, combos || sounds);
    assign(this.sounds, "hidden", !sounds);
    assign(this.only, "hidden", !partsOf(played).includes("combos"));
    const own = this.wish.own && !this.wish.add;
    for (const [chip, on] of [[this.only, combos], [this.add, this.wish.add], [this.own, own], [this.silent, this.wish.silent], [this.sets, this.wish.sets], [this.volumes, this.wish.volumes]]) assign(chip, "aria-pressed", on ? "true" : "false");
    this.#choice(this.keep, partsOf(played), (part) => (combos ? part !== "combos" : this.wish.keep.has(part)), (part) => this.#keep(part), (part) => text(`part.${partName(part, played)}`));
    for (const each of this.keep.children) each.disabled = combos;
    this.add.disabled = combos;
    const paced = !combos && !this.wish.keep.has("rhythm");
    this.own.disabled = !paced || this.wish.add;
    this.density.input.disabled = !paced || own;
    this.boldness.input.disabled = combos;
    const times = (2 ** (this.wish.denser / 2)).toFixed(1);
    this.#told(this.density, this.wish.denser, own ? text("rewrite.as-it-was") : this.wish.denser ? text("rewrite.denser-told", { times }) : text("rewrite.as-around"));
    this.#told(this.boldness, this.wish.bolder, text(this.wish.bolder > 0 ? "rewrite.bolder-told" : this.wish.bolder < 0 ? "rewrite.tamer-told" : "rewrite.usual"));
    this.count.value = String(this.wish.count);
    const again = Boolean(this.outcome);
    write(this.press, sounds ? text(again ? "rewrite.go-sounds-again" : "rewrite.go-sounds") : text(again ? "rewrite.go-again" : "rewrite.go"));
    assign(this.going, "hidden", Boolean(this.work));
    assign(this.busy, "hidden", !this.work);
    this.press.disabled = Boolean(faultOf(this.section));
    this.#drawOutcome();
  }

  #drawConfined(name, label, off) {
    const [row, line, known] = [this[name], this[`${name}Line`], this.#known(name)];
    assign(line, "hidden", off || known.length < 2);
    // A chip outlives the map that it was made for.
    const press = (each) => this.#wish({ [name]: toggled(this.wish[name], each, this.#known(name)) });
    this.#choice(row, known, (each) => this.wish[name].has(each), press, label);
  }

  #known(name) {
    return name === "lanes" ? lanesOf(this.map.song, this.wish.track).map((each) => each.lane) : kindsOf(this.map.song);
  }

  #told(range, value, words) {
    range.input.value = String(value);
    assign(range.input, "aria-valuetext", words);
    write(range.told, words);
  }

  #choice(root, names, on, act, label = (name) => text(`rewrite.${name}`)) {
    keyed(root, names, (name) => name, (name) => element("button", { class: "chip", type: "button", on: { click: () => act(name) } }), (made, name) => {
      write(made, label(name));
      assign(made, "aria-pressed", on(name) ? "true" : "false");
    });
  }

  #keep(part) {
    const keep = new Set(this.wish.keep);
    if (!keep.delete(part)) keep.add(part);
    this.#wish({ keep });
  }

  #drawOutcome() {
    assign(this.result, "hidden", !this.outcome);
    if (!this.outcome) return;
    const { proposals, notices, song } = this.outcome;
    keyed(this.candidates, proposals, (each) => each.proposal, (each) => candidateCard(() => this.#pick(each)), (made, each) => updateCard(made, each, each === this.chosen));
    const look = this.chosen?.look;
    const part = look?.more_notes ? [text("rewrite.drawn-until", { time: stamp(look.until_ms), n: look.more_notes })] : [];
    const told = [...part, ...(song ? [text("rewrite.heard", { song })] : []), ...notices];
    keyed(this.notices, told, (each) => each, (each) => element("li", { dir: "auto" }, each), () => {});
    if (!proposals.length) this.player.clear();
    assign(this.lines, "hidden", !this.chosen);
    assign(this.applying, "hidden", !this.chosen);
    keyed(this.causes, this.chosen?.causes ?? [], (each) => `${each.code} ${each.time_ms} ${each.message}`, (each) => element("li", { class: `cause of-${each.severity}` }, icon(each.severity), element("span", { dir: "auto" }, text(each.timestamp ? "rewrite.cause" : "rewrite.cause-whole", { time: each.timestamp, message: each.message }))), () => {});
  }

  // Writing

  async #submitted(event) {
    event.preventDefault();
    const fault = faultOf(this.section);
    if (this.work || fault) {
      if (fault) write(this.fault, text(fault));
      return;
    }
    if (this.outcome) this.wish.seed = (this.wish.seed + 1) % LARGEST_SEED;
    this.#forget();
    assign(this.fault, "class", "trouble");
    write(this.fault, "");
    const work = this.host.begin(messageOf(this.map.id, this.section, this.wish, playedIn(this.map.header)), (share) => this.work === work && this.#progress(share));
    this.work = work;
    this.#progress(0);
    this.#draw();
    this.stop.focus({ preventScroll: true });
    try {
      const outcome = await work.answer;
      if (this.work === work && this.open && outcome.map === this.map.id) this.#came(outcome);
    } catch (trouble) {
      if (this.work === work) this.#failed(trouble);
    }
    if (this.work !== work) return;
    this.work = null;
    const focused = this.root.contains(document.activeElement) || document.activeElement === document.body;
    this.#draw();
    if (focused && this.open) (this.candidates.firstElementChild ?? this.press).focus({ preventScroll: true });
    if (this.outcome) this.result.scrollIntoView?.({ block: "nearest" });
  }

  #progress(share) {
    const percent = Math.round(share * 100);
    assign(this.meter, "aria-valuenow", percent);
    this.bar.style.transform = `scaleX(${Math.max(share, 0.02)})`;
    write(this.share, text("rewrite.share", { percent }));
  }

  #came(outcome) {
    this.outcome = outcome;
    this.host.say(text(outcome.proposals.length ? "rewrite.came" : "rewrite.nothing", { n: outcome.proposals.length }));
    if (outcome.proposals.length) this.#pick(outcome.proposals[0]);
    else this.#failed({ code: "nothing" });
  }

  #failed(trouble) {
    const known = { cancelled: text("rewrite.cancelled"), nothing: text("rewrite.nothing") }[trouble.code];
    const words = known ?? sentence(trouble);
    assign(this.fault, "class", known ? "note" : "trouble");
    write(this.fault, words);
  }

  #pick(proposal) {
    if (proposal === this.chosen) return;
    this.chosen = proposal;
    const label = text("rewrite.picture", { n: proposal.look.after.length, before: proposal.look.before.length });
    this.player.show(proposal.look, label);
    this.diff.replaceChildren(diffOf(proposal));
    this.#offer(proposal);
    this.#draw();
  }

  /** How the chosen candidate comes into the map. */
  #offer(proposal) {
    assign(this.applying, "data-command", !this.host.edits());
    const said = element("span", { class: "note", role: "status" });
    if (this.host.edits()) {
      const apply = element("button", { class: "take", type: "button", on: { click: () => this.#apply(proposal, apply, said) } }, text("rewrite.apply"));
      apply.disabled = Boolean(this.applied);
      this.applying.replaceChildren(apply, said);
      if (this.applied) write(said, text("rewrite.stale"));
      return;
    }
    const parts = [element("p", { class: "note" }, text(proposal.command ? "rewrite.not-allowed" : "rewrite.not-allowed-plain"))];
    if (proposal.command) {
      const copy = element("button", { class: "chip", type: "button", on: { click: () => this.host.copy(proposal.command) } }, icon("copy"), text("rewrite.copy"));
      parts.push(element("div", { class: "command" }, element("code", { tabindex: "0", dir: "ltr" }, proposal.command), copy));
    }
    this.applying.replaceChildren(...parts);
  }

  async #apply(proposal, button, said) {
    button.disabled = true;
    try {
      await this.host.apply(proposal.proposal);
      this.applied = true;
      write(said, text("rewrite.applied"));
    } catch (trouble) {
      button.disabled = false;
      write(said, sentence(trouble));
    }
  }
}
