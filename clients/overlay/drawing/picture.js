/** From the data of a `look` to a picture. */

import { drawn } from "../elements.js";
import { drums } from "./drums.js";
import { fruits, lanes } from "./lanes.js";
import { playfield } from "./playfield.js";
import { sectionScene } from "./section.js";

const SCENES = { playfield, fruits, lanes, drums };

/** The shapes of a look as {box, shapes}, null where there is nothing to draw. `options.fix`: which fix's outcome is shown. */
export function sceneOf(look, options = {}) {
  const scene = Object.hasOwn(SCENES, look?.shape) ? SCENES[look.shape] : null;
  return scene && look.notes.length ? scene(look, options) : null;
}

/** The picture, named by `label` for those who do not see it; without a label it is decoration. Null where nothing is drawn. */
export function pictureOf(look, { label = null, ...options } = {}) {
  return drawnScene(sceneOf(look, options), `picture picture-${look?.shape}`, label);
}

/** A section before and after at `now` ms; `words` = {before, after} name what is drawn. */
export function pictureOfSection(look, now, words, label) {
  return drawnScene(sectionScene(look, now, words), `picture picture-section picture-${look?.shape}`, label);
}

function drawnScene(scene, name, label) {
  if (!scene) return null;
  const naming = label ? { role: "img", "aria-label": label } : { "aria-hidden": "true" };
  const properties = { class: name, viewBox: scene.box.join(" "), preserveAspectRatio: "xMidYMid meet", focusable: "false" };
  return drawn("svg", { ...properties, ...naming }, ...scene.shapes.map(shapeOf));
}

function shapeOf({ tag, children = [], text = null, paint = null, ...attributes }) {
  const made = drawn(tag, attributes, ...children.map(shapeOf), text);
  if (paint) made.style.fill = paint;
  return made;
}
