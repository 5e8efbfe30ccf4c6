/** The lines of a map that a proposal replaces. */

import { element } from "../elements.js";
import { text } from "../strings.js";

const MOST_LINES = 200;

export function diffOf(proposal) {
  const lines = (proposal.hunks ?? []).flatMap((hunk) => [
    element("li", { class: "diff-place" }, text("fix.line", { line: hunk.line })),
    ...shown(hunk.before, "shrunk", "−", "fix.removed"),
    ...shown(hunk.after, "grown", "+", "fix.added"),
  ]);
  return element("ol", { class: "diff", tabindex: "0", "aria-label": text("fix.diff") }, lines);
}

function shown(lines, role, sign, spoken) {
  const more = lines.length - MOST_LINES;
  const made = lines.slice(0, MOST_LINES).map((line) => element("li", { class: `diff-${role}` }, element("span", { class: "unseen" }, text(spoken)), element("i", { "aria-hidden": "true" }, sign), element("code", {}, line)));
  return more > 0 ? [...made, element("li", { class: "diff-place" }, text("fix.more", { n: more }))] : made;
}
