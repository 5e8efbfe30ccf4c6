import assert from "node:assert/strict";
import { test } from "node:test";
import { parted } from "../../../clients/overlay/views/diff.js";

test("of a change with thousands of stretches the first are shown and the lines of the others counted", () => {
  const hunk = { line: 1, before: ["a", "b"], after: ["c"] };
  assert.deepEqual(parted([hunk]), { shown: [hunk], left: 0 });
  assert.deepEqual(parted([hunk], 7), { shown: [hunk], left: 7 });
  const { shown, left } = parted(Array.from({ length: 5000 }, () => hunk));
  assert.ok(shown.length < 500);
  assert.equal(left, (5000 - shown.length) * 3);
});
