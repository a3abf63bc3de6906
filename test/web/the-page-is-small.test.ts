import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";

const folder = join(import.meta.dirname, "../../dist/web");
const html = readFileSync(join(folder, "index.html"), "utf8");
const text = (file: string) => readFileSync(join(folder, "assets", file), "utf8");

/** Without what was compressed ahead, which is the same once more. */
const files = readdirSync(join(folder, "assets")).filter((file) => !/\.(br|gz)$/u.test(file));
const sum = (names: Iterable<string>) =>
  [...names].reduce((total, name) => total + gzipSync(text(name)).byteLength, 0);

/** Adds what a script imports before it runs. */
function withImports(file: string, known = new Set<string>()): Set<string> {
  if (known.has(file)) return known;
  known.add(file);
  for (const [, name = ""] of text(file).matchAll(/(?:from|import)\s*["']\.\/([^"']+)["']/gu))
    withImports(name, known);
  return known;
}

test("all of the page is less than 250 kB, compressed", () => {
  expect(sum(files)).toBeLessThan(250_000);
});

test("the overview, with all that it loads first, is less than 120 kB, compressed", () => {
  const first = new Set<string>();
  for (const file of files)
    if (html.includes(file) || file.startsWith("overview-page-")) withImports(file, first);
  expect([...first].filter((file) => file.endsWith(".js")).length).toBeGreaterThan(1);
  expect(sum(first) + gzipSync(html).byteLength).toBeLessThan(120_000);
});

test("nothing is inline, and nothing is asked of another host", () => {
  expect(html).not.toMatch(/<style|style=|<script(?![^>]*\bsrc=)|\son\w+=/iu);
  for (const [, address = ""] of html.matchAll(/(?:src|href)="([^"]+)"/gu)) expect(address).toMatch(/^\.\//u);
  for (const file of files.filter((name) => name.endsWith(".css")))
    expect(text(file)).not.toMatch(/url\(|@import/u);
});

test("every file but the document has the hash of its content in its name, so that it may be kept for ever", () => {
  expect(files.filter((file) => !/-[\w-]{8}\.\w+$/u.test(file))).toEqual([]);
});
