/** The song from its first to its last note: surprisal, kiai, breaks, bookmarks, findings, and where the game stands. */

import { assign, element, keyed, write } from "../elements.js";
import { nearest } from "../choosing.js";
import { clock, stamp } from "../stamps.js";
import { sectionBetween } from "../section.js";
import { axisTimes, ceilingOf, columnsOf, momentOf } from "../strip_bars.js";
import { hasText, text } from "../strings.js";
import { icon } from "./icons.js";

const COLUMN_PX = 3;
const AXIS_PX = 16;
const TICKS_PX = 9;
const REACH_PX = 6;
const LABEL_PX = 64;
const DRAG_PX = 5;
// How long a section is of which the keyboard has set one end.
const KEYED_MS = 4_000;
const TOKENS = {
  rhythm: "--aspect-rhythm", kind: "--aspect-position", lane: "--aspect-position", position: "--aspect-position", combo: "--aspect-combo",
  slider: "--aspect-slider", sound: "--aspect-sound", lines: "--aspect-lines", modifier: "--aspect-combo",
};

export class Strip {
  #frame = 0;

  /** `host` = {seek(finding or null, ms), open(ms), heat(on), rewrite(section or null), mayRewrite()}. */
  constructor(root, host, heat) {
    Object.assign(this, { root, host, heat });
    assign(root, "aria-label", text("strip"));
    this.canvas = element("canvas", { class: "strip-canvas", "aria-hidden": "true" });
    this.playhead = element("div", { class: "playhead", hidden: true });
    this.cursor = element("div", { class: "cursor", hidden: true });
    this.tip = element("div", { class: "tip", hidden: true });
    this.heard = element("div", { class: "heard", hidden: true });
    this.board = element("div", { class: "strip-board", role: "slider", tabindex: "0", "aria-label": text("strip.slider"), "aria-orientation": "horizontal" }, this.canvas, this.cursor, this.playhead, this.heard, this.tip);
    this.legend = element("ul", { class: "legend", "aria-label": text("strip.legend") });
    this.kind = element("button", { class: "chip kind", type: "button", on: { click: () => this.#toggle() } });
    this.rewrite = element("button", { class: "chip rewrite", type: "button", "aria-label": text("rewrite.open"), title: text("rewrite.open-title"), on: { click: () => host.rewrite(null) } }, icon("rewrite"), element("span", {}, text("rewrite.open")));
    root.append(element("div", { class: "strip-head" }, this.legend, element("div", { class: "strip-ways" }, this.rewrite, this.kind)), this.board);
    this.board.addEventListener("pointerdown", (event) => this.#grasp(event));
    this.board.addEventListener("pointerup", () => this.#release());
    this.board.addEventListener("pointercancel", () => this.#release());
    this.board.addEventListener("pointermove", (event) => this.#hover(event));
    this.board.addEventListener("pointerleave", () => this.#leave());
    this.board.addEventListener("click", (event) => this.#clicked(event));
    this.board.addEventListener("dblclick", (event) => this.host.open(this.#time(event)));
    this.board.addEventListener("keydown", (event) => this.#pressed(event));
    new ResizeObserver(() => this.repaint()).observe(this.board);
    this.at = null;
  }

  show({ song, strip, findings, selected, model }) {
    if (song !== this.song) this.at = null;
    Object.assign(this, { song, strip, selected, model, findings: findings.filter((each) => !each.dismissed) });
    assign(this.root, "hidden", !song);
    if (!song) return;
    assign(this.rewrite, "hidden", !this.host.mayRewrite());
    assign(this.board, "aria-valuemin", Math.round(song.start_ms));
    assign(this.board, "aria-valuemax", Math.round(song.end_ms));
    this.#tell(this.at ?? song.start_ms);
    write(this.kind, "");
    this.kind.replaceChildren(icon(this.heat ? "heat" : "bars"), element("span", {}, text(this.heat ? "strip.heat" : "strip.bars")));
    assign(this.kind, "title", text("strip.kind-title"));
    assign(this.kind, "hidden", !strip);
    const known = (strip?.categories ?? []).map((name, at) => ({ name, title: strip.titles?.[at] ?? name }));
    const bands = [["kiai", song.kiai, song.bright ?? "kiai"], ["break", song.breaks, song.quiet ?? "break"], ["bookmark", song.bookmarks, text("strip.bookmark")]];
    const marks = bands.filter(([, there]) => there?.length).map(([name, , title]) => ({ name, title: hasText(`strip.${title}`) ? text(`strip.${title}`) : title }));
    keyed(this.legend, [...known, ...marks], (each) => each.name, (each) => this.#key(each), (made, each) => write(made.lastChild, each.title));
    if (!strip) {
      const why = !song.objects ? "strip.no-notes" : model?.state === "failed" ? "strip.failed" : model?.state === "off" ? "strip.off" : "strip.waiting";
      keyed(this.legend, [{ name: "none" }, ...marks], (each) => each.name, (each) => this.#key(each), (made, each) => write(made.lastChild, each.title ?? text(why)));
    }
    this.repaint();
  }

  place(playhead) {
    assign(this.playhead, "hidden", !playhead || !this.song);
    if (!playhead || !this.song) return;
    assign(this.playhead, "title", stamp(playhead.time_ms));
    this.playhead.style.transform = `translateX(${this.#across(playhead.time_ms)}px)`;
  }

  /** The section that is to be written anew, {start, end} in ms; null for none. */
  mark(section) {
    this.section = section;
    this.repaint();
  }

  /** Where the candidate that is looked at stands; null for nowhere. */
  preview(ms) {
    assign(this.heard, "hidden", ms === null || !this.song);
    if (ms !== null && this.song) this.heard.style.transform = `translateX(${this.#across(ms)}px)`;
  }

  repaint() {
    if (!this.#frame) this.#frame = requestAnimationFrame(() => this.#paint());
  }

  #key({ name, title }) {
    const swatch = element("i");
    if (TOKENS[name]) swatch.style.background = `var(${TOKENS[name]})`;
    return element("li", { class: `key key-${name}` }, swatch, element("span", {}, title ?? ""));
  }

  #toggle() {
    this.heat = !this.heat;
    this.host.heat(this.heat);
    this.show(this);
  }

  get #width() {
    return this.board.clientWidth;
  }

  #across(ms) {
    const { start_ms: start, end_ms: end } = this.song;
    return Math.min(Math.max((ms - start) / Math.max(end - start, 1), 0), 1) * this.#width;
  }

  #time(event) {
    const part = (event.clientX - this.board.getBoundingClientRect().left) / Math.max(this.#width, 1);
    return this.song.start_ms + Math.min(Math.max(part, 0), 1) * (this.song.end_ms - this.song.start_ms);
  }

  #reach() {
    return ((this.song.end_ms - this.song.start_ms) / Math.max(this.#width, 1)) * REACH_PX;
  }

  #paint() {
    this.#frame = 0;
    const [width, height] = [this.#width, this.board.clientHeight];
    if (!this.song || !width || !height) return;
    const scale = Math.min(globalThis.devicePixelRatio || 1, 3);
    if (this.canvas.width !== Math.round(width * scale) || this.canvas.height !== Math.round(height * scale)) {
      this.canvas.width = Math.round(width * scale);
      this.canvas.height = Math.round(height * scale);
    }
    const pen = this.canvas.getContext("2d");
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    pen.clearRect(0, 0, width, height);
    const style = getComputedStyle(this.root);
    const ink = (name) => style.getPropertyValue(name).trim();
    const axis = height >= 60 ? AXIS_PX : 0;
    const floor = height - axis - TICKS_PX;
    this.#bands(pen, ink, height - axis);
    if (this.strip) (this.heat ? this.#paintHeat : this.#paintBars).call(this, pen, ink, width, floor);
    this.#paintSection(pen, ink, height - axis);
    this.#marks(pen, ink, floor, height - axis);
    if (axis) this.#axis(pen, ink, width, height);
  }

  #bands(pen, ink, bottom) {
    const { kiai = [], breaks = [], bookmarks = [] } = this.song;
    pen.fillStyle = ink("--break-tint");
    for (const [from, to] of breaks) pen.fillRect(this.#across(from), 0, Math.max(this.#across(to) - this.#across(from), 1), bottom);
    for (const [from, to] of kiai) {
      const [left, wide] = [this.#across(from), Math.max(this.#across(to) - this.#across(from), 1)];
      pen.fillStyle = ink("--kiai-tint");
      pen.fillRect(left, 0, wide, bottom);
      pen.fillStyle = ink("--kiai");
      pen.fillRect(left, 0, wide, 2);
    }
    pen.fillStyle = ink("--bookmark");
    for (const time of bookmarks) pen.fillRect(Math.round(this.#across(time)) - 0.5, 0, 1.5, Math.min(bottom * 0.2, 12));
  }

  #paintBars(pen, ink, width, floor) {
    const count = Math.max(Math.floor(width / COLUMN_PX), 1);
    const { columns, highest } = columnsOf(this.strip, this.song, count);
    const ceiling = ceilingOf(highest);
    const step = width / count;
    const standing = new Float32Array(count);
    this.strip.categories.forEach((category, row) => {
      pen.fillStyle = ink(TOKENS[category] ?? "--aspect-other");
      for (let column = 0; column < count; column++) {
        const bits = columns[row][column];
        if (!bits) continue;
        const high = (bits / ceiling) * (floor - 4);
        pen.fillRect(column * step, floor - standing[column] - high, Math.max(step - 1, 1), high);
        standing[column] += high;
      }
    });
    pen.fillStyle = ink("--soft");
    pen.font = `10px ${ink("--sans")}`;
    if (floor > 50) pen.fillText(text("strip.bits", { bits: ceiling }), 4, 12);
  }

  #paintHeat(pen, ink, width, floor) {
    const count = Math.max(Math.floor(width / COLUMN_PX), 1);
    const { columns } = columnsOf(this.strip, this.song, count);
    const step = width / count;
    const high = (floor - 2) / Math.max(columns.length, 1);
    this.strip.categories.forEach((category, row) => {
      pen.fillStyle = ink(TOKENS[category] ?? "--aspect-other");
      const highest = columns[row].reduce((most, bits) => Math.max(most, bits), 8);
      for (let column = 0; column < count; column++) {
        if (!columns[row][column]) continue;
        pen.globalAlpha = Math.min(0.06 + 0.94 * (columns[row][column] / highest) ** 1.5, 1);
        pen.fillRect(column * step, 2 + row * high, step + 0.3, high - 1);
      }
    });
    pen.globalAlpha = 1;
  }

  #marks(pen, ink, floor, bottom) {
    pen.fillStyle = ink("--line");
    pen.fillRect(0, floor + 0.5, this.#width, 1);
    for (const severity of ["hint", "information", "warning", "error"]) {
      pen.fillStyle = ink(`--${severity}`);
      for (const each of this.findings) {
        if (each.severity !== severity || each.time_ms === null || each.key === this.selected) continue;
        pen.fillRect(this.#across(each.time_ms) - 1, floor + 2, 2, bottom - floor - 3);
      }
    }
    const chosen = this.findings.find((each) => each.key === this.selected && each.time_ms !== null);
    if (!chosen) return;
    const x = this.#across(chosen.time_ms);
    pen.fillStyle = ink("--accent");
    pen.fillRect(x - 0.75, 0, 1.5, bottom);
    pen.beginPath();
    pen.moveTo(x - 5, bottom);
    pen.lineTo(x + 5, bottom);
    pen.lineTo(x, bottom - 8);
    pen.fill();
  }

  #paintSection(pen, ink, bottom) {
    if (!this.section) return;
    const [left, right] = [this.#across(this.section.start), this.#across(this.section.end)];
    pen.fillStyle = ink("--accent-tint");
    pen.fillRect(left, 0, Math.max(right - left, 2), bottom);
    pen.fillStyle = ink("--accent");
    for (const [x, side] of [[left, 1], [right, -1]]) {
      pen.fillRect(x - 0.75, 0, 1.5, bottom);
      pen.fillRect(side > 0 ? x : x - 5, 0, 5, 2.5);
      pen.fillRect(side > 0 ? x : x - 5, bottom - 2.5, 5, 2.5);
    }
  }

  #axis(pen, ink, width, height) {
    pen.font = `10px ${ink("--sans")}`;
    pen.fillStyle = ink("--soft");
    for (const time of axisTimes(this.song, width, LABEL_PX)) {
      const words = clock(time);
      const wide = pen.measureText(words).width;
      const x = Math.min(Math.max(this.#across(time) - wide / 2, 0), width - wide);
      pen.fillText(words, x, height - 4);
    }
  }

  #grasp(event) {
    if (!this.song || event.button !== 0 || !this.host.mayRewrite()) return;
    const at = this.#time(event);
    const edges = this.section ? [this.section.start, this.section.end] : [];
    const near = edges.findIndex((edge) => Math.abs(edge - at) <= this.#reach());
    this.drag = { from: near < 0 ? at : edges[1 - near], x: event.clientX, moved: false, id: event.pointerId };
  }

  #drawn(event) {
    const { drag } = this;
    if (!drag.moved && Math.abs(event.clientX - drag.x) < DRAG_PX) return;
    if (!drag.moved) this.board.setPointerCapture(drag.id);
    drag.moved = true;
    drag.section = sectionBetween(drag.from, this.#time(event), this.song);
    this.mark(drag.section);
  }

  #release() {
    const { drag } = this;
    this.drag = null;
    if (!drag?.moved) return;
    // The click that follows belongs to the drag.
    this.dragged = true;
    setTimeout(() => (this.dragged = false));
    this.host.rewrite(drag.section);
  }

  #hover(event) {
    if (!this.song) return;
    if (this.drag) this.#drawn(event);
    const ms = this.#time(event);
    const x = this.#across(ms);
    const finding = nearest(this.findings, ms, this.#reach());
    const moment = momentOf(this.strip, ms);
    assign(this.cursor, "hidden", false);
    this.cursor.style.transform = `translateX(${x}px)`;
    const lines = (moment?.bits ?? []).sort((a, b) => b.bits - a.bits).slice(0, 4);
    this.tip.replaceChildren(
      element("strong", {}, stamp(ms)),
      ...lines.map((each) => element("span", { class: "tip-line" }, this.#key({ name: each.category, title: each.title }), element("b", {}, text("strip.bits", { bits: each.bits.toFixed(1) })))),
      finding ? element("span", { class: `tip-finding of-${finding.severity}`, dir: "auto" }, icon(finding.severity), finding.message) : "",
    );
    assign(this.tip, "hidden", false);
    const room = this.#width - this.tip.offsetWidth;
    this.tip.style.transform = `translateX(${Math.max(Math.min(x - this.tip.offsetWidth / 2, room), 0)}px)`;
  }

  #leave() {
    assign(this.cursor, "hidden", true);
    assign(this.tip, "hidden", true);
  }

  #clicked(event) {
    if (!this.song || this.dragged) return;
    const ms = this.#time(event);
    this.at = ms;
    this.#tell(ms);
    this.host.seek(nearest(this.findings, ms, this.#reach()) ?? nearest(this.findings, ms), ms);
  }

  #pressed(event) {
    if (!this.song || event.ctrlKey || event.metaKey || event.altKey) return;
    const times = [...new Set(this.findings.map((each) => each.time_ms).filter((time) => time !== null))].sort((a, b) => a - b);
    const at = this.at ?? this.song.start_ms - 1;
    const to = {
      ArrowRight: () => times.find((time) => time > at), ArrowUp: () => times.find((time) => time > at),
      ArrowLeft: () => times.filter((time) => time < at).pop(), ArrowDown: () => times.filter((time) => time < at).pop(),
      Home: () => times[0], End: () => times[times.length - 1],
    }[event.key];
    if ((event.key === "[" || event.key === "]") && this.host.mayRewrite()) {
      event.preventDefault();
      event.stopPropagation();
      const here = this.at ?? this.song.start_ms;
      const other = event.key === "[" ? Math.max(this.section?.end ?? here + KEYED_MS, here + 1) : Math.min(this.section?.start ?? here - KEYED_MS, here - 1);
      this.host.rewrite(sectionBetween(here, other, this.song), { stay: true });
    }
    if (event.key === "Enter") {
      this.host.open(this.at ?? this.song.start_ms);
      event.preventDefault();
    }
    if (!to) return;
    event.preventDefault();
    const time = to();
    if (time === undefined) return;
    this.at = time;
    this.#tell(time);
    this.host.seek(nearest(this.findings, time), time);
  }

  #tell(ms) {
    const finding = nearest(this.findings, ms, this.#reach());
    assign(this.board, "aria-valuenow", Math.round(Math.min(Math.max(ms, this.song.start_ms), this.song.end_ms)));
    assign(this.board, "aria-valuetext", finding ? `${stamp(ms)}, ${finding.message}` : stamp(ms));
  }
}
