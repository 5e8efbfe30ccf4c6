/** The colours of star ratings, as players know them from the game: blue for easy, over green, yellow and red, to black. */

const STOPS = [
  [0.1, [66, 144, 251]], [1.25, [79, 192, 255]], [2, [79, 255, 213]], [2.5, [124, 255, 79]], [3.3, [246, 240, 92]],
  [4.2, [255, 128, 104]], [4.9, [255, 78, 111]], [5.8, [198, 69, 184]], [6.7, [101, 99, 222]], [7.7, [24, 21, 142]], [9, [0, 0, 0]],
];
const DARK_FROM = 5.4;

/** {ground, ink}: two CSS colours that can be read on each other. */
export function starColour(stars) {
  const at = STOPS.findIndex(([limit]) => stars < limit);
  const ink = stars >= DARK_FROM ? (stars >= 6.4 ? "#ffd966" : "#ffffff") : "#14191b";
  if (at === 0) return { ground: "#aab4b8", ink: "#14191b" };
  if (at < 0) return { ground: "#000000", ink };
  const [[low, from], [high, to]] = [STOPS[at - 1], STOPS[at]];
  const part = (stars - low) / (high - low);
  const mixed = from.map((value, channel) => Math.round(value + (to[channel] - value) * part));
  return { ground: `rgb(${mixed.join(", ")})`, ink };
}
