import assert from "node:assert/strict";
import { test } from "node:test";
import { clock, editLink, moment, stamp, webLink } from "../../../clients/overlay/stamps.js";

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

test("times are read as people write them", () => {
  const told = { "00:12:345": 12_345, "1:05": 65_000, "0:12.5": 12_500, "12:00,07": 720_070, " 4607 ": 4607, "-0:01:000": -1000, "-500": -500, "123:59:999": 7_439_999 };
  for (const [words, ms] of Object.entries(told)) assert.equal(moment(words), ms, words);
  for (const words of ["", "abc", "1:60", "1:2:3:4", "1e9", "--1", "1:05:1234", "99999999999", "NaN"]) assert.equal(moment(words), null, words);
  for (const ms of [0, 1, 59_999, 61_234, 3_600_000]) assert.equal(moment(stamp(ms)), ms);
});
