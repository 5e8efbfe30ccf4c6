/** Copies a text; true where that worked. Frames and stream software often refuse the modern way, so the old one stands by. */
export async function copy(words) {
  try {
    await navigator.clipboard.writeText(words);
    return true;
  } catch {
    return copyFromField(words);
  }
}

function copyFromField(words) {
  const [field, focused] = [document.createElement("textarea"), document.activeElement];
  field.value = words;
  field.className = "unseen";
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  focused?.focus({ preventScroll: true });
  return done;
}
