/** The looks of the page: its own, and in VS Code's preview those of the editor. */

const VARIABLE = /^--vscode-[\w-]{1,80}$/;

export function useTheme(kind) {
  if (kind) document.documentElement.dataset.theme = kind;
}

/**
 * In a frame the page around it may say `{type: "theme", kind: "dark" | "light", colours: {"--vscode-…": colour}}`.
 * Only colours are taken: whoever frames the page can paint it, no more. `painted` is called after each change.
 */
export function takeThemeFromFrame(painted) {
  window.addEventListener("message", (event) => {
    const said = event.data;
    if (event.source !== window.parent || said?.type !== "theme") return;
    useTheme(said.kind === "light" ? "light" : "dark");
    for (const [name, colour] of Object.entries(said.colours ?? {})) {
      if (VARIABLE.test(name) && CSS.supports("color", colour)) document.documentElement.style.setProperty(name, colour);
    }
    painted();
  });
  tellFrame({ type: "painting" });
}

/** Tells the page around this one, in VS Code the extension; false where there is none. */
export function tellFrame(message) {
  if (window.parent === window) return false;
  window.parent.postMessage(message, "*");
  return true;
}
