/** The surprisal strip as numbers: the server's stretches of the song become columns of the picture. */

/**
 * `strip` as in docs/bridge.md (a row of bits for each category), `song` = {start_ms, end_ms}. For `count` columns over the song:
 * {columns: Float32Array for each category, highest}; where several stretches share a column it shows the most surprising one.
 */
export function columnsOf(strip, song, count) {
  const rows = strip?.bits ?? [];
  const columns = rows.map(() => new Float32Array(count));
  const best = new Float32Array(count);
  const span = Math.max(song.end_ms - song.start_ms, 1);
  const place = (bin) => ((strip.start_ms + bin * strip.bin_ms - song.start_ms) / span) * count;
  for (let bin = 0; bin < (rows[0]?.length ?? 0); bin++) {
    const total = rows.reduce((sum, row) => sum + row[bin], 0);
    const first = Math.floor(place(bin));
    const beyond = Math.max(Math.ceil(place(bin + 1)), first + 1);
    for (let column = Math.max(first, 0); column < Math.min(beyond, count); column++) {
      if (total <= best[column]) continue;
      best[column] = total;
      for (let row = 0; row < rows.length; row++) columns[row][column] = rows[row][bin];
    }
  }
  return { columns, highest: best.reduce((most, each) => Math.max(most, each), 0) };
}

/** What the strip says of one moment: {bits: [{category, title, bits}…], suspicion}; null outside it. */
export function momentOf(strip, ms) {
  if (!strip) return null;
  const bin = Math.floor((ms - strip.start_ms) / strip.bin_ms);
  if (bin < 0 || bin >= strip.suspicion.length) return null;
  const bits = strip.categories.map((category, at) => ({ category, title: strip.titles[at], bits: strip.bits[at][bin] }));
  return { bits: bits.filter((each) => each.bits >= 0.5), suspicion: strip.suspicion[bin] };
}

/** A round number of bits at or above `highest` at which the axis ends, at least 10. */
export function ceilingOf(highest) {
  const steps = [10, 15, 20, 25, 30, 40, 50, 60, 80, 100];
  return steps.find((step) => step >= highest) ?? Math.ceil(highest / 50) * 50;
}

/** Times (ms) of the axis: whole steps of 1 s to 10 min, at most one each `apart` px of `width`. */
export function axisTimes(song, width, apart) {
  const span = Math.max(song.end_ms - song.start_ms, 1);
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600].map((seconds) => seconds * 1000);
  const step = steps.find((each) => (each / span) * width >= apart) ?? Math.ceil((span / width) * apart / 600_000) * 600_000;
  const times = [];
  for (let time = Math.ceil(Math.max(song.start_ms, 0) / step) * step; time <= song.end_ms; time += step) times.push(time);
  return times;
}
