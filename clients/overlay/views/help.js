/** The keys, shown with `?`. */

import { element } from "../elements.js";
import { text } from "../strings.js";
import { icon } from "./icons.js";

export const KEYS = [
  [["↑", "↓"], "keys.move"], [["Enter"], "keys.select"], [["O"], "keys.open"], [["C"], "keys.copy"], [["Shift", "C"], "keys.copy-line"],
  [["P"], "keys.pin"], [["D"], "keys.dismiss"], [["F"], "keys.fix"], [["/"], "keys.search"], [["1", "–", "4"], "keys.severity"], [["0"], "keys.all"],
  [["T"], "keys.order"], [["S"], "keys.strip"], [["R"], "keys.rewrite"], [["[", "]"], "keys.bounds"], [["M"], "keys.maps"], [["L"], "keys.follow"], [["Esc"], "keys.back"], [["?"], "keys.help"],
];

export function fillHelp(dialog) {
  const close = element("button", { class: "way", type: "button", "aria-label": text("help.close"), on: { click: () => dialog.close() } }, icon("close"));
  const rows = KEYS.map(([keys, meaning]) => element("div", {}, element("dt", {}, ...keys.map((key) => element("kbd", {}, key))), element("dd", {}, text(meaning))));
  dialog.setAttribute("aria-labelledby", "help-title");
  dialog.append(element("header", {}, element("h2", { id: "help-title" }, text("help.title")), close), element("dl", {}, ...rows), element("p", { class: "soft" }, text("help.more")));
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
}
