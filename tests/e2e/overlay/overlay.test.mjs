/** The overlay in a real browser, served by a real daemon that watches real files. */

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { after, afterEach, before, describe, test } from "node:test";
import axe from "axe-core";
import { launch, open } from "./browser.mjs";
import { Daemon, Folder, demo, freePort } from "./daemon.mjs";

const MAP = "Square Wave/maimod - Square Wave Sunrise (maimod) [Hard].osu";
const UNSNAPPED = "This circle is 7 ms after the nearest tick (1/2).";
const MENDED = [["300,206,4607,1,2,", "300,206,4600,1,2,"]];
const MANY = 3000;
const FRAMES = 30;
const STAMP = /^\d\d:\d\d:\d{3}/;

let browser;
const pages = [];

before(async () => {
  browser = await launch();
});

after(async () => {
  await browser?.close();
});

/** A page that is closed, and must have had no faults, when the test ends. */
async function visit(url, options) {
  const page = await open(browser, url, options);
  pages.push(page);
  return page;
}

afterEach(leave);

/** Closes the test's pages before what they talk to ends. */
async function leave() {
  for (const page of pages.splice(0)) {
    await page.context().close();
    if (!page.expected) assert.deepEqual(page.faults, []);
  }
}

const row = (page, words) => page.locator(".row-finding", { hasText: words });
const shown = (page) => page.locator(".findings .row-finding");
const numberOf = async (page, name) => Number(await page.locator(`.severities .of-${name}`).innerText());

