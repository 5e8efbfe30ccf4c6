/** One candidate: how it fits beside what stands, how dense it is, and which findings it brings. */

import { assign, element, keyed, write } from "../elements.js";
import { SEVERITIES } from "../choosing.js";
import { sharesOf } from "../section.js";
import { text } from "../strings.js";
import { icon } from "./icons.js";

export function candidateCard(pick) {
  const bars = ["now", "then"].map((name) => element("i", { class: `bar-${name}` }));
  const parts = {
    number: element("span", { class: "candidate-number" }),
    fit: element("strong", {}),
    now: element("span", { class: "soft" }),
    bars: element("span", { class: "bars", "aria-hidden": "true" }, ...bars),
    notes: element("span", { class: "candidate-notes" }),
    findings: element("span", { class: "candidate-findings" }),
  };
  const told = element("span", { class: "candidate-told" }, element("span", { class: "candidate-fit" }, parts.fit, " ", parts.now), parts.bars, parts.notes, parts.findings);
  const made = element("button", { class: "candidate", type: "button", on: { click: pick } }, parts.number, told);
  return Object.assign(made, { parts });
}

export function updateCard(made, proposal, chosen) {
  const { parts } = made;
  const { before, after } = proposal;
  assign(made, "aria-pressed", chosen ? "true" : "false");
  write(parts.number, String(proposal.candidate));
  write(parts.fit, after ? text("candidate.bits", { bits: after.bits.toFixed(1) }) : proposal.title);
  write(parts.now, after ? text("candidate.now", { bits: before.bits.toFixed(1) }) : "");
  assign(parts.bars, "hidden", !after);
  if (after) sharesOf(before.bits, after.bits).forEach((share, at) => (parts.bars.children[at].style.transform = `scaleX(${share.toFixed(3)})`));
  assign(parts.notes, "hidden", !after);
  write(parts.notes, after ? text("candidate.notes", { n: after.notes, before: before.notes, density: after.density.toFixed(1), pace: before.density.toFixed(1) }) : "");
  const counts = SEVERITIES.map((severity) => ({ severity, n: proposal.causes.filter((each) => each.severity === severity).length })).filter((each) => each.n);
  const said = [
    ...counts.map(({ severity, n }) => ({ name: severity, glyph: severity, words: text("candidate.brings", { what: text(`counts.${severity}`, { n }) }) })),
    ...(proposal.more_causes ? [{ name: "more", words: text("candidate.more", { n: proposal.more_causes }) }] : []),
    ...(counts.length ? [] : [{ name: "nothing", words: text("candidate.brings-nothing") }]),
    ...(proposal.solved ? [{ name: "solved", words: text("candidate.solves", { n: proposal.solved }) }] : []),
    ...(proposal.left_out ? [{ name: "left-out", words: text("candidate.left-out", { n: proposal.left_out }) }] : []),
  ];
  keyed(parts.findings, said, (each) => each.name, (each) => element("span", { class: `brought of-${each.name}` }, each.glyph ? icon(each.glyph) : null, element("span")), (one, each) => write(one.lastChild, each.words));
}
