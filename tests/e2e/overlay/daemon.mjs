/** A real `maimod serve` over a folder of its own, and the maps in it. */

import { execFileSync, spawn } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const REPOSITORY = fileURLToPath(new URL("../../../", import.meta.url));
const MAIMOD = process.env.MAIMOD ?? "maimod";
const DEMO = join(REPOSITORY, "examples/demo/maimod - Square Wave Sunrise (tv size) (maimod) [Hard].osu");
const START_MS = 60_000;

// Two slips that only the model sees: a note off its rhythm, and a combo that starts within a pattern.
const SLIPS = [["204,332,9000,1,0,", "204,332,9100,1,0,"], ["372,204,31400,1,0,", "372,204,31400,5,0,"]];

/** The demo difficulty with slips in it and texts replaced: `demo([["Version:Hard", "Version:Other"]])`. */
export function demo(replacements = []) {
  let text = readFileSync(DEMO, "utf8");
  for (const [before, after] of [...SLIPS, ...replacements]) {
    if (!text.includes(before)) throw new Error(`the demo map has no ${before}`);
    text = text.replaceAll(before, after);
  }
  return text;
}

export class Folder {
  path = mkdtempSync(join(tmpdir(), "maimod-overlay-"));

  /** Writes a map as an editor saves it: beside, then in its place. Returns its path. */
  save(name, text) {
    const path = join(this.path, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
    return path;
  }

  copy(from, name) {
    const path = join(this.path, name);
    mkdirSync(dirname(path), { recursive: true });
    copyFileSync(from, path);
  }

  remove() {
    rmSync(this.path, { recursive: true, force: true, maxRetries: 5 });
  }
}

export class Daemon {
  constructor(folder, options = []) {
    Object.assign(this, { folder, options, state: mkdtempSync(join(tmpdir(), "maimod-state-")) });
  }

  /** Starts it and waits for the address that it prints. */
  async start() {
    this.port ??= await freePort();
    const args = ["serve", this.folder.path, "--port", String(this.port), ...this.options];
    this.process = spawn(MAIMOD, args, { env: { ...process.env, MAIMOD_STATE_DIR: this.state }, stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    const found = new Promise((resolve, reject) => {
      const hear = (data) => {
        said += data;
        const [url] = said.match(/http:\/\/127\.0\.0\.1:\d+\/\?token=[0-9a-f]{32}/) ?? [];
        if (url) resolve(url);
      };
      this.process.stdout.on("data", hear);
      this.process.stderr.on("data", hear);
      this.process.on("error", reject);
      this.process.on("exit", (code) => reject(new Error(`maimod serve ended with ${code}: ${said}`)));
      setTimeout(() => reject(new Error(`maimod serve printed no address: ${said}`)), START_MS).unref();
    });
    this.url = await found;
    return this;
  }

  /** Has the program do something else that shares this daemon's state: `daemon.run("overlay", folder)`. */
  async run(...args) {
    this.port ??= await freePort();
    return execFileSync(MAIMOD, args, { env: { ...process.env, MAIMOD_STATE_DIR: this.state }, encoding: "utf8" });
  }

  /** The page's address with this put behind: `daemon.page("mode=obs")`. */
  page(query = "") {
    return `${this.url}${query ? `&${query}` : ""}`;
  }

  async stop() {
    const ended = new Promise((resolve) => this.process.once("exit", resolve));
    if (this.process.exitCode === null) {
      this.process.kill("SIGTERM");
      await ended;
    }
  }

  async end() {
    await this.stop();
    rmSync(this.state, { recursive: true, force: true, maxRetries: 5 });
  }
}

export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