async function accessible(page, what) {
  // The page's policy lets no foreign script in, so axe comes by the debugger.
  const session = await page.context().newCDPSession(page);
  await session.send("Runtime.evaluate", { expression: axe.source });
  const { violations, passes } = await page.evaluate(() => window.axe.run());
  assert.ok(passes.length > 5, `${what}: axe looked at nothing`);
  assert.deepEqual(violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.target.join(" ")).join(", ")}`), [], what);
}

describe("a map that is being edited", () => {
  let [folder, daemon] = [];
  let saves = 0;

  before(async () => {
    folder = new Folder();
    folder.save(MAP, demo());
    daemon = await new Daemon(folder, ["--keep-token", "--allow-edits"]).start();
  });

  after(async () => {
    await daemon?.end();
    folder?.remove();
  });

  async function edited(options) {
    const page = await visit(daemon.page(options?.query), options);
    folder.save(MAP, demo([["Tags:", `Tags:save${++saves} `]]));
    await row(page, UNSNAPPED).first().waitFor();
    return page;
  }

  test("says what it is, what is wrong in it, and draws the notes around it", async () => {
    const page = await edited();
    assert.equal(await page.locator("h1").innerText(), "Square Wave Sunrise (tv size)");
    assert.match(await page.locator(".masthead .difficulty").innerText(), /Hard/);
    assert.match(await page.locator(".masthead .stars").innerText(), /^\d\.\d\d$/);
    assert.ok((await numberOf(page, "error")) >= 10);
    await page.locator(".group", { hasText: "Surprising" }).waitFor();
    // Only what is seen is drawn, and the model's findings stand above it.
    await row(page, UNSNAPPED).first().scrollIntoViewIfNeeded();
    await row(page, UNSNAPPED).first().locator("svg.picture-playfield .focus .head").waitFor({ state: "attached" });
    await page.locator(".key-rhythm").waitFor();
    assert.ok(await painted(page), "the strip is painted");
  });

  test("a save on disk shows by itself, in place, and only what changed", async () => {
    const page = await edited();
    await settled(page);
    const kept = await page.evaluateHandle(() => [...document.querySelectorAll(".row-finding")].find((each) => each.textContent.includes("background.png") || each.textContent.includes("slider's tail")));
    const lasted = await page.evaluateHandle((gone) => {
      const seen = { at: 0 };
      const there = () => [...document.querySelectorAll(".findings .message")].some((each) => each.textContent === gone);
      new MutationObserver(() => {
        if (!seen.at && !there()) seen.at = Date.now();
      }).observe(document.querySelector(".findings"), { subtree: true, childList: true, characterData: true });
      return seen;
    }, UNSNAPPED);
    const at = Date.now();
    folder.save(MAP, demo(MENDED));
    await row(page, UNSNAPPED).first().waitFor({ state: "detached" });
    const took = (await lasted.evaluate((seen) => seen.at)) - at;
    console.log(`# a save was shown after ${took} ms`);
    assert.ok(took < 3000, `${took} ms`);
    assert.equal(await kept.evaluate((each) => each.isConnected), true, "rows that stay keep their elements");
    folder.save(MAP, demo());
    await row(page, UNSNAPPED).first().waitFor();
    assert.ok((await page.locator(".is-fresh").count()) >= 1, "what is new is marked");
    assert.match(await page.locator("#live").innerText(), /new finding/);
  });

  test("keeps scroll, choice and focus while saves come in", async () => {
    const page = await edited();
    await settled(page);
    await page.locator(".findings").evaluate((list) => (list.scrollTop = 400));
    await page.waitForTimeout(100);
    const focused = page.locator(".findings .row-finding:not(.is-near) .select").nth(4);
    const key = await focused.evaluate((each) => each.closest(".row").dataset.key);
    await focused.focus();
    const top = () => page.locator(`[data-key="${key}"]`).evaluate((each) => Math.round(each.getBoundingClientRect().top));
    const before = await top();
    folder.save(MAP, demo([["PreviewTime: ", "PreviewTime: 1"]]));
    folder.save(MAP, demo([["TitleUnicode:Square Wave Sunrise (tv size)", "TitleUnicode:Square Wave Sunrise (Tv Size)"]]));
    await page.locator("h1", { hasText: "(Tv Size)" }).waitFor();
    await settled(page);
    assert.equal(await page.evaluate(() => document.activeElement.closest(".row")?.dataset.key), key);
    assert.ok(Math.abs((await top()) - before) <= 2, `moved from ${before} to ${await top()}`);
    folder.save(MAP, demo());
  });

  test("is chosen from by severity, category and words, and says when nothing is left", async () => {
    const page = await edited();
    await page.locator(".severities .of-warning").click();
    await page.locator(".findings .of-error").first().waitFor({ state: "detached" });
    assert.ok((await shown(page).count()) >= 1);
    await page.keyboard.press("0");
    await page.locator(".chip.category", { hasText: "Metadata" }).click();
    await row(page, UNSNAPPED).first().waitFor({ state: "detached" });
    assert.match(await shown(page).first().innerText(), /Title/);
    await page.keyboard.press("0");
    await page.keyboard.press("/");
    await page.keyboard.type("circle tick 7 ms");
    await page.locator(".findings .row-finding:not(:has-text('7 ms'))").first().waitFor({ state: "detached" });
    await page.keyboard.type(" nowhere");
    await page.locator("h2", { hasText: "No finding is left" }).waitFor();
    await page.locator("button", { hasText: "Show all" }).click();
    await row(page, UNSNAPPED).first().waitFor();
  });

  test("a finding is dismissed, stays so on disk, and is restored", async () => {
    const page = await edited();
    const errors = await numberOf(page, "error");
    await page.locator(".toolbar .words").fill("break starts early");
    const target = row(page, "This break starts 100 ms too early").first();
    await target.locator(".select").click();
    await page.keyboard.press("d");
    await target.waitFor({ state: "detached" });
    await page.locator(".note-card", { hasText: "Dismissed" }).waitFor();
    assert.equal(await numberOf(page, "error"), errors - 1);
    const file = join(folder.path, "Square Wave/.maimod/dismissed.toml");
    await until(() => existsSync(file) && readFileSync(file, "utf8").includes("break-invalid"), "the dismissal is written");
    await page.locator(".chip.dismissed").click();
    const dismissed = page.locator(".row-finding.is-dismissed").first();
    await dismissed.waitFor();
    await dismissed.locator(".act-dismiss").focus();
    await dismissed.locator(".act-dismiss").press("Enter");
    await page.locator(".row-finding.is-dismissed").waitFor({ state: "detached" });
    await until(() => !readFileSync(file, "utf8").includes("break-invalid"), "the dismissal is taken back");
  });

  test("pins stand on top and last over a reload", async () => {
    const page = await edited();
    await row(page, UNSNAPPED).first().locator(".select").click();
    await page.keyboard.press("p");
    await page.locator(".findings").evaluate((list) => list.scrollTo(0, 0));
    await page.locator(".group", { hasText: "Pinned" }).waitFor();
    await page.reload();
    await page.locator(".group", { hasText: "Pinned" }).waitFor();
    assert.match(await shown(page).first().innerText(), /7 ms/);
    await shown(page).first().locator(".select").focus();
    await page.keyboard.press("p");
    await page.locator(".group", { hasText: "Pinned" }).waitFor({ state: "detached" });
  });

  test("copies the time stamp as the editor takes it, and links into the editor", async () => {
    const page = await edited({ permissions: ["clipboard-read", "clipboard-write"] });
    const target = row(page, UNSNAPPED).first();
    assert.equal(decodeURIComponent(await target.locator("a.stamp").getAttribute("href")), "osu://edit/00:04:607 (2)");
    await target.locator(".select").focus();
    await page.keyboard.press("c");
    await page.locator(".note-card", { hasText: "Copied" }).waitFor();
    assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^00:04:607 \(2\)/);
    await page.keyboard.press("Shift+C");
    await until(async () => (await page.evaluate(() => navigator.clipboard.readText())).includes(UNSNAPPED), "time and message are copied");
  });

  test("a fix is shown line by line, applied, and the finding goes", async () => {
    const page = await edited();
    await row(page, UNSNAPPED).first().locator(".select").click();
    await page.keyboard.press("f");
    assert.match(await page.locator(".diff-shrunk").innerText(), /300,206,4607/);
    assert.match(await page.locator(".diff-grown").innerText(), /300,206,4600/);
    await page.locator(".drawing .ghost").first().waitFor({ state: "attached" });
    await page.locator(".apply").click();
    await row(page, UNSNAPPED).first().waitFor({ state: "detached" });
    await page.locator(".gone:visible").waitFor();
    assert.ok(readFileSync(join(folder.path, MAP), "utf8").includes("300,206,4600"));
    folder.save(MAP, demo());
    await row(page, UNSNAPPED).first().waitFor();
  });

  test("explains the rule and what the model expected", async () => {
    const page = await edited();
    const surprise = page.locator(".row-finding", { hasText: "surprising-rhythm" }).first();
    await surprise.waitFor();
    await surprise.locator(".select").click();
    await page.locator(".model table tbody tr").first().waitFor();
    await page.locator(".page h3").waitFor();
    assert.match(await page.locator(".page").innerText(), /\S+ \S+/);
    assert.match(await page.locator(".details .expected").innerText(), /%/);
  });

  test("is worked with the keyboard alone", async () => {
    const page = await edited();
    await page.locator("body").press("ArrowDown");
    const at = () => page.evaluate(() => document.activeElement.closest(".row")?.getAttribute("aria-posinset"));
    const first = Number(await at());
    await page.keyboard.press("ArrowDown");
    assert.equal(Number(await at()), first + 1);
    await page.keyboard.press("End");
    assert.equal(await at(), await page.evaluate(() => document.activeElement.closest(".row").getAttribute("aria-setsize")));
    await page.keyboard.press("Home");
    assert.equal(await at(), "1");
    await page.keyboard.press("Enter");
    assert.equal(await page.locator(".group").first().getAttribute("aria-expanded"), "false");
    await page.keyboard.press("Enter");
    await page.keyboard.press("s");
    await page.keyboard.press("ArrowRight");
    assert.match(await page.locator(".strip-board").getAttribute("aria-valuetext"), STAMP);
    await page.keyboard.press("?");
    await page.locator("#help[open]").waitFor();
    await page.keyboard.press("Escape");
    await page.locator("#help[open]").waitFor({ state: "detached" });
  });

  test("a click into the song leads to the finding there", async () => {
    const page = await edited();
    await settled(page);
    const box = await page.locator(".strip-board").boundingBox();
    await page.mouse.click(box.x + box.width * 0.32, box.y + 30);
    await page.locator(".select[aria-current=true]").waitFor();
    assert.match(await page.locator(".details .stamp").innerText(), STAMP);
  });

  test("comes back by itself when the daemon is started anew", async () => {
    const page = await edited();
    page.expected = true;
    await daemon.stop();
    await page.locator(".banner[data-shown]").waitFor();
    assert.match(await page.locator(".banner").innerText(), /Connection lost/);
    assert.ok((await shown(page).count()) > 0, "what was known stays");
    await daemon.start();
    await page.locator("html[data-connection=open]").waitFor({ state: "attached", timeout: 30_000 });
    await page.locator(".banner[data-shown]").waitFor({ state: "detached" });
    folder.save(MAP, demo(MENDED));
    await row(page, UNSNAPPED).first().waitFor({ state: "detached" });
    folder.save(MAP, demo());
    await row(page, UNSNAPPED).first().waitFor();
  });

  test("a page without the token is told so, and learns nothing", async () => {
    const page = await visit(`http://127.0.0.1:${daemon.port}/`, { wait: false });
    page.expected = true;
    await page.locator("h2", { hasText: "maimod does not know this page" }).waitFor();
    const wrong = await visit(`http://127.0.0.1:${daemon.port}/?token=${"0".repeat(32)}`, { wait: false });
    wrong.expected = true;
    await wrong.locator("html[data-connection=refused]").waitFor({ state: "attached" });
    assert.doesNotMatch(await wrong.locator("body").innerText(), /Square Wave/);
  });

  test("a page of another origin is refused, even with the token", async () => {
    const server = createServer((_, answer) => answer.setHeader("content-type", "text/html").end("<!doctype html><title>evil</title>"));
    const port = await freePort();
    await new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
    try {
      const page = await visit(`http://localhost:${port}/`, { wait: false });
      page.expected = true;
      const { socket, snapshot } = await page.evaluate(async (base) => {
        const url = new URL(base);
        const token = url.searchParams.get("token");
        const socket = await new Promise((resolve) => {
          const made = new WebSocket(`ws://${url.host}/ws?token=${token}`);
          made.onopen = () => resolve("open");
          made.onmessage = () => resolve("message");
          made.onerror = () => resolve("refused");
        });
        const snapshot = await fetch(`${url.origin}/snapshot.json?token=${token}`).then((answer) => answer.text(), () => "refused");
        return { socket, snapshot };
      }, daemon.url);
      assert.equal(socket, "refused");
      assert.equal(snapshot, "refused");
    } finally {
      server.close();
    }
  });

  test("works under its own policy, in every mode, and anyone can use it", async () => {
    for (const [query, size] of [["", {}], ["theme=light", {}], ["mode=game", { width: 418, height: 260 }], ["mode=obs", { width: 600, height: 200 }], ["mode=preview&theme=light", { width: 700, height: 900 }]]) {
      const page = await visit(daemon.page(query), size);
      folder.save(MAP, demo([["Tags:", `Tags:save${++saves} `]]));
      await page.locator(".row-finding").first().waitFor();
      await settled(page);
      await accessible(page, query || "page");
      if (query.includes("obs")) continue;
      await page.locator(".row-finding .select").first().click();
      await page.locator(".page h3").waitFor();
      await accessible(page, `${query || "page"}, one finding open`);
      await page.keyboard.press("Escape");
      await page.keyboard.press("m");
      await page.locator(".map").first().waitFor();
      await accessible(page, `${query || "page"}, all maps`);
    }
  });

  test("nothing moves where less motion is wished for", async () => {
    const page = await edited({ reducedMotion: "reduce" });
    const moving = await page.evaluate(() => [...document.querySelectorAll("*")].filter((each) => {
      const style = getComputedStyle(each);
      return style.animationName !== "none" || style.transitionDuration.split(",").some((each) => parseFloat(each) > 0);
    }).length);
    assert.equal(moving, 0);
  });

  test("in a frame, as in VS Code, it takes the editor's colours, follows its address and hands links on", async () => {
    const server = createServer((_, answer) => answer.setHeader("content-type", "text/html").end("<!doctype html><title>editor</title><iframe width=700 height=800></iframe>"));
    const port = await freePort();
    await new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
    try {
      const page = await visit(`http://127.0.0.1:${port}/`, { wait: false });
      const show = (hash) => page.evaluate((src) => (document.querySelector("iframe").src = src), `${daemon.url}#${hash}`);
      await page.evaluate(() => {
        window.told = [];
        window.addEventListener("message", (event) => window.told.push(event.data));
      });
      await show("mode=preview&theme=dark");
      await until(() => page.evaluate(() => window.told.some((each) => each.type === "painting")), "the page asks for colours");
      const framed = page.frameLocator("iframe");
      folder.save(MAP, demo([["Tags:", `Tags:save${++saves} `]]));
      await framed.locator(".row-finding", { hasText: UNSNAPPED }).first().waitFor();
      await framed.locator("html").evaluate((html) => (html.dataset.marked = "yes"));
      const colours = { "--vscode-editor-background": "rgb(1, 2, 3)", "--vscode-foreground": "url(http://127.0.0.1:1/x)", "--accent": "red" };
      await page.evaluate((colours) => document.querySelector("iframe").contentWindow.postMessage({ type: "theme", kind: "dark", colours }, "*"), colours);
      await until(() => framed.locator("body").evaluate((body) => getComputedStyle(body).backgroundColor === "rgb(1, 2, 3)"), "the colour is taken");
      const style = await framed.locator("html").getAttribute("style");
      assert.doesNotMatch(style, /url|--accent/);
      await show("mode=preview&theme=light");
      await framed.locator("html[data-theme=light][data-marked=yes]").waitFor({ state: "attached" });
      await framed.locator(".row-finding", { hasText: UNSNAPPED }).first().locator("button.stamp").click();
      await until(() => page.evaluate(() => window.told.some((each) => each.type === "open")), "the editor is told");
      const { link } = await page.evaluate(() => window.told.find((each) => each.type === "open"));
      assert.equal(decodeURIComponent(link), "osu://edit/00:04:607 (2)");
    } finally {
      server.close();
    }
  });
});

