import { expect, test } from "vitest";
import { pathText } from "../kernel/settings/path.ts";
import { declaredSettings, settingsSchema } from "./schema/settings.ts";
import { notYet, unbuiltWarnings } from "./unbuilt-settings.ts";

const entries = [
  { pattern: "api", feature: "the service" },
  { pattern: "connectors[].schedule", feature: "the service" },
  { pattern: "logging", feature: "logs" },
];

const parse = (tree: object) => settingsSchema.parse(tree);

test("settings that are left out or have their defaults are not warned of", () => {
  const settings = parse({
    api: { port: 9622, enable_auth: true },
    connectors: [{ id: "a", transformation: { strategy: "standard" } }],
  });
  expect(unbuiltWarnings(settings, entries)).toEqual([]);
});

test("a block is warned of once, with the keys that were given another value", () => {
  const settings = parse({ api: { port: 1, cors: { enabled: true } }, logging: { file: { enabled: true } } });
  expect(unbuiltWarnings(settings, entries)).toEqual([
    {
      path: ["api"],
      reason: "has no effect yet (port, cors.enabled): this version does not have the service",
      hint: null,
    },
    { path: ["logging"], reason: "has no effect yet (file): this version does not have logs", hint: null },
  ]);
});

test("a setting of several connectors is warned of once, at the first", () => {
  const schedule = { type: "manual" };
  const settings = parse({ connectors: [{ id: "a" }, { id: "b", schedule }, { id: "c", schedule }] });
  const warnings = unbuiltWarnings(settings, entries);
  expect(warnings.map(({ path }) => path)).toEqual([["connectors", 1, "schedule"]]);
});

test("every entry of the table is a setting", () => {
  const known = new Set(declaredSettings().map(({ pattern }) => pathText(pattern)));
  expect(notYet.filter(({ pattern }) => !known.has(pattern))).toEqual([]);
});
