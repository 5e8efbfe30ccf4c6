/** Times as osu!'s editor writes them, and links that may be followed. */

const EDIT_LINK = /^osu:\/\/edit\/\d{2,}:[0-5]\d:\d{3}(?: ?\([\d,|]+\)| ?)?(?: -)?$/;

/** `00:12:345` of a time in ms; times before the song begin with a minus. */
export function stamp(ms) {
  const whole = Math.round(Math.abs(ms));
  const parts = [Math.floor(whole / 60_000), Math.floor(whole / 1000) % 60];
  const sign = ms < 0 && whole > 0 ? "-" : "";
  return `${sign}${parts.map((part) => String(part).padStart(2, "0")).join(":")}:${String(whole % 1000).padStart(3, "0")}`;
}

/** ms of a time as people write it: `00:12:345`, `0:12.5`, `12345`; null where it is none. */
export function moment(words) {
  const told = words.trim();
  if (/^-?\d{1,8}(?:\.\d+)?$/.test(told)) return Number(told);
  const [, sign, minutes, seconds, rest] = /^(-?)(\d{1,3}):([0-5]?\d)(?:[:.,](\d{1,3}))?$/.exec(told) ?? [];
  if (seconds === undefined) return null;
  const ms = Number(minutes) * 60_000 + Number(seconds) * 1000 + (rest ? Number(rest.padEnd(3, "0")) : 0);
  return sign ? -ms : ms;
}

/** `1:05` of a time in ms, as an axis is labelled. */
export function clock(ms) {
  const seconds = Math.max(Math.floor(ms / 1000), 0);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** The link into the game's editor, or null where it is none: what a server says is not followed blindly. */
export function editLink(link) {
  const plain = typeof link === "string" ? decoded(link) : "";
  return EDIT_LINK.test(plain) ? link : null;
}

/** The address of a page of the web, or null where it is none. */
export function webLink(link) {
  return typeof link === "string" && /^https?:\/\/[^\s]+$/.test(link) ? link : null;
}

function decoded(link) {
  try {
    return decodeURIComponent(link);
  } catch {
    return "";
  }
}