describe("a part that is written anew", () => {
  let [folder, daemon] = [];
  // The network is read when it is first asked, and a busy machine takes its time.
  const PATIENT = { timeout: 180_000 };
  const map = () => readFileSync(join(folder.path, MAP), "utf8");
  const panel = (page, rest = "") => page.locator(`#rewriting ${rest}`);

  before(async () => {
    folder = new Folder();
    folder.save(MAP, demo());
    daemon = await new Daemon(folder, ["--allow-edits"]).start();
  });

  after(async () => {
    await daemon?.end();
    folder?.remove();
  });

  /** The first map, to which the page may turn by itself meanwhile, since it was just saved. */
  async function choose(page) {
    const list = page.locator(".maps-box");
    await page.locator(".map, .row-finding").first().waitFor();
    if (!(await list.isVisible())) return;
    await page.locator(".map").first().click({ timeout: 5000 }).catch(async (trouble) => {
      if (await list.isVisible()) throw trouble;
    });
  }

  async function chosen(options) {
    folder.save(MAP, demo());
    const page = await visit(daemon.page(options?.query), options);
    await choose(page);
    await shown(page).first().waitFor();
    await settled(page);
    return page;
  }

  /** Waits for candidates; what is said in their place fails the test. */
  async function written(page) {
    await panel(page, ".candidate, #rewriting .wishes [role=alert]:not(:empty)").first().waitFor(PATIENT);
    assert.equal(await panel(page, ".wishes [role=alert]").innerText(), "");
  }

  async function timed(page, start, end) {
    await panel(page, ".moment").first().fill(start);
    await panel(page, ".moment").last().fill(end);
    await panel(page, ".moment").last().press("Tab");
  }

  test("is dragged on the song, written, looked at as it is played, and put into the map", async () => {
    const page = await chosen();
    const before = map();
    const box = await page.locator(".strip-board").boundingBox();
    await page.mouse.move(box.x + box.width * 0.3, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.36, box.y + 44, { steps: 4 });
    await page.mouse.up();
    const [start, end] = await panel(page, ".moment").evaluateAll((fields) => fields.map((field) => field.value));
    assert.match(`${start} ${end}`, /^\d\d:\d\d:\d{3} \d\d:\d\d:\d{3}$/);
    await panel(page, ".select-count").selectOption("2");
    await panel(page, ".go").click();
    await panel(page, "[role=progressbar]").waitFor();
    await written(page);
    assert.match(await panel(page, ".candidate").first().innerText(), /bits a note[\s\S]*now [\d.]+[\s\S]*a second/);
    assert.match(await page.locator("#live").innerText(), /candidates? (is|are) there/);
    await panel(page, ".picture-section .comes").first().waitFor({ state: "attached" });
    await panel(page, ".picture-section .was").first().waitFor({ state: "attached" });
    await accessible(page, "candidates");
    const place = () => panel(page, ".place").evaluate((field) => Number(field.value));
    const stood = await place();
    await panel(page, ".play").click();
    await until(async () => (await place()) !== stood, "it is played");
    await page.locator(".heard:visible").waitFor();
    assert.equal(map(), before, "nothing is written by looking");
    await panel(page, ".lines summary").click();
    await panel(page, ".diff-grown").first().waitFor();
    await panel(page, ".take").click();
    await panel(page, ".applying-line .note", { hasText: "Done" }).waitFor();
    await until(() => map() !== before, "the map on disk has changed");
    assert.match(map(), /^Tags:.*\bmaimod\b/m);
    const outside = (text) => text.split("[HitObjects]")[1].trim().split(/\r?\n/).filter((line) => Number(line.split(",")[2]) < ms(start) || Number(line.split(",")[2]) >= ms(end));
    assert.deepEqual(outside(map()), outside(before), "what lies outside the part stands as it stood");
    assert.notEqual(map(), before);
    assert.ok(existsSync(join(folder.path, `${MAP}.bak`)));
    if ((await panel(page, ".candidate").count()) > 1) {
      await panel(page, ".candidate").nth(1).click();
      await panel(page, ".applying-line .note", { hasText: "has changed since" }).waitFor();
    }
  });

  test("is cancelled at once, and the map stands as it stood", async () => {
    const page = await chosen();
    const before = map();
    await page.keyboard.press("r");
    await timed(page, "0:01", "0:59");
    await panel(page, ".select-count").selectOption("8");
    await panel(page, ".go").click();
    await panel(page, ".writing .chip").click();
    await panel(page, ".wishes [role=alert]", { hasText: "Cancelled" }).waitFor();
    assert.equal(await panel(page, ".candidate").count(), 0);
    assert.equal(map(), before);
    await timed(page, "0:31", "0:35");
    await panel(page, ".select-count").selectOption("1");
    await panel(page, ".go").click();
    await written(page);
  });

  test("is chosen and left with the keyboard alone, and says what is wrong with its times", async () => {
    const page = await chosen();
    await row(page, UNSNAPPED).first().locator(".select").focus();
    await page.keyboard.press("r");
    const start = await panel(page, ".moment").first().inputValue();
    assert.ok(ms(start) <= 4607 && ms(await panel(page, ".moment").last().inputValue()) > 4607, start);
    await accessible(page, "what is wished for");
    await timed(page, "nonsense", "0:05");
    await panel(page, ".trouble", { hasText: "00:12:345" }).waitFor();
    assert.ok(await panel(page, ".go").isDisabled());
    await timed(page, "0:10", "0:05");
    await panel(page, ".trouble", { hasText: "ends before" }).waitFor();
    await page.keyboard.press("Escape");
    await panel(page).first().waitFor({ state: "hidden" });
    await page.locator(".strip-board").focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("[");
    const from = ms(await panel(page, ".moment").first().inputValue());
    await page.keyboard.press("End");
    await page.keyboard.press("]");
    assert.equal(ms(await panel(page, ".moment").first().inputValue()), from);
    assert.ok(ms(await panel(page, ".moment").last().inputValue()) > from + 1000);
    assert.equal(await page.evaluate(() => document.activeElement.className), "strip-board");
  });

  test("is confined to the kinds of notes that are chosen", async () => {
    const page = await chosen();
    await page.keyboard.press("r");
    await timed(page, "0:10", "0:16");
    await panel(page, ".confined .chip").filter({ hasText: "Circles" }).click();
    await panel(page, ".confined .chip[aria-pressed=true]").waitFor();
    await panel(page, ".select-count").selectOption("1");
    await panel(page, ".go").click();
    await written(page);
    await panel(page, ".lines summary").click();
    const come = (await panel(page, ".diff-grown code").allInnerTexts()).filter((line) => /^\d+,/.test(line));
    assert.ok(come.length > 2, "notes are written");
    for (const line of come) assert.ok((Number(line.split(",")[3]) & 1) === 1, line);
    await accessible(page, "what it is confined to");
  });

  test("hit sounds are written as well, and a narrow window has room for all of it", async () => {
    const page = await chosen({ width: 320, height: 700 });
    await page.locator(".chip.rewrite").click();
    await panel(page, ".choice .chip").last().click();
    await timed(page, "0:10", "0:40");
    await panel(page, ".go").click();
    await written(page);
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 320);
    assert.ok((await panel(page).first().evaluate((aside) => aside.scrollWidth - aside.clientWidth)) <= 1);
    await accessible(page, "hit sounds in a narrow window");
  });

  test("never shows over a stream", async () => {
    const page = await visit(daemon.page("mode=obs"), { width: 600, height: 200 });
    folder.save(MAP, demo([["Tags:", "Tags:obs "]]));
    await shown(page).first().waitFor();
    await page.keyboard.press("r");
    assert.equal(await page.locator("#rewriting:visible, .chip.rewrite:visible").count(), 0);
  });

  test("without leave to edit the command is shown that does the same", async () => {
    const reader = await new Daemon(folder).start();
    try {
      folder.save(MAP, demo());
      const page = await visit(reader.page());
      await choose(page);
      await shown(page).first().waitFor();
      await settled(page);
      const before = map();
      await page.keyboard.press("r");
      await timed(page, "0:31", "0:35");
      const chip = (name) => panel(page, ".chip").filter({ hasText: name });
      await chip("As dense as it was").click();
      await chip("Add between").click();
      assert.ok(await chip("As dense as it was").isDisabled(), "what is added to cannot stay as dense");
      assert.equal(await chip("As dense as it was").getAttribute("aria-pressed"), "false");
      await chip("Add between").click();
      assert.equal(await chip("As dense as it was").getAttribute("aria-pressed"), "true");
      await panel(page, ".select-count").selectOption("1");
      await panel(page, ".go").click();
      await written(page);
      assert.equal(await panel(page, ".take").count(), 0);
      assert.match(await panel(page, ".command code").innerText(), /^maimod regenerate .*Hard.* --start=31000 --end=35000 .*--density=own --write$/);
      assert.equal(map(), before);
      await leave();
    } finally {
      await reader.end();
    }
  });
});

