/** Starts the page: its mode, its words, the connection, and what happens on each message and each press. */

import { addressOf } from "./address.js";
import { Board } from "./board.js";
import { SEVERITIES, foremost, rowsOf, tally } from "./choosing.js";
import { copy } from "./clipboard.js";
import { Connection } from "./connection.js";
import { assign, element, keyed, write } from "./elements.js";
import { Looks } from "./looks.js";
import { Pins, recall, remember } from "./memory.js";
import { Notes } from "./notes.js";
import { editLink, stamp } from "./stamps.js";
import { text, useStrings } from "./strings.js";
import { takeThemeFromFrame, tellFrame, useTheme } from "./theme.js";
import { Details, sentence } from "./views/details.js";
import { drawable, findingRows } from "./views/finding_row.js";
import { fillHelp } from "./views/help.js";
import { mapRowKind, mapRows } from "./views/map_row.js";
import { Masthead } from "./views/masthead.js";
import { Rewriting } from "./views/rewriting.js";
import { RowList } from "./views/row_list.js";
import { Strip } from "./views/strip.js";
import { Toolbar } from "./views/toolbar.js";

const FRESH_MS = 8_000;
const NEAR_MS = 1_200;
const WIDE = "(min-width: 1000px)";
const HEIGHTS = ["drawn", "plain", "group", "map", "set"];
const NO_CHOICE = { severities: new Set(), categories: new Set(), words: "", dismissed: false, order: "category" };

class Page {
  board = new Board();
  pins = new Pins();
  choice = { ...NO_CHOICE, order: recall("order", "category") };
  folded = new Set();
  fresh = new Map();
  selected = null;
  gone = null;
  wanted = null;
  listing = false;
  connected = { state: "connecting" };
  #heights = null;

