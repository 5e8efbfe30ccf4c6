import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { addressOf } from "../../../clients/overlay/address.js";
import { hasText, text, useStrings } from "../../../clients/overlay/strings.js";
import { starColour } from "../../../clients/overlay/views/stars.js";

const ROOT = fileURLToPath(new URL("../../../clients/overlay/", import.meta.url));
const STRINGS = JSON.parse(readFileSync(`${ROOT}strings.en.json`));
const SOURCES = readdirSync(ROOT, { recursive: true }).filter((name) => name.endsWith(".js")).map((name) => [name, readFileSync(ROOT + name, "utf8")]);

test("every text that the page asks for by name is there", () => {
  for (const [name, source] of SOURCES) {
    for (const [, key] of source.matchAll(/\btext\("([^"]+)"/g)) assert.ok(key in STRINGS, `${name}: ${key}`);
  }
});

test("every text is asked for", () => {
  const sources = SOURCES.map(([, source]) => source).join("\n");
  for (const key of Object.keys(STRINGS)) {
    const family = `${key.slice(0, key.lastIndexOf(".") + 1)}\${`;
    const found = sources.includes(`"${key}"`) || sources.includes(`\`${family}`) || key.startsWith("way.") || key.startsWith("mode.");
    assert.ok(found, key);
  }
});

test("no source builds markup or styles from text", () => {
  for (const [name, source] of SOURCES) {
    assert.doesNotMatch(source, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|cssText|setAttribute\("style"/, name);
  }
  assert.doesNotMatch(readFileSync(`${ROOT}index.html`, "utf8"), /\sstyle=|\son\w+=|<style|<script(?![^>]*src=)/);
});

test("texts take values and plural forms, and a missing one stands for itself", () => {
  useStrings({ greeting: "Hello {name}", "n.fixes": { one: "{n} fix", other: "{n} fixes" } });
  assert.equal(text("greeting", { name: "{name}" }), "Hello {name}");
  assert.equal(text("greeting"), "Hello {name}");
  assert.deepEqual([text("n.fixes", { n: 1 }), text("n.fixes", { n: 0 }), text("n.fixes", { n: 2 })], ["1 fix", "0 fixes", "2 fixes"]);
  assert.equal(text("missing"), "missing");
  assert.equal(hasText("missing"), false);
});

test("the page's address says mode, token, map and theme; the fragment goes before the query", () => {
  const at = (search, hash = "") => addressOf({ origin: "http://127.0.0.1:24061", search, hash });
  assert.deepEqual(
    (({ mode, token, socket, client, map, theme }) => ({ mode, token, socket, client, map, theme }))(at("?token=ab&mode=game", "#mode=preview&theme=light&map=9f1c0a6be2d4")),
    { mode: "preview", token: "ab", socket: "ws://127.0.0.1:24061/ws?token=ab", client: "preview", map: "9f1c0a6be2d4", theme: "light" },
  );
  assert.equal(at("?mode=nonsense&theme=pink").mode, "page");
  assert.equal(at("?mode=nonsense&theme=pink").theme, null);
  const kept = addressOf({ origin: "http://127.0.0.1:24050", search: "", hash: "" }, { server: "http://127.0.0.1:24061", token: "cd", mode: "game" });
  assert.equal(kept.socket, "ws://127.0.0.1:24061/ws?token=cd");
  assert.equal(kept.mode, "game");
});

test("stars can be read on their colour, from 0 to 12", () => {
  for (let stars = 0; stars <= 12; stars += 0.05) {
    const { ground, ink } = starColour(stars);
    assert.ok(contrast(rgb(ground), rgb(ink)) >= 4.5, `${stars.toFixed(2)}: ${contrast(rgb(ground), rgb(ink)).toFixed(2)}`);
  }
});

test("texts can be read on every surface, in the dark and in the light", () => {
  const css = readFileSync(`${ROOT}styles/tokens.css`, "utf8");
  const dark = tokens(css.slice(0, css.indexOf('[data-theme="light"]')));
  const light = { ...dark, ...tokens(css.slice(css.indexOf('[data-theme="light"]'))) };
  for (const [theme, table] of Object.entries({ dark, light })) {
    for (const ink of ["text", "soft", "accent", "error", "warning", "information", "hint", "grown", "shrunk"]) {
      for (const ground of ["ground", "surface", "raised", "hover"]) {
        const found = contrast(rgb(table[ink]), rgb(table[ground]));
        assert.ok(found >= 4.5, `${theme}: ${ink} on ${ground}: ${found.toFixed(2)}`);
      }
    }
    for (const tone of ["error", "warning", "information", "hint"]) {
      const found = contrast(rgb(table.ground), rgb(table[tone]));
      assert.ok(found >= 4.5, `${theme}: ground on ${tone}: ${found.toFixed(2)}`);
    }
    assert.ok(contrast(rgb(table["on-accent"]), rgb(table.accent)) >= 4.5, theme);
  }
});

function tokens(css) {
  return Object.fromEntries([...css.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/g)].map(([, name, value]) => [name, value]));
}

function rgb(colour) {
  if (colour.startsWith("#")) return [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  return colour.match(/\d+/g).map(Number);
}

function contrast(a, b) {
  const [low, high] = [luminance(a), luminance(b)].sort((one, two) => one - two);
  return (high + 0.05) / (low + 0.05);
}

function luminance(channels) {
  const [red, green, blue] = channels.map((value) => value / 255).map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
