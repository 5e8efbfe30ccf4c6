/** A long list of which only the seen rows are made. Rows keep their elements, the focus and the place across updates. */

import { assign, element, keyed } from "../elements.js";
import { revealing, rowAt, seen, steady, topsOf } from "../windowing.js";

const SPARE_PX = 300;

export class RowList {
  #rows = [];
  #places = new Map();
  #tops = topsOf([]);
  #active = null;
  #frame = 0;
  #heights;

  /**
   * `kind` = {heightOf(row), make(row), update(element, row), seen(rows)?}. In each element one `.primary` takes the focus of the
   * whole row; what else can be pressed in it comes after it with Tab. Rows are {id, …}.
   */
  constructor(root, label, kind) {
    this.root = root;
    this.kind = kind;
    this.#heights = "";
    this.body = element("div", { class: "rows", role: "list", "aria-label": label });
    root.replaceChildren(this.body);
    root.addEventListener("scroll", () => this.#soon(), { passive: true });
    this.body.addEventListener("keydown", (event) => this.#pressed(event));
    this.body.addEventListener("focusin", (event) => this.#focused(event));
    this.observer = new ResizeObserver(() => this.#resized());
    this.observer.observe(root);
  }

  /** What the list shows from now on. */
  show(rows) {
    const before = { ids: this.#rows.map((row) => row.id), tops: this.#tops };
    const had = this.#holdsFocus() ? this.#places.get(this.#active) : undefined;
    this.#rows = rows;
    this.#measure();
    this.root.scrollTop = steady(before, { ids: rows.map((row) => row.id), tops: this.#tops }, this.root.scrollTop);
    if (!this.#places.has(this.#active)) this.#active = rows[Math.min(had ?? 0, rows.length - 1)]?.id ?? null;
    this.#draw();
    if (had !== undefined && !this.#holdsFocus()) this.#primary(this.#active)?.focus({ preventScroll: true });
  }

  /** Redraws the seen rows where something about them changed that does not change their order. */
  refresh() {
    this.#draw();
  }

  has(id) {
    return this.#places.has(id);
  }

  /** Scrolls as far as needed to show the row; with `focus` puts the focus there. */
  reveal(id, { focus = false, centred = false } = {}) {
    const at = this.#places.get(id);
    if (at === undefined) return;
    this.#active = id;
    const room = this.root.clientHeight;
    const middle = this.#tops[at] - (room - (this.#tops[at + 1] - this.#tops[at])) / 2;
    const wanted = revealing(this.#tops, at, this.root.scrollTop, room, 8);
    if (wanted !== this.root.scrollTop) this.root.scrollTop = centred ? Math.max(middle, 0) : wanted;
    this.#draw();
    if (focus) this.#primary(id)?.focus({ preventScroll: true });
  }

  #measure() {
    this.#places = new Map(this.#rows.map((row, at) => [row.id, at]));
    this.#tops = topsOf(this.#rows.map((row) => this.kind.heightOf(row)));
    this.body.style.height = `${this.#tops[this.#rows.length]}px`;
  }

  #resized() {
    const before = { ids: this.#rows.map((row) => row.id), tops: this.#tops };
    this.#measure();
    this.root.scrollTop = steady(before, { ids: before.ids, tops: this.#tops }, this.root.scrollTop);
    this.#draw();
  }

  #soon() {
    if (!this.#frame) this.#frame = requestAnimationFrame(() => this.#draw());
  }

  #draw() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const [first, beyond] = seen(this.#tops, this.root.scrollTop, this.root.clientHeight, SPARE_PX);
    const places = Array.from({ length: beyond - first }, (_, at) => first + at);
    const kept = this.#holdsFocus() ? this.#places.get(this.#active) : undefined;
    if (kept !== undefined && (kept < first || kept >= beyond)) kept < first ? places.unshift(kept) : places.push(kept);
    const make = (at) => this.kind.make(this.#rows[at]);
    keyed(this.body, places, (at) => this.#rows[at].id, make, (made, at) => this.#update(made, at));
    const [top, bottom] = [this.root.scrollTop, this.root.scrollTop + this.root.clientHeight];
    const inView = places.filter((at) => this.#tops[at + 1] > top && this.#tops[at] < bottom);
    this.kind.seen?.(inView.map((at) => this.#rows[at]));
  }

  #update(made, at) {
    const row = this.#rows[at];
    assign(made, "role", "listitem");
    assign(made, "aria-setsize", this.#rows.length);
    assign(made, "aria-posinset", at + 1);
    made.style.transform = `translateY(${this.#tops[at]}px)`;
    made.style.height = `${this.#tops[at + 1] - this.#tops[at]}px`;
    this.kind.update(made, row);
    const reached = row.id === this.#active;
    for (const each of made.querySelectorAll("button, a[href]")) assign(each, "tabindex", reached ? 0 : -1);
  }

  #holdsFocus() {
    return this.body.contains(document.activeElement);
  }

  #element(id) {
    return [...this.body.children].find((each) => each.dataset.key === id) ?? null;
  }

  #primary(id) {
    return this.#element(id)?.querySelector(".primary") ?? null;
  }

  #focused(event) {
    const id = event.target.closest("[role=listitem]")?.dataset.key;
    if (!id || id === this.#active) return;
    this.#active = id;
    for (const each of this.body.querySelectorAll("button, a[href]")) {
      assign(each, "tabindex", each.closest("[role=listitem]").dataset.key === id ? 0 : -1);
    }
  }

  #pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = this.#places.get(this.#active) ?? 0;
    const page = Math.max(rowAt(this.#tops, this.#tops[at] + this.root.clientHeight * 0.85), at + 1);
    const back = Math.min(rowAt(this.#tops, this.#tops[at] - this.root.clientHeight * 0.85), at - 1);
    const last = this.#rows.length - 1;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: last, PageDown: page, PageUp: back, j: at + 1, k: at - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const row = this.#rows[Math.min(Math.max(to, 0), last)];
    if (row) this.reveal(row.id, { focus: true });
  }
}
