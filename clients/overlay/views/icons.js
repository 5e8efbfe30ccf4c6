/** The page's own pictograms: lines on a 24 × 24 grid. Severities differ in shape, not in colour alone. */

import { drawn } from "../elements.js";

const PATHS = {
  error: ["M12 2.8 21.2 12 12 21.2 2.8 12Z", "M12 8v4.6", "M12 15.8v.1"],
  warning: ["M12 3.2 21.8 20.4H2.2Z", "M12 10v4.4", "M12 17.4v.1"],
  information: ["M12 2.8a9.2 9.2 0 1 0 0 18.4 9.2 9.2 0 0 0 0-18.4Z", "M12 11v5.4", "M12 7.8v.1"],
  hint: ["M12 5.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Z"],
  open: ["M14 4h6v6", "M20 4l-9 9", "M18 14v6H4V6h6"],
  copy: ["M9 9h11v11H9Z", "M15 9V4H4v11h5"],
  pin: ["M9 3.5h6l-.8 6.5 3.8 4H6l3.8-4Z", "M12 14v7"],
  dismiss: ["M4 4l16 16", "M9.8 5.3A10 10 0 0 1 12 5c5.5 0 9 4.6 10 7-.4 1-1.3 2.4-2.7 3.7", "M6.2 7.4C4 8.8 2.6 10.8 2 12c1 2.4 4.5 7 10 7 1.5 0 2.9-.3 4.1-.9"],
  restore: ["M2 12c1-2.4 4.5-7 10-7s9 4.6 10 7c-1 2.4-4.5 7-10 7s-9-4.6-10-7Z", "M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6Z"],
  fix: ["M14.6 6.6a4.6 4.6 0 0 0-5.9 5.9L3.5 17.7l2.8 2.8 5.2-5.2a4.6 4.6 0 0 0 5.9-5.9l-3 3-2.6-.2-.2-2.6Z"],
  search: ["M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Z", "M15.5 15.5 21 21"],
  close: ["M5 5l14 14", "M19 5 5 19"],
  rewrite: ["M4 20l1-4L16.5 4.5a2.1 2.1 0 0 1 3 3L8 19l-4 1Z", "M14 7l3 3", "M5 4v4M3 6h4"],
  play: ["M7 4.5v15l12-7.5Z"],
  pause: ["M8 5v14M16 5v14"],
  back: ["M14 5l-7 7 7 7", "M7 12h13"],
  fold: ["M6 9l6 6 6-6"],
  maps: ["M4 6h16", "M4 12h16", "M4 18h10"],
  follow: ["M12 7.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9Z", "M12 2v3.4M12 18.6V22M2 12h3.4M18.6 12H22"],
  help: ["M9 9a3 3 0 1 1 4.4 2.7c-.9.5-1.4 1.1-1.4 2.1v.4", "M12 17.6v.1", "M12 2.8a9.2 9.2 0 1 0 0 18.4 9.2 9.2 0 0 0 0-18.4Z"],
  star: ["M12 3.2l2.7 5.6 6.1.8-4.5 4.3 1.1 6.1L12 17l-5.4 3 1.1-6.1-4.5-4.3 6.1-.8Z"],
  bars: ["M5 20v-6M10 20V8M15 20v-9M20 20V5"],
  heat: ["M4 5h16v4H4ZM4 10h16v4H4ZM4 15h16v4H4Z"],
  osu: ["M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z", "M12 8.6a3.4 3.4 0 1 0 0 6.8 3.4 3.4 0 0 0 0-6.8Z"],
  taiko: ["M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z", "M12 6.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11Z", "M12 6.5v11"],
  catch: ["M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z", "M9.5 8.6v.1M9.5 15.3v.1M14.8 12v.1"],
  mania: ["M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z", "M8.6 9v6M12 7v10M15.4 9v6"],
  chart: ["M4 12h16", "M7 12a2 2 0 1 0 4 0 2 2 0 0 0-4 0M13 6h5M13 18h5M6 6h3M6 18h3"],
};

export function icon(name) {
  const paths = (Object.hasOwn(PATHS, name) ? PATHS[name] : PATHS.hint).map((d) => drawn("path", { d }));
  return drawn("svg", { class: `icon icon-${name}`, viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" }, ...paths);
}

/** The pictogram of a mode; of a chart where the map is one. */
export function modeIcon(mode, format) {
  return icon(format === "chart" ? "chart" : Object.hasOwn(PATHS, mode ?? "") ? mode : "osu");
}
