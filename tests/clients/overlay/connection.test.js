import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { Connection, waitBefore } from "../../../clients/overlay/connection.js";

class Socket {
  readyState = 0;
  sent = [];
  send(data) {
    this.sent.push(JSON.parse(data));
  }
  opens() {
    this.readyState = 1;
    this.onopen();
  }
  says(message) {
    this.onmessage({ data: typeof message === "string" ? message : JSON.stringify(message) });
  }
  close() {
    this.readyState = 3;
    this.onclose({});
  }
}

function connected(t, more = {}) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const [sockets, heard, states] = [[], [], []];
  const connection = new Connection({
    url: "ws://x", client: "overlay", hear: (message) => heard.push(message.type), status: (status) => states.push(status.state),
    open: () => sockets[sockets.push(new Socket()) - 1], ...more,
  });
  connection.start();
  return { connection, sockets, heard, states };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("waits grow and stay bounded", () => {
  const waits = Array.from({ length: 12 }, (_, attempt) => waitBefore(attempt, 0.5));
  assert.ok(waits.every((wait, at) => at === 0 || wait >= waits[at - 1]));
  assert.ok(waits[0] < 500 && waits[11] === 10_000);
  assert.ok(Math.round(waitBefore(50, 1)) <= 12_000);
});

test("says hello first and is open once welcomed", (t) => {
  const { sockets, states, heard } = connected(t);
  sockets[0].opens();
  assert.deepEqual(sockets[0].sent, [{ type: "hello", version: 1, client: "overlay" }]);
  sockets[0].says({ type: "welcome" });
  assert.deepEqual(states, ["connecting", "open"]);
  assert.deepEqual(heard, ["welcome"]);
});

test("an answer finds who asked, a refusal says why", async (t) => {
  const { connection, sockets } = connected(t);
  sockets[0].opens();
  const [first, second] = [connection.request({ type: "look" }), connection.request({ type: "look" })];
  sockets[0].says({ type: "reply", id: 2, ok: false, error: { code: "no-such-map", message: "Gone." } });
  sockets[0].says({ type: "reply", id: 1, ok: true, result: { notes: [] } });
  assert.deepEqual(await first, { notes: [] });
  await assert.rejects(second, { code: "no-such-map", message: "Gone." });
});

test("what is asked of a lost connection is refused, and it comes back by itself", async (t) => {
  const { connection, sockets, states } = connected(t);
  sockets[0].opens();
  const asked = connection.request({ type: "look" });
  sockets[0].close();
  await assert.rejects(asked, { code: "lost" });
  await assert.rejects(connection.request({ type: "look" }), { code: "lost" });
  t.mock.timers.tick(600);
  assert.equal(sockets.length, 2);
  assert.deepEqual(states, ["connecting", "lost", "connecting"]);
});

test("it does not wait where it is told to hurry, and not at all after stop", (t) => {
  const { connection, sockets } = connected(t);
  sockets[0].close();
  connection.hurry();
  assert.equal(sockets.length, 2);
  connection.stop();
  t.mock.timers.tick(60_000);
  assert.equal(sockets.length, 2);
});

test("a server that is there but does not open refused us", async (t) => {
  const { sockets, states } = connected(t, { probe: async () => "refused" });
  sockets[0].close();
  await settled();
  assert.deepEqual(states, ["connecting", "lost", "refused"]);
});

test("an answer that never comes is given up", async (t) => {
  const { connection, sockets } = connected(t);
  sockets[0].opens();
  const asked = connection.request({ type: "explain" });
  t.mock.timers.tick(30_001);
  await assert.rejects(asked, { code: "late" });
});

test("nonsense from the server is left alone", (t) => {
  const { sockets, heard } = connected(t);
  sockets[0].opens();
  for (const nonsense of ["{", "null", "[]", "7", '{"type": 3}']) sockets[0].says(nonsense);
  sockets[0].says({ type: "reply", id: 99, ok: true, result: {} });
  assert.deepEqual(heard, []);
});

mock.reset();

test("what takes a while tells how far it is, waits as long as it does, and can be called off", async (t) => {
  const { connection, sockets, heard } = connected(t);
  sockets[0].opens();
  const shares = [];
  const work = connection.begin({ type: "regenerate", map: "m" }, (share) => shares.push(share));
  const { id } = sockets[0].sent.at(-1);
  for (const share of [0, 0.4, 0.9]) {
    t.mock.timers.tick(100_000);
    sockets[0].says({ type: "progress", request: id, share });
  }
  sockets[0].says({ type: "progress", request: 999, share: 1 });
  assert.deepEqual(shares, [0, 0.4, 0.9]);
  assert.deepEqual(heard, [], "progress is nobody else's");
  work.cancel();
  assert.deepEqual(sockets[0].sent.at(-1), { type: "cancel", request: id });
  sockets[0].says({ type: "reply", id, ok: false, error: { code: "cancelled", message: "It was cancelled." } });
  await assert.rejects(work.answer, { code: "cancelled" });
  const sent = sockets[0].sent.length;
  work.cancel();
  assert.equal(sockets[0].sent.length, sent, "what is over is not called off");
});

test("what is never answered is called off", async (t) => {
  const { connection, sockets } = connected(t);
  sockets[0].opens();
  const work = connection.begin({ type: "regenerate", map: "m" }, () => {});
  t.mock.timers.tick(200_000);
  await assert.rejects(work.answer, { code: "late" });
  assert.equal(sockets[0].sent.at(-1).type, "cancel");
});

test("without a connection nothing is begun", async (t) => {
  const { connection } = connected(t);
  const work = connection.begin({ type: "regenerate", map: "m" }, () => {});
  work.cancel();
  await assert.rejects(work.answer, { code: "lost" });
});
