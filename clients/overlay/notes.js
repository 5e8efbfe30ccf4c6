/** Short notes at the edge of the page: what was done, what went wrong; and the same words for screen readers. */

import { element, write } from "./elements.js";

const STAYS_MS = 7_000;
const MOST = 3;

export class Notes {
  /** `spoken` is the page's live region. */
  constructor(root, spoken) {
    this.root = root;
    this.spoken = spoken;
  }

  /** `undo` = {label, act} is a button beside the words. */
  tell(words, { level = "information", undo = null } = {}) {
    const note = element("div", { class: `note-card of-${level}` }, element("span", { dir: "auto" }, words));
    if (undo) {
      const press = () => {
        note.remove();
        undo.act();
      };
      note.append(element("button", { class: "chip", type: "button", on: { click: press } }, undo.label));
    }
    this.root.append(note);
    while (this.root.children.length > MOST) this.root.firstChild.remove();
    setTimeout(() => note.remove(), STAYS_MS);
    this.say(words);
  }

  say(words) {
    write(this.spoken, words);
  }
}
