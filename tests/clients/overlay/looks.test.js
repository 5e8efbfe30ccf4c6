import assert from "node:assert/strict";
import { test } from "node:test";
import { Looks } from "../../../clients/overlay/looks.js";

/** Looks whose answers are given by hand: `asked` holds {key, answer, fail} in order. */
function byHand(t) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const [asked, came] = [[], []];
  const looks = new Looks((key) => new Promise((answer, fail) => asked.push({ key, answer, fail })), (key) => came.push(key));
  const tick = async (ms = 40) => {
    await settled();
    t.mock.timers.tick(ms);
    await settled();
  };
  return { looks, asked, came, tick };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("a few are asked for at a time, and not all at once", async (t) => {
  const { looks, asked, came, tick } = byHand(t);
  looks.want(["a", "b", "c", "d", "e", "f"], 1);
  assert.deepEqual(asked.map((each) => each.key), ["a"]);
  for (let step = 0; step < 9; step++) await tick();
  assert.deepEqual(asked.map((each) => each.key), ["a", "b", "c", "d"]);
  asked[0].answer({ shape: "playfield" });
  await tick();
  assert.deepEqual(came, ["a"]);
  assert.equal(asked[4].key, "e");
});

test("what scrolled out of sight is no longer asked for", async (t) => {
  const { looks, asked, tick } = byHand(t);
  looks.want(["a", "b", "c"], 1);
  looks.want(["x"], 1);
  for (let step = 0; step < 5; step++) await tick();
  assert.deepEqual(asked.map((each) => each.key), ["a", "x"]);
});

test("after a change the old one stands until the new one came", async (t) => {
  const { looks, asked, tick } = byHand(t);
  looks.want(["a"], 1);
  asked[0].answer({ shape: "playfield", revision: 1 });
  await tick();
  looks.want(["a"], 1);
  await tick();
  assert.equal(asked.length, 1, "what is current is not asked for again");
  looks.want(["a"], 2);
  assert.equal(looks.of("a").revision, 1);
  asked[1].answer({ shape: "playfield", revision: 2 });
  await tick();
  assert.equal(looks.of("a").revision, 2);
});

test("a map sent anew makes all that is known old, even under the same revision", async (t) => {
  const { looks, asked, tick } = byHand(t);
  looks.want(["a"], 1);
  asked[0].answer({ shape: "playfield" });
  await tick();
  looks.age();
  looks.want(["a"], 1);
  await tick();
  assert.equal(asked.length, 2);
});

test("what cannot be drawn is remembered, what only failed for now is not", async (t) => {
  const { looks, asked, tick } = byHand(t);
  looks.want(["gone", "late"], 1);
  await tick();
  asked[0].fail(Object.assign(new Error(), { code: "no-such-finding" }));
  asked[1].fail(Object.assign(new Error(), { code: "too-fast" }));
  await tick();
  assert.equal(looks.of("gone").shape, "none");
  assert.equal(looks.of("late"), null);
  looks.want(["gone", "late"], 1);
  await tick();
  assert.deepEqual(asked.map((each) => each.key), ["gone", "late", "late"]);
});

test("an answer for the map before comes too late", async (t) => {
  const { looks, asked, came, tick } = byHand(t);
  looks.want(["a"], 1);
  looks.forget();
  asked[0].answer({ shape: "playfield" });
  await tick();
  assert.equal(looks.of("a"), null);
  assert.deepEqual(came, []);
});