  constructor(address) {
    this.address = address;
    this.follow = !address.map;
    this.wanted = address.map;
    this.openByServer = address.mode !== "page";
    this.notes = new Notes(at("notes"), at("live"));
    this.looks = new Looks((key) => this.#ask("look", { finding: key }), (key) => this.#looked(key));
    this.connection = new Connection({
      url: address.socket,
      client: address.client,
      hear: (message) => this.#hear(message),
      status: (status) => this.#status(status),
      probe: () => probe(address.server),
    });
    this.masthead = new Masthead(at("masthead"), (name) => this.#way(name));
    this.strip = new Strip(at("song"), this.#stripHost(), recall("heat", false));
    this.toolbar = new Toolbar(at("toolbar"), (change) => this.#choose(change));
    this.details = new Details(at("details"), this.#detailsHost());
    this.rewriting = new Rewriting(at("rewriting"), this.#rewritingHost());
    this.#build();
    fillHelp(at("help"));
  }

  start() {
    write(at("skip"), text("skip"));
    document.addEventListener("keydown", (event) => this.#key(event));
    window.addEventListener("resize", () => (this.#heights = null));
    window.addEventListener("hashchange", () => this.#readdressed());
    window.addEventListener("online", () => this.connection.hurry());
    document.addEventListener("visibilitychange", () => document.hidden || this.connection.hurry());
    this.#show();
    this.connection.start();
  }

  repaint() {
    this.strip.repaint();
  }

  /** Another map or theme is wished for by the page's address, as VS Code does when another map is looked at. */
  #readdressed() {
    const { map, theme } = addressOf(window.location, this.address.kept);
    useTheme(theme);
    this.repaint();
    if (map && map !== this.board.map?.id) this.#chooseMap(map);
  }

  // What is on the page

  #build() {
    const main = at("main");
    this.nothing = element("div", { class: "nothing", hidden: true });
    this.found = element("div", { class: "list findings" });
    this.all = element("div", { class: "list maps" });
    this.finder = element("input", { type: "search", class: "words", placeholder: text("maps.search"), "aria-label": text("maps.search"), on: { input: () => this.#showMaps() } });
    this.allBox = element("div", { class: "maps-box", hidden: true }, element("div", { class: "maps-head" }, element("p", { class: "lead" }), element("label", { class: "finder" }, this.finder)), this.all);
    main.append(this.found, this.allBox, this.nothing);
    if (this.address.mode === "obs") return;
    const kind = findingRows(this.#rowHost(), () => this.#measured());
    kind.seen = (rows) => this.#seen(rows);
    this.list = new RowList(this.found, text("list"), kind);
    this.maps = new RowList(this.all, text("maps"), mapRowKind({ choose: (map) => this.#chooseMap(map.id) }, () => this.#measured()));
  }

  #measured() {
    if (this.#heights) return this.#heights;
    const style = getComputedStyle(document.documentElement);
    const rem = parseFloat(style.fontSize);
    this.#heights = Object.fromEntries(HEIGHTS.map((name) => [name, Math.round(parseFloat(style.getPropertyValue(`--row-${name}`)) * rem)]));
    return this.#heights;
  }

  #rowHost() {
    return {
      looks: this.looks,
      openByServer: this.openByServer,
      selected: () => this.selected,
      fresh: (key) => this.fresh.has(key),
      near: (finding) => this.#near(finding),
      act: (name, row, more) => this.#act(name, row, more),
    };
  }

  #stripHost() {
    return {
      seek: (finding) => finding && this.#select(finding.key, { reveal: true }),
      open: (ms) => this.#open({ time_ms: ms }),
      heat: (on) => remember("heat", on),
      mayRewrite: () => this.#mayRewrite(),
      rewrite: (section, more) => this.rewriting.show({ section, ...(section || this.rewriting.open ? {} : this.#chosenPart()), ...more }),
    };
  }

  #detailsHost() {
    return {
      looks: this.looks,
      openByServer: this.openByServer,
      capabilities: () => this.board.capabilities,
      mayRewrite: () => this.#mayRewrite(),
      act: (name, row, more) => this.#act(name, row, more),
      explain: (key) => this.#ask("explain", { finding: key }),
      propose: (key, fix) => this.#ask("propose", { finding: key, fix }),
      apply: (proposal) => this.connection.request({ type: "apply", proposal }),
    };
  }

  #rewritingHost() {
    return {
      map: () => this.board.map && { id: this.board.map.id, header: this.board.entry ?? this.board.map.header, song: this.board.map.song },
      edits: () => Boolean(this.board.capabilities.edits),
      begin: (message, told) => this.connection.begin(message, told),
      apply: (proposal) => this.connection.request({ type: "apply", proposal }),
      copy: (words) => this.#copy(words),
      say: (words) => this.notes.say(words),
      shown: () => this.#show(),
      marked: (section) => this.strip.mark(section),
      preview: (ms) => this.strip.preview(ms),
    };
  }

  /** Never over a stream, where nothing can be pressed. */
  #mayRewrite() {
    const map = this.board.entry;
    return this.address.mode !== "obs" && Boolean(this.board.capabilities.regenerate && map && !map.read_only && this.board.map.song?.objects);
  }

  /** The chosen finding with the lines of the grid around it, where it has a time. */
  #chosenPart(finding = this.board.map?.findings.get(this.selected)) {
    return finding && drawable(finding) ? { finding, lines: this.looks.of(finding.key)?.lines ?? [] } : {};
  }

  // What the server says

  #hear(message) {
    if (message.type === "notice") this.notes.tell(message.message, { level: message.level });
    if (message.type === "applied" && message.map === this.board.map?.id) this.notes.tell(text("applied", { title: message.title }));
    if (message.type === "map" && !this.follow && message.map !== this.wanted) return;
    const other = message.type === "map" && message.map !== this.board.map?.id;
    const news = this.board.hear(message);
    if (message.type === "welcome") this.#subscribe();
    if (news.stale) this.#again();
    if (message.type === "editing" && this.follow && message.map === null) this.board.leave();
    if (other) this.#turned();
    else if (message.type === "map") this.looks.age();
    if (message.type === "maps-changed" && this.#missed(message.changed)) this.#subscribe();
    if (news.parts.size === 1 && news.parts.has("playhead")) this.#moved();
    else if (news.parts.size) this.#changed(news);
  }

  #subscribe() {
    if (this.follow) this.connection.send({ type: "subscribe", follow: true });
    if (!this.follow && this.wanted) this.connection.send({ type: "subscribe", map: this.wanted });
  }

  /** Has the map sent whole once more. */
  #again() {
    this.connection.send(this.follow ? { type: "unsubscribe", follow: true } : { type: "unsubscribe", map: this.wanted });
    this.#subscribe();
  }

  /** Whether the map that is wished for, and was not there, is among these. */
  #missed(maps) {
    return !this.follow && this.board.map?.id !== this.wanted && maps.some((each) => each.id === this.wanted);
  }

  #turned() {
    this.looks.forget();
    this.fresh.clear();
    this.selected = null;
    this.gone = null;
    if (this.follow) this.listing = false;
    this.rewriting.close();
    this.found.scrollTop = 0;
    this.choice = { ...this.choice, severities: new Set(), categories: new Set(), words: "" };
  }

  #changed(news) {
    if (news.parts.has("findings") && !news.parts.has("map")) this.#mark(news);
    this.#show();
  }

  #mark(news) {
    const until = Date.now() + FRESH_MS;
    for (const key of news.added) this.fresh.set(key, until);
    if (news.added.length) setTimeout(() => this.#age(), FRESH_MS + 50);
    const [come, went] = [news.added.length, news.removed.length];
    if (come || went) this.notes.say(text("live.changed", { come: text("live.come", { n: come }), went: text("live.went", { n: went }) }));
  }

  #age() {
    for (const [key, until] of this.fresh) if (until <= Date.now()) this.fresh.delete(key);
    this.list?.refresh();
  }

  #status(status) {
    this.connected = status;
    const banner = at("banner");
    const key = { lost: "banner.lost", refused: "banner.refused" }[status.state];
    const seconds = Math.ceil((status.again_ms ?? 0) / 1000);
    if (key) write(banner, text(key, { seconds }));
    const again = status.state === "connecting" && status.attempt > 0;
    assign(banner, "data-shown", Boolean(key) || (again && banner.dataset.shown !== undefined));
    if (status.state === "open") write(banner, "");
    assign(document.documentElement, "data-connection", status.state);
    this.#show();
  }

  // What is shown

  #show() {
    const map = this.board.entry ?? this.board.map?.header ?? null;
    const { song = null, strip = null, model = null } = this.board.map ?? {};
    const findings = this.board.findings;
    const listing = this.listing || !map;
    const readable = map && map.state !== "unreadable";
    if (this.rewriting.open && (!readable || this.rewriting.map.id !== map.id)) return this.rewriting.close();
    this.masthead.show({ map: this.listing ? null : map, song: readable ? song : null, model, follow: this.follow, listing: this.listing, connected: this.connected.state === "open" });
    assign(document.documentElement, "data-screen", listing ? "maps" : "map");
    const told = !listing && readable;
    this.strip.show({ song: told ? song : null, strip, model, findings, selected: this.selected });
    this.strip.place(this.board.playhead);
    assign(at("toolbar"), "hidden", !told || !findings.length);
    if (told) this.#showToolbar(findings);
    assign(this.found, "hidden", !told);
    assign(this.allBox, "hidden", !listing || !this.board.maps.size || this.address.mode === "obs");
    if (listing) this.#showMaps();
    if (this.address.mode === "obs") this.#showForemost(findings);
    else if (told) this.#showFindings(findings, map);
    this.#showDetails(told);
    this.#sayNothing(map, listing, findings);
  }

  #showToolbar(findings) {
    const dismissed = findings.filter((each) => each.dismissed).length;
    this.toolbar.show({ choice: this.choice, severities: tally(findings, "severity"), categories: tally(findings, "category"), dismissed });
  }

  #showFindings(findings, map) {
    this.rows = rowsOf(findings, this.choice, this.pins.of(map.id), this.folded);
    if (!this.selected && matchMedia(WIDE).matches && this.address.mode === "page") {
      const first = this.rows.find((row) => row.finding && drawable(row.finding)) ?? this.rows.find((row) => row.finding);
      this.selected = first?.id ?? null;
    }
    this.list.show(this.rows);
  }

  #showForemost(findings) {
    const room = Math.max(Math.floor((this.found.clientHeight || 90) / this.#measured().plain), 1);
    const few = foremost(findings, room, this.board.playhead?.time_ms ?? null);
    const kind = (this.obsKind ??= findingRows(this.#rowHost(), () => this.#measured()));
    const rows = few.map((finding) => ({ id: finding.key, finding, pinned: false }));
    keyed(this.found, rows, (row) => row.id, (row) => kind.make(row), (made, row) => {
      kind.update(made, row);
      for (const each of made.querySelectorAll("button, a")) assign(each, "tabindex", -1);
    });
    this.looks.want(few.filter(drawable).map((each) => each.key), this.board.map?.revision);
  }

  #showMaps() {
    if (!this.maps) return;
    const maps = [...this.board.maps.values()];
    const lead = this.follow && !this.board.editing ? "maps.lead-follow" : "maps.lead";
    write(this.allBox.querySelector(".lead"), text(this.board.omitted ? "maps.lead-omitted" : lead, { n: this.board.omitted }));
    this.maps.show(mapRows(maps, this.finder.value));
  }

  #showDetails(told) {
    const finding = this.selected ? this.board.map?.findings.get(this.selected) : null;
    if (finding) this.gone = finding;
    const shown = told ? (finding ?? (this.selected ? this.gone : null)) : null;
    const wide = matchMedia(WIDE).matches && this.address.mode === "page";
    const written = this.rewriting.open;
    assign(at("rewriting"), "hidden", !written || !told);
    const hidden = written || this.address.mode === "obs" || !told || (!shown && !wide) || !this.board.findings.length;
    assign(at("details"), "hidden", hidden);
    assign(document.documentElement, "data-alone", hidden && !written);
    assign(document.documentElement, "data-rewriting", written);
    assign(document.documentElement, "data-details", shown || written ? "open" : null);
    const pinned = Boolean(shown && this.pins.of(this.board.map.id).has(shown.key));
    this.details.show(shown ?? null, { pinned, gone: Boolean(shown && !finding), revision: this.board.map?.revision });
  }

  #sayNothing(map, listing, findings) {
    const visible = this.rows?.some((row) => row.finding || row.folded) ?? false;
    let said = null;
    if (listing && !this.board.maps.size) said = this.connected.state === "refused" ? "refused" : this.connected.state === "open" && this.board.listed ? "no-maps" : "connecting";
    else if (listing && this.address.mode === "obs") said = "not-edited";
    else if (!listing && map.state === "unreadable") said = "unreadable";
    else if (!listing && !findings.length) said = map.state === "ready" && this.board.map.model?.state !== "waiting" ? "clean" : "checking";
    else if (!listing && this.address.mode !== "obs" && !visible) said = "filtered";
    assign(this.nothing, "hidden", !said);
    assign(this.found, "data-empty", Boolean(said) || null);
    if (!said) return;
    const parts = [element("h2", {}, text(`nothing.${said}`)), element("p", { dir: "auto" }, said === "unreadable" ? (map.reason ?? "") : text(`nothing.${said}-more`))];
    if (said === "filtered") parts.push(element("button", { class: "chip", type: "button", on: { click: () => this.#choose({ all: true }) } }, text("nothing.show-all")));
    const before = this.nothing.dataset.said;
    if (before === `${said} ${map?.reason ?? ""}`) return;
    this.nothing.dataset.said = `${said} ${map?.reason ?? ""}`;
    this.nothing.replaceChildren(...parts);
  }

  #moved() {
    this.strip.place(this.board.playhead);
    if (this.address.mode === "obs") this.#showForemost(this.board.findings);
    const near = this.board.findings.filter((each) => this.#near(each)).map((each) => each.key).join();
    if (near !== this.wasNear) this.list?.refresh();
    this.wasNear = near;
  }

  #near(finding) {
    const now = this.board.playhead?.time_ms;
    if (now === undefined || !drawable(finding)) return false;
    return finding.time_ms - NEAR_MS <= now && now <= (finding.end_ms ?? finding.time_ms) + NEAR_MS;
  }

  #seen(rows) {
    if (!this.board.map) return;
    const keys = rows.filter((row) => row.finding && drawable(row.finding)).map((row) => row.id);
    const chosen = this.board.map.findings.get(this.selected);
    if (chosen && drawable(chosen) && !keys.includes(this.selected)) keys.unshift(this.selected);
    this.looks.want(keys, this.board.map.revision);
  }

  #looked(key) {
    if (this.address.mode === "obs") this.#showForemost(this.board.findings);
    else this.list.refresh();
    if (key === this.selected) this.details.draw();
  }

  // What the user does

  #act(name, row, more) {
    const key = row?.id;
    if (name === "fold") return this.#fold(row.group);
    if (name === "close") return this.#close();
    if (name === "select") return this.#select(key);
    if (name === "open") return this.#open({ finding: row.finding });
    if (name === "rewrite") return this.#rewrite(row.finding);
    if (name === "copy") return this.#copy(row.finding.timestamp || row.finding.message);
    if (name === "copy-line") return this.#copy(`${row.finding.timestamp} - ${row.finding.message}`);
    if (name === "pin") return this.#pin(key);
    if (name === "dismiss") return row.finding.dismissed ? this.#restore(key) : this.#dismiss(key, more ?? "here");
    return undefined;
  }

  #rewrite(finding) {
    if (this.listing || !this.#mayRewrite()) return;
    this.rewriting.show(this.#chosenPart(finding));
  }

  #fold(group) {
    if (!this.folded.delete(group)) this.folded.add(group);
    this.#show();
  }

  #select(key, { reveal = false } = {}) {
    this.selected = key;
    const finding = this.board.map?.findings.get(key);
    if (reveal && this.list && !this.list.has(key) && finding) this.#uncover(finding);
    this.#show();
    if (reveal) this.list?.reveal(key, { centred: true });
    if (finding && this.address.mode === "preview") {
      tellFrame({ type: "reveal", path: this.board.entry?.path, line: finding.line });
    }
    if (!matchMedia(WIDE).matches && !reveal) this.details.message.focus({ preventScroll: true });
  }

  #uncover(finding) {
    this.folded.delete(finding.category);
    this.folded.delete("pinned");
    this.folded.delete("others");
    this.#choose({ all: true });
  }

