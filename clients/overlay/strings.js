/** The page's texts, all of them in strings.en.json: `text("undo")`, `text("counts.error", { n: 2 })`. */

let texts = {};
let plurals = new Intl.PluralRules("en");

export function useStrings(table, language = "en") {
  texts = table;
  plurals = new Intl.PluralRules(language);
}

/** The text of that key with `{name}` filled in; a table of plural forms is chosen from by `n`. A missing key stands for itself. */
export function text(key, values = {}) {
  const found = hasText(key) ? texts[key] : key;
  const form = typeof found === "string" ? found : (found[plurals.select(values.n ?? 0)] ?? found.other);
  return form.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

export function hasText(key) {
  return Object.hasOwn(texts, key);
}
