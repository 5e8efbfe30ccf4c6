/** Chooses what of the findings is listed: severities, categories, words, order. */

import { assign, element, keyed, write } from "../elements.js";
import { SEVERITIES, inOrder } from "../choosing.js";
import { text } from "../strings.js";
import { groupName } from "./finding_row.js";
import { icon } from "./icons.js";

export class Toolbar {
  constructor(root, changed) {
    this.root = root;
    this.changed = changed;
    assign(root, "aria-label", text("toolbar"));
    this.severities = element("div", { class: "severities", role: "group", "aria-label": text("toolbar.severities") });
    this.categories = element("div", { class: "categories", role: "group", "aria-label": text("toolbar.categories") });
    this.words = element("input", {
      type: "search", class: "words", placeholder: text("toolbar.search"), "aria-label": text("toolbar.search-label"), spellcheck: "false",
      on: { input: () => this.changed({ words: this.words.value }) },
    });
    this.order = element("button", { class: "chip order", type: "button", on: { click: () => this.changed({ order: this.ordered === "time" ? "category" : "time" }) } });
    this.dismissed = element(
      "button", { class: "chip dismissed", type: "button", on: { click: () => this.changed({ dismissed: !this.showsDismissed }) } },
      icon("dismiss"), element("span"),
    );
    root.append(this.severities, element("label", { class: "finder" }, icon("search"), this.words), this.order, this.dismissed, this.categories);
  }

  show({ choice, severities, categories, dismissed }) {
    this.ordered = choice.order;
    this.showsDismissed = choice.dismissed;
    keyed(this.severities, SEVERITIES, (each) => each, (severity) => this.#severity(severity), (made, severity) => {
      const n = severities.get(severity) ?? 0;
      write(made.lastChild, String(n));
      assign(made, "aria-label", text(`counts.${severity}`, { n }));
      assign(made, "aria-pressed", choice.severities.has(severity) ? "true" : "false");
      assign(made, "data-empty", n === 0);
    });
    const shown = inOrder(new Set([...categories.keys(), ...choice.categories]));
    keyed(this.categories, shown, (each) => each, (category) => this.#category(category), (made, category) => {
      write(made.lastChild, String(categories.get(category) ?? 0));
      assign(made, "aria-pressed", choice.categories.has(category) ? "true" : "false");
    });
    if (this.words.value !== choice.words) this.words.value = choice.words;
    write(this.order, text(`order.${choice.order}`));
    assign(this.order, "title", text("order.title"));
    assign(this.dismissed, "hidden", !dismissed && !choice.dismissed);
    assign(this.dismissed, "aria-pressed", choice.dismissed ? "true" : "false");
    write(this.dismissed.lastChild, text("toolbar.dismissed", { n: dismissed }));
  }

  #severity(severity) {
    const press = () => this.changed({ severity });
    const title = text("toolbar.only", { name: text(`severity.${severity}`) });
    return element("button", { class: `chip severity of-${severity}`, type: "button", title, on: { click: press } }, icon(severity), element("span"));
  }

  #category(category) {
    const press = () => this.changed({ category });
    return element("button", { class: "chip category", type: "button", on: { click: press } }, groupName(category), " ", element("span", { class: "number" }));
  }
}