  #close() {
    const key = this.selected;
    this.selected = null;
    this.gone = null;
    this.#show();
    if (key) this.list?.reveal(key, { focus: true });
  }

  async #open({ finding = null, time_ms: time = null }) {
    const told = finding ? { finding: finding.key } : { time_ms: time };
    if (finding && !editLink(finding.link)) return;
    const link = finding ? editLink(finding.link) : `osu://edit/${stamp(time)}`;
    if (this.board.entry?.format !== "osu") return;
    if (tellFrame({ type: "open", link })) return;
    if (!this.openByServer) {
      window.location.href = link;
      return;
    }
    await this.#try(() => this.#ask("open", told));
  }

  async #copy(words) {
    this.notes.tell((await copy(words)) ? text("copied", { words }) : text("not-copied", { words }));
  }

  #pin(key) {
    const pinned = this.pins.toggle(this.board.map.id, key);
    this.notes.say(text(pinned ? "pinned" : "unpinned"));
    this.#show();
  }

  async #dismiss(key, scope) {
    const done = await this.#try(() => this.#ask("dismiss", { finding: key, scope }));
    if (!done) return;
    const undo = { label: text("undo"), act: () => this.#restore(key) };
    this.notes.tell(text(done.saved === false ? "dismissed.unsaved" : scope === "map" ? "dismissed.map" : "dismissed.here"), { undo });
  }

  async #restore(key) {
    if (await this.#try(() => this.#ask("restore", { finding: key }))) this.notes.say(text("restored"));
  }

  #ask(type, more) {
    return this.connection.request({ type, map: this.board.map?.id, ...more });
  }

  async #try(act) {
    try {
      return (await act()) ?? {};
    } catch (trouble) {
      this.notes.tell(sentence(trouble), { level: "error" });
      return null;
    }
  }

  #choose(change) {
    const choice = { ...this.choice };
    const toggled = (set, value) => new Set(set.has(value) ? [...set].filter((each) => each !== value) : [...set, value]);
    if (change.severity) choice.severities = toggled(choice.severities, change.severity);
    if (change.category) choice.categories = toggled(choice.categories, change.category);
    for (const name of ["words", "order", "dismissed"]) if (name in change) choice[name] = change[name];
    this.choice = change.all ? { ...NO_CHOICE, order: choice.order, dismissed: choice.dismissed } : choice;
    if (change.order) remember("order", change.order);
    this.#show();
    const n = this.rows?.filter((row) => row.finding).length ?? 0;
    this.notes.say(text("live.shown", { n }));
  }

  #way(name) {
    if (name === "help") return at("help").showModal();
    if (name === "follow") return this.#follow();
    this.listing = !this.listing && Boolean(this.board.map);
    this.#show();
    if (this.listing) this.finder.focus();
    return undefined;
  }

  #follow() {
    if (this.follow) {
      this.follow = false;
      this.wanted = this.board.map?.id ?? null;
      this.connection.send({ type: "unsubscribe", follow: true });
    } else {
      if (this.wanted) this.connection.send({ type: "unsubscribe", map: this.wanted });
      this.follow = true;
      this.wanted = null;
      this.listing = false;
    }
    this.#subscribe();
    this.#show();
  }

  #chooseMap(id) {
    if (this.follow) this.connection.send({ type: "unsubscribe", follow: true });
    else if (this.wanted && this.wanted !== id) this.connection.send({ type: "unsubscribe", map: this.wanted });
    const same = this.board.map?.id === id && !this.follow;
    this.follow = false;
    this.wanted = id;
    this.listing = false;
    if (!same) this.connection.send({ type: "subscribe", map: id });
    this.#show();
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || at("help").open) return;
    const typing = event.target.closest("input, textarea, select");
    if (event.key === "Escape") return this.#escape(typing);
    if (typing) return undefined;
    const act = this.#shortcuts(event);
    if (!act) return undefined;
    event.preventDefault();
    return act();
  }

  #escape(typing) {
    if (typing?.type === "search" && typing.value) {
      typing.value = "";
      typing.dispatchEvent(new Event("input"));
    } else if (this.listing) this.#way("maps");
    else if (this.rewriting.open) this.rewriting.close();
    else if (this.selected) this.#close();
  }

  #shortcuts(event) {
    const focused = document.activeElement?.closest(".row-finding")?.dataset.key;
    const key = focused ?? this.selected;
    const finding = this.board.map?.findings.get(key);
    const row = finding ? { id: key, finding } : null;
    const on = (name, more) => row && (() => this.#act(name, row, more));
    const severity = SEVERITIES[Number(event.key) - 1];
    if (severity && !this.listing) return () => this.#choose({ severity });
    const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    return {
      o: on("open"), c: event.shiftKey ? on("copy-line") : on("copy"), p: on("pin"), d: on("dismiss"),
      f: row?.finding.fixes?.length ? () => this.#previewFix(key) : null,
      0: () => this.#choose({ all: true }),
      t: () => this.#choose({ order: this.choice.order === "time" ? "category" : "time" }),
      r: () => this.#rewrite(finding),
      s: () => this.strip.board.focus(),
      m: () => this.#way("maps"), l: () => this.#follow(), "?": () => this.#way("help"),
      "/": () => (this.listing || !this.board.map ? this.finder : this.toolbar.words).focus(),
      ArrowDown: () => this.#intoList(), j: () => this.#intoList(),
    }[name];
  }

  #previewFix(key) {
    if (this.selected !== key) this.#select(key);
    const preview = at("details").querySelector(".fix .chip");
    if (preview?.getAttribute("aria-expanded") === "false") preview.click();
    preview?.scrollIntoView({ block: "nearest" });
  }

  #intoList() {
    const list = this.allBox.hidden ? this.found : this.all;
    (list.querySelector("[tabindex='0']") ?? list.querySelector(".primary"))?.focus();
  }
}

function at(id) {
  return document.getElementById(id);
}

/** Why the socket did not open: the server is "gone", or it is there and so it "refused" us. */
async function probe(server) {
  try {
    return (await fetch(`${server}/healthz`, { cache: "no-store" })).ok ? "refused" : "gone";
  } catch {
    return "gone";
  }
}

async function json(name) {
  const answer = await fetch(name, { cache: "no-cache" });
  return answer.ok ? answer.json() : null;
}

async function start() {
  const kept = document.querySelector("meta[name=maimod-server]") ? await json("server.json") : null;
  const address = addressOf(window.location, kept);
  document.documentElement.dataset.mode = address.mode;
  useTheme(address.theme);
  useStrings(await json("strings.en.json"));
  const page = new Page(address);
  if (address.mode === "preview") takeThemeFromFrame(() => page.repaint());
  page.start();
}

start();
