/** What the server has told: all maps, the one that is shown with its findings, and where the song stands. */

const PARTS = ["header", "model", "song", "strip"];

export class Board {
  maps = new Map();
  /** Whether the server has said which maps there are. */
  listed = false;
  omitted = 0;
  editing = null;
  map = null;
  playhead = null;
  capabilities = {};

  /**
   * Takes one message in and says what changed: {parts: Set of "maps", "editing", "map", "header", "model", "song", "strip",
   * "findings", "playhead", "capabilities"; added, changed, removed: keys of findings; stale: the map must be asked for again}.
   */
  hear(message) {
    const news = { parts: new Set(), added: [], changed: [], removed: [], stale: false };
    if (Object.hasOwn(TAKES, message.type)) TAKES[message.type](this, message, news);
    return news;
  }

  /** Forgets which map is shown, as when another is asked for. */
  leave() {
    this.map = null;
    this.playhead = null;
  }

  get entry() {
    return this.map ? (this.maps.get(this.map.id) ?? null) : null;
  }

  get findings() {
    return this.map ? [...this.map.findings.values()] : [];
  }
}

const TAKES = {
  welcome(board, message, news) {
    board.capabilities = message.capabilities ?? {};
    news.parts.add("capabilities");
  },

  maps(board, message, news) {
    board.maps = new Map(message.maps.map((each) => [each.id, each]));
    board.listed = true;
    board.omitted = message.omitted ?? 0;
    news.parts.add("maps");
  },

  editing(board, message, news) {
    board.editing = message.map;
    news.parts.add("editing");
  },

  "maps-changed"(board, message, news) {
    for (const each of message.changed ?? []) board.maps.set(each.id, each);
    for (const id of message.removed ?? []) board.maps.delete(id);
    board.omitted = message.omitted ?? board.omitted;
    news.parts.add("maps");
  },

  map(board, message, news) {
    const before = board.map?.id === message.map ? board.map.findings : null;
    const findings = new Map((message.findings ?? []).map((each) => [each.key, each]));
    board.map = { id: message.map, revision: message.revision, findings };
    for (const part of PARTS) board.map[part] = message[part] ?? null;
    if (message.header) board.maps.set(message.map, message.header);
    if (board.playhead?.map !== message.map) board.playhead = null;
    news.parts = new Set(["map", "header", "model", "song", "strip", "findings"]);
    if (before) {
      news.parts.delete("map");
      news.added = [...findings.keys()].filter((key) => !before.has(key));
      news.removed = [...before.keys()].filter((key) => !findings.has(key));
      news.changed = [...findings.keys()].filter((key) => before.has(key));
    }
  },

  "map-changed"(board, message, news) {
    const map = board.map;
    if (!map || map.id !== message.map || message.revision <= map.revision) return;
    if (map.revision !== message.from) {
      news.stale = true;
      return;
    }
    map.revision = message.revision;
    for (const part of PARTS) {
      if (!(part in message)) continue;
      map[part] = message[part];
      news.parts.add(part);
    }
    if (message.header) board.maps.set(map.id, message.header);
    const { added = [], changed = [], removed = [] } = message.findings ?? {};
    for (const key of removed) map.findings.delete(key);
    for (const each of [...added, ...changed]) map.findings.set(each.key, each);
    if (added.length + changed.length + removed.length) news.parts.add("findings");
    Object.assign(news, { added: added.map((each) => each.key), changed: changed.map((each) => each.key), removed });
  },

  "map-removed"(board, message, news) {
    if (board.map?.id !== message.map) return;
    board.leave();
    news.parts.add("map");
  },

  playhead(board, message, news) {
    if (board.map?.id !== message.map) return;
    board.playhead = { map: message.map, time_ms: message.time_ms, playing: Boolean(message.playing) };
    news.parts.add("playhead");
  },
};
