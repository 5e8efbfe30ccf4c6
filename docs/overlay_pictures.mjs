/**
 * Draws docs/overlay-*.png from the maps in examples/: `node docs/overlay_pictures.mjs`, with maimod on the path (or MAIMOD=…)
 * and after tests/e2e/overlay/run.sh or `npm ci` there has installed playwright-core.
 */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { launch, open } from "../tests/e2e/overlay/browser.mjs";
import { Daemon, Folder, REPOSITORY, demo } from "../tests/e2e/overlay/daemon.mjs";

const OUT = join(REPOSITORY, "docs");
const NAME = "maimod - Square Wave Sunrise (maimod) [Hard].osu";
// Over a stream there is a picture behind the overlay; this one is bright, as the hardest case.
const BRIGHT = "linear-gradient(115deg, #ffe3bd, #9adfff 45%, #ffffff 68%, #ff9fd0)";

const PICTURES = {
  page: { size: [1280, 800] },
  narrow: { size: [760, 900] },
  game: { size: [418, 260], query: "mode=game", scale: 2 },
  obs: { size: [600, 200], query: "mode=obs", scale: 2, behind: BRIGHT },
  preview: { size: [640, 800], query: "mode=preview&theme=light", act: (page) => page.locator(".row-finding .select").first().click() },
  rewrite: { size: [1280, 900], act: rewritten },
  maps: { size: [900, 420], act: (page) => page.keyboard.press("m") },
  chart: { size: [1280, 800], chart: true, act: (page) => page.keyboard.press("t") },
};

const only = process.argv.slice(2);
const folder = new Folder();
folder.copy(join(REPOSITORY, "examples/demo/audio.ogg"), "Square Wave/audio.ogg");
folder.save(`Square Wave/${NAME}`, demo());
for (const name of ["notes.chart", "song.ini", "song.ogg"]) folder.copy(join(REPOSITORY, "examples/demo-chart", name), `Chart/${name}`);
const daemon = await new Daemon(folder, ["--allow-edits"]).start();
const browser = await launch();
try {
  for (const [name, picture] of Object.entries(PICTURES)) if (!only.length || only.includes(name)) await draw(name, picture);
} finally {
  await browser.close();
  await daemon.end();
  folder.remove();
}

async function draw(name, { size: [width, height], query, scale = 1, behind, act, chart }) {
  const page = await open(browser, daemon.page(query), { width, height, deviceScaleFactor: scale });
  if (chart) await chooseChart(page);
  else folder.save(`Square Wave/${NAME}`, demo([["Tags:", `Tags:${name} `]]));
  await page.locator(".row-finding").first().waitFor();
  await page.locator(".masthead .state-ready").waitFor({ state: "attached", timeout: 60_000 });
  if (behind) await page.evaluate((value) => (document.documentElement.style.background = value), behind);
  await act?.(page);
  await page.waitForTimeout(2500);
  const path = join(OUT, `overlay-${name}.png`);
  await page.screenshot({ path });
  console.log(existsSync(path) ? path : `${name} was not drawn`);
  await page.context().close();
}

/** Has a part written anew, and stands in the midst of it. */
async function rewritten(page) {
  await page.keyboard.press("r");
  const times = page.locator("#rewriting .moment");
  await times.first().fill("0:29:990");
  await times.last().fill("0:36:390");
  await times.last().press("Tab");
  await page.locator("#rewriting .go").click();
  await page.locator(".candidate").first().waitFor({ timeout: 180_000 });
  await page.locator("#rewriting .place").evaluate((place) => {
    place.value = String(Number(place.min) + 0.45 * (place.max - place.min));
    place.dispatchEvent(new Event("input"));
  });
}

async function chooseChart(page) {
  await page.locator(".maps-box:visible, .row-finding").first().waitFor();
  if (!(await page.locator(".maps-box").isVisible())) await page.keyboard.press("m");
  await page.locator(".map:has(.icon-chart)").first().click();
}
