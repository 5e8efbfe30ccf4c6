/** The lines of a map that a proposal replaces. */

import { element } from "../elements.js";
import { text } from "../strings.js";

const MOST_LINES = 200;
const MOST_HUNKS = 100;

export function diffOf(proposal) {
  const { shown, left } = parted(proposal.hunks ?? [], proposal.more_lines);
  const lines = shown.flatMap((hunk) => [
    element("li", { class: "diff-place" }, text("fix.line", { line: hunk.line })),
    ...linesOf(hunk.before, "shrunk", "−", "fix.removed"),
    ...linesOf(hunk.after, "grown", "+", "fix.added"),
  ]);
  return element("ol", { class: "diff", tabindex: "0", "aria-label": text("fix.diff") }, left > 0 ? [...lines, more(left)] : lines);
}

/** The stretches of a change that somebody reads, and how many lines the others have, `more` of which were not told. */
export function parted(hunks, more = 0) {
  const left = hunks.slice(MOST_HUNKS).reduce((count, { before, after }) => count + before.length + after.length, more);
  return { shown: hunks.slice(0, MOST_HUNKS), left };
}

function linesOf(lines, role, sign, spoken) {
  const left = lines.length - MOST_LINES;
  const made = lines.slice(0, MOST_LINES).map((line) => element("li", { class: `diff-${role}` }, element("span", { class: "unseen" }, text(spoken)), element("i", { "aria-hidden": "true" }, sign), element("code", {}, line)));
  return left > 0 ? [...made, more(left)] : made;
}

function more(count) {
  return element("li", { class: "diff-place" }, text("fix.more", { n: count }));
}