/** ms of a time stamp. */
function ms(stamp) {
  const [minutes, seconds, rest] = stamp.split(":").map(Number);
  return minutes * 60_000 + seconds * 1000 + rest;
}

describe("maps from strangers", () => {
  let [folder, daemon] = [];
  const SCRIPT = '<img src=x onerror="alert(1)"><script>alert(2)</script>';

  before(async () => {
    folder = new Folder();
    const named = (title, difficulty, more = []) => demo([["Title:Square Wave Sunrise (tv size)", `Title:${title}`], ["TitleUnicode:Square Wave Sunrise (tv size)", `TitleUnicode:${title}`], ["Version:Hard", `Version:${difficulty}`], ...more]);
    folder.save("script/a.osu", named(SCRIPT, SCRIPT, [["Creator:maimod", `Creator:${SCRIPT}`], ["Tags:", `Tags:${SCRIPT} `]]));
    folder.save("long/a.osu", named(`陽だまりの詩 ${"とても長い題名 ".repeat(40)}`, `[[ ${"الصعوبة ".repeat(40)} ]]`));
    folder.save("empty/a.osu", "osu file format v14\n\n[General]\nMode: 0\n\n[Metadata]\nTitle:Nothing here\nVersion:Empty\n\n[HitObjects]\n");
    folder.save("binary/a.osu", Buffer.alloc(5000));
    const many = Array.from({ length: MANY }, (_, at) => `${(at * 37) % 512},${at % 2 ? 444 : -60},${1207 + Math.floor(at / 2) * 200},1,0,0:0:0:0:`);
    folder.save("many/a.osu", `${named("Three thousand", "Many").split("[HitObjects]")[0]}[HitObjects]\n${many.join("\n")}\n`);
    daemon = await new Daemon(folder).start();
  });

  after(async () => {
    await daemon?.end();
    folder?.remove();
  });

  async function choose(words, options) {
    const page = await visit(daemon.page(options?.query), options);
    await page.locator(".map, .row-finding, .nothing h2").first().waitFor();
    if (!(await page.locator(".maps-box").isVisible())) await page.keyboard.press("m");
    await page.locator(".maps-box .words").fill(words);
    await page.locator(".map").first().click();
    return page;
  }

  test("a script in title, difficulty, creator and tags is text", async () => {
    const page = await choose("onerror");
    await page.locator("h1", { hasText: SCRIPT }).waitFor();
    await shown(page).first().waitFor();
    for (const each of await shown(page).all()) await each.locator(".select").click();
    assert.equal(await page.locator("img, main script, header script, aside script").count(), 0);
  });

  test("titles of any length and script leave the page in order", async () => {
    for (const [query, width, height] of [["", 1280, 800], ["mode=game", 418, 260]]) {
      const page = await choose("陽だまり", { query, width, height });
      await shown(page).first().waitFor();
      const { wide, tall, high } = await page.evaluate(() => ({ wide: document.documentElement.scrollWidth, tall: document.documentElement.scrollHeight, high: document.querySelector(".masthead").offsetHeight }));
      assert.ok(wide <= width && tall <= height && high < 90, `${wide} × ${tall}, masthead ${high}`);
      await page.context().close();
      pages.pop();
    }
  });

  test("an empty map, and one that is none, are told of in a sentence", async () => {
    const page = await choose("Nothing here");
    await page.locator("h1", { hasText: "Nothing here" }).waitFor();
    await page.locator(".findings .row-finding, .nothing h2:visible").first().waitFor();
    await accessible(page, "empty map");
    const broken = await choose("binary");
    await broken.locator(".findings .row-finding, .nothing h2:visible").first().waitFor();
    await accessible(broken, "unreadable map");
  });

  test("three thousand findings are a few elements, and every one can be reached", async () => {
    const page = await choose("Three thousand");
    await until(async () => (await numberOf(page, "error").catch(() => 0)) >= MANY, "all findings are counted", 90_000);
    await settled(page);
    assert.ok((await page.locator(".findings .row").count()) < 40);
    await page.locator(".findings .row .primary").first().focus();
    await page.keyboard.press("End");
    const last = page.locator(".findings .row:focus-within");
    assert.equal(await last.getAttribute("aria-posinset"), await last.getAttribute("aria-setsize"));
    const worked = await processorTime(page, () => page.evaluate(async (frames) => {
      const list = document.querySelector(".findings");
      for (let step = 0; step < frames; step++) {
        list.scrollTop = (step / frames) * list.scrollHeight;
        await new Promise(requestAnimationFrame);
      }
    }, FRAMES));
    console.log(`# ${(worked / FRAMES).toFixed(1)} ms of work for a frame while scrolling`);
    assert.ok(worked / FRAMES < 50, `${worked / FRAMES} ms of work for a frame`);
    await page.locator(".row-finding svg.picture").first().waitFor();
  });

  test("without leave to edit a fix is shown, not applied", async () => {
    const page = await choose("onerror");
    const target = row(page, UNSNAPPED).first();
    await target.waitFor();
    await target.locator(".select").click();
    await page.keyboard.press("f");
    await page.locator(".proposal .note", { hasText: "--allow-edits" }).waitFor();
    assert.equal(await page.locator(".apply").count(), 0);
  });
});

