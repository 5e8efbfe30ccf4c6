/** Which rows of a long list are seen: only these are made. Heights in px. */

/** The tops of rows of these heights, and at the end the height of all. */
export function topsOf(heights) {
  const tops = new Float64Array(heights.length + 1);
  for (let at = 0; at < heights.length; at++) tops[at + 1] = tops[at] + heights[at];
  return tops;
}

/** The row that stands at `y`; the first or last one beyond the ends, −1 where there is none. */
export function rowAt(tops, y) {
  let low = 0;
  let high = tops.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (tops[middle] <= y) low = middle;
    else high = middle - 1;
  }
  return high < 0 ? -1 : low;
}

/** The rows [first, beyond) between `top` and `top + height`, and `spare` px on both sides of it. */
export function seen(tops, top, height, spare) {
  const first = rowAt(tops, top - spare);
  return first < 0 ? [0, 0] : [first, rowAt(tops, top + height + spare) + 1];
}

/**
 * Where to scroll so that what was read stays in place when rows come and go above it. `before` and `after` are {ids, tops};
 * the first row seen that is still there keeps its distance from the top. A list at its very top stays there.
 */
export function steady(before, after, top) {
  if (top <= 0) return 0;
  const places = new Map(after.ids.map((id, at) => [id, at]));
  for (let at = Math.max(rowAt(before.tops, top), 0); at < before.ids.length; at++) {
    const now = places.get(before.ids[at]);
    if (now !== undefined) return Math.max(after.tops[now] + (top - before.tops[at]), 0);
  }
  return Math.max(Math.min(top, after.tops[after.ids.length]), 0);
}

/** How far to scroll so that the row is wholly seen; `top` where it already is. */
export function revealing(tops, row, top, height, margin = 0) {
  if (tops[row] - margin < top) return Math.max(tops[row] - margin, 0);
  if (tops[row + 1] + margin > top + height) return tops[row + 1] + margin - height;
  return top;
}
