/** The colours of star ratings, as players know them from the game: blue for easy, over green, yellow and red, to black. */

const STOPS = [
  [0.1, [66, 144, 251]], [1.25, [79, 192, 255]], [2, [79, 255, 213]], [2.5, [124, 255, 79]], [3.3, [246, 240, 92]],
  [4.2, [255, 128, 104]], [4.9, [255, 78, 111]], [5.8, [198, 69, 184]], [6.7, [101, 99, 222]], [7.7, [24, 21, 142]], [9, [0, 0, 0]],
];
const UNRATED = [170, 180, 184];
// From here on the game writes in yellow.
const YELLOW_FROM = 7;
const [DARK, WHITE, YELLOW] = ["#000000", "#ffffff", "#ffd966"];
// Brighter grounds than this (relative luminance) are written on in dark.
const BRIGHT = 0.179;

/** {ground, ink}: two CSS colours that can be read on each other. */
export function starColour(stars) {
  const ground = groundOf(stars);
  const ink = luminance(ground) > BRIGHT ? DARK : stars >= YELLOW_FROM ? YELLOW : WHITE;
  return { ground: `rgb(${ground.join(", ")})`, ink };
}

function groundOf(stars) {
  const at = STOPS.findIndex(([limit]) => stars < limit);
  if (at === 0) return UNRATED;
  if (at < 0) return [0, 0, 0];
  const [[low, from], [high, to]] = [STOPS[at - 1], STOPS[at]];
  const part = (stars - low) / (high - low);
  return from.map((value, channel) => Math.round(value + (to[channel] - value) * part));
}

function luminance(channels) {
  const [red, green, blue] = channels.map((value) => ((value / 255 + 0.055) / 1.055) ** 2.4);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