test("a copy in tosu's static folder talks to the daemon and to nothing else", async () => {
  const [folder, copies] = [new Folder(), new Folder()];
  folder.save(MAP, demo());
  const port = await freePort();
  const server = createServer((request, answer) => {
    const file = join(copies.path, decodeURIComponent(new URL(request.url, "http://x").pathname.replace(/\/$/, "/index.html")));
    const kind = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".svg": "image/svg+xml" }[extname(file)];
    if (!existsSync(file)) return answer.writeHead(404).end();
    return answer.setHeader("content-type", kind).end(readFileSync(file));
  });
  await new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  const daemon = new Daemon(folder, ["--keep-token", "--allow-origin", `http://127.0.0.1:${port}`]);
  daemon.port = await freePort();
  await daemon.run("overlay", copies.path, "--port", String(daemon.port));
  await daemon.start();
  try {
    const page = await visit(`http://127.0.0.1:${port}/maimod%20by%20maimod/`, { width: 418, height: 260 });
    folder.save(MAP, demo([["Tags:", "Tags:again "]]));
    await page.locator(".row-finding").first().waitFor();
    assert.equal(await page.locator("html").getAttribute("data-mode"), "game");
    assert.deepEqual(page.faults, []);
    page.expected = true;
    const elsewhere = await page.evaluate((port) => fetch(`http://127.0.0.1:${port}/`).then(() => "let through", () => "stopped"), await freePort());
    assert.equal(elsewhere, "stopped");
    assert.match(page.faults.join(), /Content Security Policy/);
  } finally {
    await daemon.end();
    server.close();
    folder.remove();
    copies.remove();
  }
});

