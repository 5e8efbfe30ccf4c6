/** What the page remembers from one visit to the next. Where the browser keeps nothing, it lasts as long as the page. */

const PREFIX = "maimod.";
const MOST_PINS = 500;
const fallback = new Map();

export function recall(key, otherwise) {
  try {
    const kept = globalThis.localStorage.getItem(PREFIX + key);
    return kept === null ? otherwise : JSON.parse(kept);
  } catch {
    return fallback.has(key) ? fallback.get(key) : otherwise;
  }
}

export function remember(key, value) {
  fallback.set(key, value);
  try {
    globalThis.localStorage.setItem(PREFIX + key, JSON.stringify(value));
  } catch {
    // Private windows, sandboxed frames and full disks: the page goes on with what it holds itself.
  }
}

/** The pinned findings of one map. Only the latest few hundred of all maps are kept. */
export class Pins {
  #all = new Set(recall("pins", []));

  of(map) {
    const prefix = `${map}\n`;
    return new Set([...this.#all].filter((each) => each.startsWith(prefix)).map((each) => each.slice(prefix.length)));
  }

  toggle(map, key) {
    const name = `${map}\n${key}`;
    const pinned = !this.#all.delete(name);
    if (pinned) this.#all.add(name);
    this.#all = new Set([...this.#all].slice(-MOST_PINS));
    remember("pins", [...this.#all]);
    return pinned;
  }
}
