/** Where the server is, which secret opens it, and as what the page is shown: read from the page's own address. */

const MODES = ["page", "obs", "game", "preview"];

/**
 * `location` of the page; `kept` is what `maimod overlay export` wrote beside it, {server, token, mode}, or null where the
 * server itself sent the page. Returns {mode, server, token, socket, client, map, theme}.
 */
export function addressOf(location, kept = null) {
  const query = new URLSearchParams(location.search);
  const hash = new URLSearchParams(location.hash.replace(/^#/, ""));
  const named = (name) => hash.get(name) ?? query.get(name);
  const mode = MODES.includes(named("mode")) ? named("mode") : (kept?.mode ?? "page");
  const server = kept?.server ?? location.origin;
  const token = named("token") ?? kept?.token ?? "";
  return {
    mode,
    server,
    token,
    socket: `${server.replace(/^http/, "ws")}/ws?token=${encodeURIComponent(token)}`,
    client: mode === "page" ? "overlay" : mode,
    map: named("map"),
    kept,
    theme: ["light", "dark"].includes(named("theme")) ? named("theme") : null,
  };
}
