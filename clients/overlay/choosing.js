/** From all findings to the rows of the list: filtered, ordered, grouped. */

export const SEVERITIES = ["error", "warning", "information", "hint"];
const CATEGORIES = [
  "surprisal", "timing", "compose", "hit sounds", "spread", "events", "settings", "metadata", "resources", "audio", "files",
  "skinning", "chart", "syntax",
];

/** Findings of one map as chosen by `choice` = {severities, categories, words, dismissed, order}; empty sets choose everything. */
export function chosen(findings, choice) {
  const words = choice.words.toLowerCase().split(/\s+/).filter(Boolean);
  return findings.filter(
    (each) =>
      (choice.dismissed || !each.dismissed) &&
      (!choice.severities.size || choice.severities.has(each.severity)) &&
      (!choice.categories.size || choice.categories.has(each.category)) &&
      words.every((word) => searched(each).includes(word)),
  );
}

function searched(finding) {
  return `${finding.message} ${finding.name} ${finding.code} ${finding.timestamp ?? ""} ${finding.category}`.toLowerCase();
}

/** How often each value of `field` occurs, dismissed ones apart. */
export function tally(findings, field) {
  const counts = new Map();
  for (const each of findings) if (!each.dismissed) counts.set(each[field], (counts.get(each[field]) ?? 0) + 1);
  return counts;
}

export function inOrder(categories) {
  const rank = (category) => (CATEGORIES.indexOf(category) + CATEGORIES.length) % CATEGORIES.length;
  return [...categories].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

/** Findings without a time come first, then by time, the gravest first where they share one. */
export function byTime(a, b) {
  return (
    (a.time_ms ?? -Infinity) - (b.time_ms ?? -Infinity) || SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    (a.key < b.key ? -1 : 1)
  );
}

/** The gravest first; of what the model remarks on, the rarest first among equals. */
export function byWeight(a, b) {
  return (
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) || (b.surprisal?.bits ?? 0) - (a.surprisal?.bits ?? 0) ||
    byTime(a, b)
  );
}

/**
 * The rows: {id, group, count, folded} before each group, {id, finding, pinned} below it. Pinned ones stand once, on top.
 * Order "time" has no groups but the pinned one.
 */
export function rowsOf(findings, choice, pins = new Set(), folded = new Set()) {
  const shown = chosen(findings, choice);
  const pinned = shown.filter((each) => pins.has(each.key)).sort(byTime);
  const others = shown.filter((each) => !pins.has(each.key));
  const groups = pinned.length ? [["pinned", pinned]] : [];
  if (choice.order === "time") groups.push([pinned.length ? "others" : null, others.sort(byTime)]);
  else {
    const parts = byCategory(others);
    for (const category of inOrder(parts.keys()))
      groups.push([category, parts.get(category).sort(category === "surprisal" ? byWeight : byTime)]);
  }
  return groups.flatMap(([group, members]) => {
    const head = group === null || !members.length ? [] : [{ id: `group:${group}`, group, count: members.length, folded: folded.has(group) }];
    const rows = members.map((finding) => ({ id: finding.key, finding, pinned: group === "pinned" }));
    return folded.has(group) ? head : [...head, ...rows];
  });
}

function byCategory(findings) {
  const parts = new Map();
  for (const each of findings) {
    if (!parts.has(each.category)) parts.set(each.category, []);
    parts.get(each.category).push(each);
  }
  return parts;
}

/** The few that are worth the little room of an OBS source: nearest to the playhead, else the gravest. */
export function foremost(findings, most, playhead = null) {
  const open = findings.filter((each) => !each.dismissed);
  if (playhead === null) return open.sort(byWeight).slice(0, most);
  const away = (each) => Math.abs(each.time_ms - playhead);
  const timed = open.filter((each) => each.time_ms !== null).sort((a, b) => away(a) - away(b) || byWeight(a, b));
  return timed.slice(0, most).sort(byTime);
}

/** The finding with a time nearest to `ms`, within `reach` ms; null where there is none. */
export function nearest(findings, ms, reach = Infinity) {
  let best = null;
  for (const each of findings) {
    if (each.time_ms === null || each.time_ms === undefined) continue;
    const inside = each.end_ms !== null && each.end_ms !== undefined && each.time_ms <= ms && ms <= each.end_ms;
    const away = inside ? 0 : Math.abs(each.time_ms - ms);
    if (away <= reach && (!best || away < best.away)) best = { away, finding: each };
  }
  return best?.finding ?? null;
}
