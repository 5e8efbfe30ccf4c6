/** What stands around a finding, asked of the server for findings that are seen, a few at a time, and kept while it is current. */

const AT_ONCE = 4;
const MOST_KEPT = 300;
// The server takes 40 messages a second from a client; a fast scroll must leave room for what the user does.
const APART_MS = 40;
const PASSING = new Set(["lost", "late", "too-fast", "changed"]);

export class Looks {
  #kept = new Map();
  #wanted = [];
  #asked = new Set();
  #pause = null;

  /** `ask(key)` answers with the picture's data; `came(key)` is told of each that arrived. */
  constructor(ask, came) {
    this.ask = ask;
    this.came = came;
  }

  /** What is known, current or not; null where nothing came yet. */
  of(key) {
    return this.#kept.get(key)?.look ?? null;
  }

  /** These are seen now, for this revision of the map: those that are unknown or older are asked for, the others no more. */
  want(keys, revision) {
    this.revision = revision;
    this.#wanted = keys.filter((key) => this.#kept.get(key)?.revision !== revision && !this.#asked.has(key));
    this.#more();
  }

  /** The same map was sent anew: what is kept may be old, and stands until it is asked for again. */
  age() {
    for (const kept of this.#kept.values()) kept.revision = null;
  }

  forget() {
    this.#kept.clear();
    this.#wanted = [];
    this.#asked = new Set();
  }

  #more() {
    if (this.#pause || this.#asked.size >= AT_ONCE || !this.#wanted.length) return;
    this.#fetch(this.#wanted.shift());
    this.#pause = setTimeout(() => {
      this.#pause = null;
      this.#more();
    }, APART_MS);
  }

  async #fetch(key) {
    const [asked, revision] = [this.#asked, this.revision];
    asked.add(key);
    let look = null;
    try {
      look = await this.ask(key);
    } catch (trouble) {
      look = PASSING.has(trouble.code) ? null : { shape: "none", notes: [], actual: [], expected: [] };
    }
    asked.delete(key);
    if (asked !== this.#asked) return;
    if (look) {
      this.#kept.delete(key);
      this.#kept.set(key, { look, revision });
      if (this.#kept.size > MOST_KEPT) this.#kept.delete(this.#kept.keys().next().value);
      this.came(key);
    }
    this.#more();
  }
}
