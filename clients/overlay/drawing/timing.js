/** The stretch of time that a drawing shows, and the lines of the beat in it. */

const TINY_MS = 60;

/** From look to {from, to} in ms. Where a fix moves a note by a few ms, the stretch is so short that this can be seen. */
export function stretchOf(look) {
  const whole = { from: look.start_ms, to: Math.max(look.end_ms, look.start_ms + 1) };
  const shift = smallestShift(look);
  if (shift === null) return whole;
  const half = Math.max(shift * 22, 120);
  return { from: Math.max(look.time_ms - half, whole.from), to: Math.min(look.time_ms + half, whole.to) };
}

function smallestShift(look) {
  const first = look.expected?.[0];
  if (!first?.notes?.length || first.notes.length !== first.instead_of.length) return null;
  const shifts = first.notes.map((note, at) => {
    const stands = look.notes[first.instead_of[at]];
    return stands ? Math.abs(note.time_ms - stands.time_ms) || Math.abs((note.end_ms ?? 0) - (stands.end_ms ?? 0)) : 0;
  });
  const most = Math.max(...shifts);
  return most > 0 && most <= TINY_MS ? most : null;
}

/** Lines of the grid as the editor colours them, the strongest last so that they lie on top; `across(time)` is their place. */
export function gridLines(look, { from, to }, line) {
  const order = ["eighth", "sixth", "quarter", "third", "half", "beat", "bar"];
  const inside = (look.lines ?? []).filter((each) => each.time_ms >= from && each.time_ms <= to);
  return inside
    .sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))
    .map((each) => ({ tag: "line", class: `tick tick-${order.includes(each.kind) ? each.kind : "eighth"}`, ...line(each.time_ms) }));
}

/** How near to the finding a time is: 1 at it, falling to `least` at the ends of the stretch. */
export function nearness(look, time, least = 0.35) {
  const half = Math.max(look.time_ms - look.start_ms, look.end_ms - look.time_ms, 1);
  return 1 - (1 - least) * Math.min(Math.abs(time - look.time_ms) / half, 1);
}

/** The same around the moment that is played: 1 while a note is, falling on both sides. */
export function nowNear(look, note, now, least = 0.1) {
  const at = Math.min(Math.max(now, note.time_ms), note.end_ms ?? note.time_ms);
  const reach = at > now ? look.end_ms - now : now - look.start_ms;
  return 1 - (1 - least) * Math.min(Math.abs(at - now) / Math.max(reach, 1), 1) ** 1.5;
}

/** The notes that a fix would make, of the fix that is shown (the first that can be drawn, or `fix`). */
export function ghostsOf(look, fix = null) {
  const shown = (look.expected ?? []).find((each) => fix === null || each.fix === fix);
  return { notes: shown?.notes ?? [], instead: new Set(shown?.instead_of ?? []), removes: Boolean(shown && !shown.notes.length) };
}

export function colourOf(note) {
  return /^#[0-9a-f]{6}$/i.test(note.colour ?? "") ? note.colour : null;
}
