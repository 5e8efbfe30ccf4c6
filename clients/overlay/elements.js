/** Elements without markup: texts are only ever text, and styles only ever set through the object model. */

const SVG = "http://www.w3.org/2000/svg";

/** `element("button", { class: "quiet", on: { click } }, "text", child)`; `false`, `null` and `undefined` leave an attribute away. */
export function element(name, properties = {}, ...children) {
  return furnished(document.createElement(name), properties, children);
}

/** The same for pictures. */
export function drawn(name, properties = {}, ...children) {
  return furnished(document.createElementNS(SVG, name), properties, children);
}

function furnished(made, properties, children) {
  for (const [name, value] of Object.entries(properties)) {
    if (name === "on") for (const [event, act] of Object.entries(value)) made.addEventListener(event, act);
    else if (name === "data") Object.assign(made.dataset, value);
    else assign(made, name, value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

/** Sets an attribute only where it differs, so that nothing flickers and no observer wakes. */
export function assign(made, name, value) {
  if (value === false || value === null || value === undefined) {
    if (made.hasAttribute(name)) made.removeAttribute(name);
    return;
  }
  const written = value === true ? "" : String(value);
  if (made.getAttribute(name) !== written) made.setAttribute(name, written);
}

export function write(made, words) {
  if (made.textContent !== words) made.textContent = words;
}

/**
 * Gives `parent` exactly one child for each item, in order. Children of items that stay are kept; what has the focus keeps it even
 * where its order changes.
 */
export function keyed(parent, items, keyOf, make, update) {
  const wanted = new Map(items.map((item) => [String(keyOf(item)), item]));
  const standing = new Map();
  for (const child of [...parent.children]) {
    if (wanted.has(child.dataset.key)) standing.set(child.dataset.key, child);
    else child.remove();
  }
  const focused = parent.contains(document.activeElement) ? document.activeElement : null;
  let before = null;
  for (const [key, item] of wanted) {
    let child = standing.get(key);
    if (!child) {
      child = make(item);
      child.dataset.key = key;
    }
    update(child, item);
    const place = before ? before.nextElementSibling : parent.firstElementChild;
    if (place !== child) parent.insertBefore(child, place);
    before = child;
  }
  if (focused?.isConnected && document.activeElement !== focused) focused.focus({ preventScroll: true });
}
