/** All about one finding: its drawing, what was expected, what can be done, the rule's page. */

import { assign, element, keyed, write } from "../elements.js";
import { pictureOf } from "../drawing/picture.js";
import { editLink, webLink } from "../stamps.js";
import { hasText, text } from "../strings.js";
import { diffOf } from "./diff.js";
import { drawable, expectedOf, makeExpected, percent, updateExpected } from "./finding_row.js";
import { icon } from "./icons.js";

const MOST_FIELDS = 6;

export class Details {
  /** `host` = {act(name, row, more), explain(key), propose(key, fix), openByServer, looks, capabilities(), mayRewrite()}. */
  constructor(root, host) {
    Object.assign(this, { root, host, key: null });
    assign(root, "aria-label", text("details"));
    const doing = (name, more) => () => host.act(name, { id: this.key, finding: this.finding }, more);
    this.close = element("button", { class: "way close", type: "button", "aria-label": text("details.close"), title: text("details.close-title"), on: { click: () => host.act("close") } }, icon("back"));
    this.severity = element("span", { class: "severity-name" });
    this.rule = element("span", { class: "rule" });
    this.message = element("h2", { class: "message", dir: "auto", tabindex: "-1" });
    this.stamp = host.openByServer ? element("button", { class: "stamp", type: "button", on: { click: doing("open") } }) : element("a", { class: "stamp" });
    this.gone = element("p", { class: "gone" }, text("details.gone"));
    this.picture = element("div", { class: "drawing" });
    this.actual = element("p", { class: "actual", dir: "auto" });
    this.expected = element("ul", { class: "expected" });
    this.copy = this.#button("copy", "copy", doing("copy"));
    this.line = this.#button("copy-line", "copy", doing("copy-line"));
    this.pin = this.#button("pin", "pin", doing("pin"));
    this.dismiss = this.#button("dismiss", "dismiss", doing("dismiss"));
    this.everywhere = this.#button("dismiss-all", "dismiss", doing("dismiss", "map"));
    this.rewrite = this.#button("rewrite", "rewrite", doing("rewrite"));
    this.related = element("ul", { class: "related" });
    this.fixes = element("div", { class: "fixes" });
    this.model = element("div", { class: "model" });
    this.page = element("div", { class: "page" });
    this.empty = element("p", { class: "nothing" }, text("details.empty"));
    this.body = element(
      "div", { class: "details-body" },
      element("div", { class: "details-head" }, this.close, this.severity, this.rule),
      this.gone, this.message, element("p", { class: "where" }, this.stamp), this.picture, this.actual, this.expected,
      element("div", { class: "doings" }, this.copy, this.line, this.pin, this.dismiss, this.everywhere, this.rewrite),
      this.related, this.fixes, this.model, this.page,
    );
    root.append(this.body, this.empty);
  }

