import assert from "node:assert/strict";
import { test } from "node:test";
import { clock, editLink, stamp, webLink } from "../../../clients/overlay/stamps.js";

test("a time is written as the editor writes it", () => {
  assert.equal(stamp(0), "00:00:000");
  assert.equal(stamp(4607), "00:04:607");
  assert.equal(stamp(3_723_004), "62:03:004");
  assert.equal(stamp(59_999.6), "01:00:000");
  assert.equal(stamp(-250), "-00:00:250");
});

test("an axis shows whole seconds and nothing before the song", () => {
  assert.equal(clock(65_999), "1:05");
  assert.equal(clock(-1), "0:00");
});

test("only links into the editor are followed", () => {
  for (const link of ["osu://edit/00:04:607%20(2)", "osu://edit/00:04:607 (1,2)", "osu://edit/00:04:607", "osu://edit/00:05:920%20(5920|3,6623|3)"]) {
    assert.equal(editLink(link), link);
  }
  for (const link of ["javascript:alert(1)", "osu://b/1", "osu://edit/00:04:607%0ajavascript:1", "http://osu.ppy.sh", "osu://edit/%zz", null, undefined, 7, ""]) {
    assert.equal(editLink(link), null);
  }
});

test("only pages of the web are linked as such", () => {
  assert.equal(webLink("https://example.org/rules.md#x"), "https://example.org/rules.md#x");
  for (const link of ["javascript:alert(1)", "file:///etc/passwd", "https://a b", null]) assert.equal(webLink(link), null);
});