test("no maps yet, then the first one is saved", async () => {
  const folder = new Folder();
  const daemon = await new Daemon(folder).start();
  try {
    const page = await visit(daemon.page());
    await page.locator("h2", { hasText: "No maps yet" }).waitFor();
    folder.save(MAP, demo());
    await row(page, UNSNAPPED).first().waitFor();
    await leave();
  } finally {
    await daemon.end();
    folder.remove();
  }
});

async function until(holds, what, limit = 20_000) {
  const end = Date.now() + limit;
  while (!(await holds())) {
    if (Date.now() > end) assert.fail(`in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Rules and model have spoken of the newest text. */
async function settled(page) {
  await page.locator(".masthead .state-ready").waitFor({ state: "attached", timeout: 60_000 });
  await page.waitForTimeout(150);
}

/** How long the page's own thread was at work while `act` ran, in ms: the processor's time, so that a busy machine does not count. */
async function processorTime(page, act) {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const at = async () => (await session.send("Performance.getMetrics")).metrics.find((each) => each.name === "TaskDuration").value;
  const before = await at();
  await act();
  return ((await at()) - before) * 1000;
}

/** Whether the strip's canvas shows anything. */
function painted(page) {
  return page.locator(".strip-canvas").evaluate((canvas) => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.some((value) => value > 0));
}