  #button(name, glyph, press) {
    return element("button", { class: `doing doing-${name}`, type: "button", on: { click: press } }, icon(glyph), element("span"));
  }

  /** Shows that finding; `gone`: it was, and a save took it away; `revision`: that of the map, whose notes around it may be others now. */
  show(finding, { pinned = false, gone = false, revision = 0 } = {}) {
    assign(this.empty, "hidden", Boolean(finding));
    assign(this.body, "hidden", !finding);
    if (!finding) {
      this.key = null;
      return;
    }
    const other = finding.key !== this.key;
    const changed = finding !== this.finding;
    Object.assign(this, { key: finding.key, finding });
    assign(this.root, "class", `details of-${finding.severity}${finding.dismissed ? " is-dismissed" : ""}${gone ? " is-gone" : ""}`);
    assign(this.gone, "hidden", !gone);
    this.#label(this.pin, pinned ? "act.unpin" : "act.pin");
    this.#label(this.dismiss, finding.dismissed ? "act.restore" : "act.dismiss");
    assign(this.everywhere, "hidden", finding.dismissed);
    for (const each of [this.copy, this.line, this.pin, this.dismiss, this.everywhere, this.rewrite]) each.disabled = gone;
    this.#label(this.rewrite, "rewrite.this");
    assign(this.rewrite, "hidden", !drawable(finding) || !this.host.mayRewrite());
    if (changed || other) this.#fill(finding, other);
    this.draw();
    if (other || (!gone && revision !== this.revision)) this.#explain(finding.key, { anew: other });
    this.revision = revision;
  }

  #label(button, key) {
    write(button.lastChild, text(key));
  }

  #fill(finding, other) {
    this.severity.replaceChildren(icon(finding.severity), text(`severity.${finding.severity}`));
    write(this.rule, `${finding.code} ${finding.name}`);
    write(this.message, finding.message);
    const link = editLink(finding.link);
    assign(this.stamp, "hidden", !finding.timestamp);
    this.stamp.replaceChildren(...(link ? [icon("open")] : []), finding.timestamp ?? "");
    if (this.host.openByServer) assign(this.stamp, "disabled", !link);
    else assign(this.stamp, "href", link);
    assign(this.stamp, "title", link ? text("finding.open") : null);
    keyed(this.expected, expectedOf(finding), (each) => each.value, makeExpected, updateExpected);
    this.#label(this.copy, finding.timestamp ? "act.copy" : "act.copy-message");
    this.#label(this.line, "act.copy-line");
    assign(this.line, "hidden", !finding.timestamp);
    this.#label(this.everywhere, "act.dismiss-map");
    keyed(this.related, finding.related ?? [], (each) => `${each.path} ${each.time_ms} ${each.message}`, () => element("li", { dir: "auto" }), (made, each) => write(made, text("details.related", { path: each.path, message: each.message })));
    this.#offer(finding, other);
  }

  draw(fix = this.fix ?? null) {
    const look = this.finding && drawable(this.finding) ? this.host.looks.of(this.key) : null;
    const drawing = this.proposed ?? look;
    if (drawing === this.drawing && this.drawnFor === this.key && fix === this.drawnFix) return;
    Object.assign(this, { drawing, drawnFor: this.key, drawnFix: fix });
    const picture = drawing && pictureOf(drawing, { label: text("details.drawing", { n: drawing.notes.length, time: this.finding.timestamp || "" }), fix });
    this.picture.replaceChildren(...(picture ? [picture] : []));
    assign(this.picture, "hidden", !picture && (!this.finding || !drawable(this.finding) || Boolean(look)));
    write(this.actual, (look?.actual ?? []).map((each) => text("details.actual", each)).join("  ·  "));
    assign(this.actual, "hidden", !look?.actual?.length);
  }

  #offer(finding, other) {
    if (other) Object.assign(this, { proposed: null, fix: null });
    const fixes = (finding.fixes ?? []).map((fix, number) => ({ ...fix, number }));
    keyed(this.fixes, fixes, (fix) => `${fix.number} ${fix.title} ${finding.key}`, (fix) => this.#fix(fix), () => {});
    assign(this.fixes, "hidden", !fixes.length);
  }

  #fix(fix) {
    const preview = element("button", { class: "chip", type: "button", "aria-expanded": "false", on: { click: () => this.#preview(fix, preview, room) } }, text("fix.preview"));
    const room = element("div", { class: "proposal", hidden: true });
    return element(
      "section", { class: `fix fix-${fix.safety}` },
      element("div", { class: "fix-line" }, icon("fix"), element("span", { class: "fix-title", dir: "auto" }, fix.title), element("span", { class: "safety" }, text(`safety.${fix.safety}`)), preview),
      room,
    );
  }

  async #preview(fix, button, room) {
    const open = button.getAttribute("aria-expanded") !== "true";
    assign(button, "aria-expanded", open ? "true" : "false");
    write(button, text(open ? "fix.hide" : "fix.preview"));
    assign(room, "hidden", !open);
    this.fix = open ? fix.number : null;
    this.draw();
    if (!open) return;
    room.replaceChildren(element("p", { class: "busy" }, text("busy")));
    const key = this.key;
    try {
      const proposal = await this.host.propose(key, fix.number);
      if (key === this.key) room.replaceChildren(diffOf(proposal), this.#applying(proposal));
    } catch (trouble) {
      room.replaceChildren(element("p", { class: "trouble" }, sentence(trouble)));
    }
  }

  #applying(proposal) {
    if (proposal.safety === "display") return element("p", { class: "note" }, text("fix.display"));
    if (!this.host.capabilities().edits) return element("p", { class: "note" }, text("fix.not-allowed"));
    const said = element("span", { class: "note", role: "status" });
    const apply = element("button", { class: "apply", type: "button", on: { click: () => this.#apply(proposal, apply, said) } }, text("fix.apply"));
    return element("p", { class: "applying" }, apply, said);
  }

  async #apply(proposal, button, said) {
    button.disabled = true;
    try {
      await this.host.apply(proposal.proposal);
      write(said, text("fix.applied"));
    } catch (trouble) {
      button.disabled = false;
      write(said, sentence(trouble));
    }
  }

  /** `anew`: nothing is known of it yet; else what stands there stays until the answer comes. */
  async #explain(key, { anew }) {
    if (anew) {
      this.model.replaceChildren();
      this.page.replaceChildren(element("p", { class: "busy" }, text("busy")));
    }
    const question = (this.question = {});
    let told;
    try {
      told = await this.host.explain(key);
    } catch (trouble) {
      const shown = this.page.querySelector("h3");
      if (question === this.question && key === this.key && !shown) this.page.replaceChildren(element("p", { class: "trouble" }, sentence(trouble)));
      return;
    }
    if (question !== this.question || key !== this.key) return;
    const words = JSON.stringify(told);
    if (!anew && words === this.told) return;
    this.told = words;
    this.model.replaceChildren(...noteOf(told.note));
    this.page.replaceChildren(...pageOf(told));
  }
}

/** What to tell the user of a request that failed. */
export function sentence(trouble) {
  return trouble.message || (hasText(`trouble.${trouble.code}`) ? text(`trouble.${trouble.code}`) : text("trouble.other"));
}

function noteOf(note) {
  if (!note) return [];
  const suspicion = text("model.note", { rank: note.rank, notes: note.notes, suspicion: percent(note.suspicion) });
  const fields = [...note.fields].sort((a, b) => b.bits - b.entropy - (a.bits - a.entropy)).slice(0, MOST_FIELDS);
  const rows = fields.map((field) =>
    element(
      "tr", {},
      element("th", { scope: "row" }, field.name),
      element("td", { dir: "auto" }, field.actual),
      element("td", { dir: "auto" }, field.expected.slice(0, 2).map((each) => `${each.value} ${percent(each.probability)}`).join(", ")),
      element("td", { class: "number" }, field.bits.toFixed(1)),
    ),
  );
  const head = ["model.field", "model.actual", "model.expected", "model.bits"].map((key) => element("th", { scope: "col" }, text(key)));
  return [
    element("h3", {}, text("model.title")),
    element("p", {}, suspicion),
    ...(note.mistakes.length ? [element("p", { class: "soft" }, text("model.mistakes", { mistakes: note.mistakes.slice(0, 3).map((each) => `${each.name} (${percent(each.probability)})`).join(", ") }))] : []),
    element("div", { class: "table", tabindex: "0", role: "group", "aria-label": text("model.title") }, element("table", {}, element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...rows))),
  ];
}

function pageOf({ rule, url }) {
  const paragraphs = rule.text.split(/\n\s*\n/).filter((part) => part.trim() !== rule.title.trim());
  const link = webLink(url);
  return [
    element("h3", {}, rule.title),
    ...paragraphs.map((part) => element("p", {}, ...inline(part.replace(/\s*\n\s*/g, " ").trim()))),
    ...(link ? [element("p", {}, element("a", { href: link, target: "_blank", rel: "noreferrer noopener" }, text("details.page")))] : []),
  ];
}

/** Plain text with `code` between backticks as elements. */
function inline(words) {
  return words.split(/(`[^`]+`)/).map((part) => (/^`.+`$/.test(part) ? element("code", {}, part.slice(1, -1)) : part));
}
