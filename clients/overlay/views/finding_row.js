/** One finding in the list, and the heads of groups. */

import { assign, element, keyed, write } from "../elements.js";
import { pictureOf } from "../drawing/picture.js";
import { editLink } from "../stamps.js";
import { hasText, text } from "../strings.js";
import { icon } from "./icons.js";

export function groupName(group) {
  return hasText(`category.${group}`) ? text(`category.${group}`) : group;
}

/** What `RowList` needs. `host` = {looks, selected(), fresh(key), near(finding), openByServer, act}. */
export function findingRows(host, heights) {
  return {
    heightOf: (row) => (row.finding ? (drawable(row.finding) ? heights().drawn : heights().plain) : heights().group),
    make: (row) => (row.finding ? makeFinding(host) : makeGroup(host)),
    update: (made, row) => (row.finding ? updateFinding(made, row, host) : updateGroup(made, row)),
  };
}

/** Whether a drawing belongs beside the finding: it has a time. */
export function drawable(finding) {
  return finding.time_ms !== null && finding.time_ms !== undefined;
}

function makeGroup(host) {
  const name = element("span", { class: "group-name" });
  const count = element("span", { class: "group-count" });
  const press = element("button", { class: "group primary", type: "button", on: { click: () => host.act("fold", made.row) } }, icon("fold"), name, count);
  const made = element("div", { class: "row row-group" }, element("h2", {}, press));
  Object.assign(made, { parts: { name, count, press } });
  return made;
}

function updateGroup(made, row) {
  const { name, count, press } = made.parts;
  made.row = row;
  write(name, groupName(row.group));
  write(count, String(row.count));
  assign(press, "aria-expanded", row.folded ? "false" : "true");
}

function makeFinding(host) {
  const made = element("div", { class: "row row-finding" });
  const doing = (action) => () => host.act(action, made.row);
  const pressed = (action, name) => element("button", { class: `act act-${action}`, type: "button", on: { click: doing(action) } }, icon(name));
  const parts = {
    select: element("button", { class: "select primary", type: "button", on: { click: doing("select"), dblclick: doing("open") } }),
    picture: element("div", { class: "thumb" }),
    severity: element("span", { class: "severity" }),
    stamp: null,
    name: element("span", { class: "rule" }),
    marks: element("span", { class: "marks" }),
    message: element("p", { class: "message", dir: "auto" }),
    expected: element("ul", { class: "expected" }),
    copy: pressed("copy", "copy"),
    pin: pressed("pin", "pin"),
    dismiss: pressed("dismiss", "dismiss"),
  };
  parts.stamp = host.openByServer
    ? element("button", { class: "stamp", type: "button", on: { click: doing("open") } })
    : element("a", { class: "stamp" });
  made.append(
    parts.select,
    parts.picture,
    element("div", { class: "told" }, element("div", { class: "line" }, parts.severity, parts.stamp, parts.name, parts.marks), parts.message, parts.expected),
    element("div", { class: "acts" }, parts.copy, parts.pin, parts.dismiss),
  );
  Object.assign(made, { parts, shown: {} });
  return made;
}

function updateFinding(made, row, host) {
  const { finding, pinned } = row;
  const { parts } = made;
  made.row = row;
  const classes = ["row row-finding", `of-${finding.severity}`, drawable(finding) ? "drawn" : "plain"];
  if (finding.dismissed) classes.push("is-dismissed");
  if (pinned) classes.push("is-pinned");
  if (host.fresh(finding.key)) classes.push("is-fresh");
  if (host.near(finding)) classes.push("is-near");
  assign(made, "class", classes.join(" "));
  assign(parts.select, "aria-current", host.selected() === finding.key ? "true" : null);
  draw(made, finding, host);
  if (made.shown.finding === finding && made.shown.pinned === pinned) return;
  made.shown = { ...made.shown, finding, pinned };
  const severity = text(`severity.${finding.severity}`);
  const name = text("finding.name", { severity, time: finding.timestamp || text("finding.whole"), message: finding.message });
  assign(parts.select, "aria-label", finding.dismissed ? text("finding.name-dismissed", { name }) : name);
  if (made.shown.severity !== finding.severity) parts.severity.replaceChildren(icon(finding.severity));
  made.shown.severity = finding.severity;
  assign(parts.severity, "title", severity);
  assign(parts.stamp, "hidden", !finding.timestamp);
  write(parts.stamp, finding.timestamp ?? "");
  const link = editLink(finding.link);
  if (!host.openByServer) assign(parts.stamp, "href", link);
  assign(parts.stamp, "disabled", host.openByServer && !link);
  assign(parts.stamp, "title", link ? text("finding.open") : null);
  write(parts.name, finding.name);
  write(parts.message, finding.message);
  keyed(parts.marks, marksOf(finding), (mark) => mark.name, makeMark, (each, mark) => write(each.lastChild, mark.text));
  keyed(parts.expected, expectedOf(finding), (each) => each.value, makeExpected, updateExpected);
  name_(parts.copy, text("act.copy"), "C");
  name_(parts.pin, text(pinned ? "act.unpin" : "act.pin"), "P");
  assign(parts.pin, "aria-pressed", pinned ? "true" : "false");
  name_(parts.dismiss, text(finding.dismissed ? "act.restore" : "act.dismiss"), "D");
  const glyph = finding.dismissed ? "restore" : "dismiss";
  if (made.shown.glyph !== glyph) parts.dismiss.replaceChildren(icon(glyph));
  made.shown.glyph = glyph;
}

function draw(made, finding, host) {
  const look = drawable(finding) ? host.looks.of(finding.key) : null;
  if (made.shown.look === look && made.shown.drawnFor === finding.key) return;
  made.shown.look = look;
  made.shown.drawnFor = finding.key;
  const picture = look && pictureOf(look);
  made.parts.picture.replaceChildren(...(picture ? [picture] : []));
  assign(made.parts.picture, "data-state", picture ? "drawn" : look ? "none" : "waiting");
}

function name_(button, label, key) {
  assign(button, "aria-label", label);
  assign(button, "title", `${label} (${key})`);
}

function marksOf(finding) {
  const marks = [];
  if (finding.track) marks.push({ name: "track", text: finding.track });
  if (finding.surprisal) marks.push({ name: "bits", text: text("finding.bits", { bits: finding.surprisal.bits.toFixed(1) }), title: text("finding.bits-title") });
  if (finding.fixes?.length) marks.push({ name: "fix", text: text("finding.fixes", { n: finding.fixes.length }), icon: "fix", title: finding.fixes[0].title });
  return marks;
}

function makeMark(mark) {
  return element("span", { class: `mark mark-${mark.name}`, title: mark.title }, mark.icon ? icon(mark.icon) : null, element("span"));
}

export function expectedOf(finding) {
  return (finding.surprisal?.expected ?? []).slice(0, 3);
}

/** One expected value with how likely it was, as a bar and in percent. */
export function makeExpected() {
  const made = element("li", {}, element("span", { class: "value", dir: "auto" }), element("span", { class: "bar" }, element("i")), element("span", { class: "percent" }));
  return made;
}

export function updateExpected(made, { value, probability }) {
  const [name, bar, share] = made.children;
  write(name, value);
  bar.firstChild.style.width = `${Math.round(probability * 100)}%`;
  write(share, percent(probability));
}

/** `93 %`; never 0 or 100 of what is not certain. */
export function percent(probability) {
  if (probability < 0.005) return "< 1 %";
  return probability >= 0.995 ? "> 99 %" : `${Math.round(probability * 100)} %`;
}
