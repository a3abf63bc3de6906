import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";

const folder = join(import.meta.dirname, "../../dist/web");
const html = readFileSync(join(folder, "index.html"), "utf8");
const files = readdirSync(join(folder, "assets"));
const size = (file: string) => gzipSync(readFileSync(join(folder, "assets", file))).byteLength;
const sum = (names: readonly string[]) => names.reduce((total, name) => total + size(name), 0);

test("all of the page is less than 250 kB, compressed", () => {
  expect(sum(files)).toBeLessThan(250_000);
});

test("the overview, with all that it loads first, is less than 120 kB, compressed", () => {
  const first = files.filter((file) => html.includes(file) || file.startsWith("overview-page-"));
  expect(first.length).toBeGreaterThan(2);
  expect(sum(first) + gzipSync(html).byteLength).toBeLessThan(120_000);
});

test("nothing is inline, and nothing is asked of another host", () => {
  expect(html).not.toMatch(/<style|style=|<script(?![^>]*\bsrc=)|\son\w+=/iu);
  for (const [, address = ""] of html.matchAll(/(?:src|href)="([^"]+)"/gu)) expect(address).toMatch(/^\.\//u);
  for (const file of files.filter((name) => name.endsWith(".css")))
    expect(readFileSync(join(folder, "assets", file), "utf8")).not.toMatch(/url\(|@import/u);
});

test("every file but the document has the hash of its content in its name, so that it may be kept for ever", () => {
  expect(files.filter((file) => !/-[\w-]{8}\.\w+$/u.test(file))).toEqual([]);
});
