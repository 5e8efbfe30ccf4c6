/** The one WebSocket to the server: asks, hears, and when it is lost comes back by itself. */

const FIRST_WAIT_MS = 400;
const LONGEST_WAIT_MS = 10_000;
const GROWTH = 1.7;
const ANSWER_MS = 30_000;
// Longer than the server waits for a sign of life of what it has begun.
const WORK_MS = 150_000;
const PROTOCOL = 1;

/** How long to wait before trying again, in ms; spread by a fifth so that many overlays do not come back at once. */
export function waitBefore(attempt, random = Math.random()) {
  return Math.min(FIRST_WAIT_MS * GROWTH ** attempt, LONGEST_WAIT_MS) * (0.8 + 0.4 * random);
}

/** A request that the server refused or did not answer. `code` is the server's, or "lost" or "late". */
export class Refused extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/**
 * `status` is called with {state, again_ms?, reason?}: connecting, open, lost (tries again in so many ms), refused (the server is
 * there but does not know the token). `probe` answers "gone", "there" or "refused" for a server whose socket did not open.
 */
export class Connection {
  #socket = null;
  #attempt = 0;
  #next = 1;
  #waiting = new Map();
  #timer = null;
  #stopped = false;

  constructor({ url, client, hear, status, probe, open = (address) => new WebSocket(address), clock = globalThis }) {
    Object.assign(this, { url, client, hear, status, probe, open, clock });
  }

  start() {
    this.#stopped = false;
    this.#connect();
  }

  stop() {
    this.#stopped = true;
    this.clock.clearTimeout(this.#timer);
    this.#socket?.close();
  }

  /** Tries at once instead of after the wait; does nothing where the socket is open. */
  hurry() {
    if (this.#stopped || this.#socket) return;
    this.clock.clearTimeout(this.#timer);
    this.#connect();
  }

  get ready() {
    return this.#socket?.readyState === 1;
  }

  send(message) {
    if (this.ready) this.#socket.send(JSON.stringify(message));
  }

  /** The server's answer to a message. Rejects with `Refused`. */
  request(message) {
    return this.begin(message).answer;
  }

  /**
   * The same for what takes a while: {answer, cancel()}. `told` hears the share that is done; each time it does, the wait for the
   * answer begins anew.
   */
  begin(message, told = null) {
    if (!this.ready) return { answer: Promise.reject(new Refused("lost", "")), cancel() {} };
    const id = this.#next++;
    const answer = new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject, told, timer: this.#patience(id, reject, told) });
      this.send({ ...message, id });
    });
    return { answer, cancel: () => this.#waiting.has(id) && this.send({ type: "cancel", request: id }) };
  }

  #patience(id, reject, told) {
    const late = () => {
      if (told) this.send({ type: "cancel", request: id });
      this.#settle(id, () => reject(new Refused("late", "")));
    };
    return this.clock.setTimeout(late, told ? WORK_MS : ANSWER_MS);
  }

  #connect() {
    this.status({ state: "connecting", attempt: this.#attempt });
    let opened = false;
    const socket = this.open(this.url);
    this.#socket = socket;
    socket.onopen = () => {
      opened = true;
      this.send({ type: "hello", version: PROTOCOL, client: this.client });
    };
    socket.onmessage = (event) => this.#heard(event.data);
    socket.onclose = () => this.#lost(socket, opened);
    socket.onerror = () => {};
  }

  #heard(data) {
    const message = parsed(data);
    if (!message) return;
    if (message.type === "reply") {
      const asked = this.#waiting.get(message.id);
      if (!asked) return;
      this.#settle(message.id, () =>
        message.ok ? asked.resolve(message.result) : asked.reject(new Refused(message.error?.code ?? "", message.error?.message ?? "")),
      );
      return;
    }
    if (message.type === "progress") {
      const asked = this.#waiting.get(message.request);
      if (!asked) return;
      this.clock.clearTimeout(asked.timer);
      asked.timer = this.#patience(message.request, asked.reject, asked.told);
      asked.told?.(message.share);
      return;
    }
    if (message.type === "welcome") {
      this.#attempt = 0;
      this.status({ state: "open" });
    }
    this.hear(message);
  }

  async #lost(socket, opened) {
    if (this.#socket !== socket) return;
    this.#socket = null;
    for (const [id, asked] of [...this.#waiting]) this.#settle(id, () => asked.reject(new Refused("lost", "")));
    if (this.#stopped) return;
    const wait = waitBefore(this.#attempt++);
    this.#timer = this.clock.setTimeout(() => this.#connect(), wait);
    this.status({ state: "lost", again_ms: wait });
    if (!opened && this.probe && (await this.probe()) === "refused" && !this.#socket) this.status({ state: "refused", again_ms: wait });
  }

  #settle(id, act) {
    const asked = this.#waiting.get(id);
    if (!asked) return;
    this.clock.clearTimeout(asked.timer);
    this.#waiting.delete(id);
    act();
  }
}

function parsed(data) {
  try {
    const message = JSON.parse(data);
    return message && typeof message === "object" && typeof message.type === "string" ? message : null;
  } catch {
    return null;
  }
}
