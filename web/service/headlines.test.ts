import { expect, test } from "vitest";
import { titleOf as titleOfAlerts } from "../pages/alerts/alerts-page.tsx";
import { foldedOf, isFound } from "../pages/configuration/configuration-page.tsx";
import { titleOf as titleOfChecks } from "../pages/doctor/doctor-page.tsx";

const checks = (problems: number, warnings: number, all: number) => {
  const check = { area: "a", level: "ok", message: "m", code: null, fix: null } as const;
  return { problems, warnings, diagnoses: Array.from({ length: all }, () => check) };
};

test.each([
  [checks(0, 0, 9), "All 9 checks pass."],
  [checks(0, 0, 1), "The one check passes."],
  [checks(0, 1, 9), "Everything works; one of 9 checks needs a look."],
  [checks(0, 3, 9), "Everything works; three of 9 checks need a look."],
  [checks(1, 3, 9), "One of 9 checks fails."],
  [checks(14, 0, 20), "14 of 20 checks fail."],
])("the doctor's headline", (found, title) => {
  expect(titleOfChecks(found)).toBe(title);
});

const alert = (title: string, resolvedAt: string | null = null) => ({
  ...{ id: title, rule: "stale", connectorId: null, title, text: "", resolvedAt },
  ...{ since: "2026-01-31T12:00:00Z", lastToldAt: "2026-01-31T12:00:00Z" },
});
const rule = { rule: "stale" as const, meaning: "m", connectors: null };

test.each([
  [[alert("a"), alert("b"), alert("c", "2026-02-01T12:00:00Z")], true, "2 alerts are raised: a and b."],
  [[alert("a"), alert("b"), alert("c"), alert("d")], true, "4 alerts are raised: a, b and 2 more."],
  [[alert("a")], false, "1 alert is raised: a."],
  [[], true, "No alert is raised."],
  [[], false, "Nothing is watched: alerts are off."],
])("the headline of the alerts", (alerts, enabled, title) => {
  expect(titleOfAlerts({ alerts, enabled, rules: [rule] })).toBe(title);
});

test("where nothing is watched, nothing is said to be fine", () => {
  expect(titleOfAlerts({ alerts: [], enabled: true, rules: [] })).toBe(
    "Nothing is watched: there is no rule.",
  );
});

const setting = (more: object = {}) => ({
  ...{
    path: "memory_api.api_key",
    value: "***",
    origin: "MEMORY_API_KEY",
    isDefault: false,
    line: null,
    ...more,
  },
});

test.each([
  ["every word is looked for, in any case", "API_key memory", {}, true],
  ["in the origin, too", "memory_api_key", { path: "x" }, true],
  ["one word that is nowhere", "memory colour", {}, false],
  ["a default that nobody looks for", "", { isDefault: true }, false],
  ["a default that is looked for", "memory", { isDefault: true }, true],
  ["blanks alone look for nothing", "   ", { isDefault: true }, false],
])("a setting is found: %s", (_, text, more, isThere) => {
  expect(isFound(setting(more), { text, withDefaults: false })).toBe(isThere);
});

test("memories that stand in the configuration are folded, and no other setting", () => {
  expect(foldedOf("connectors[0].source.memories[12].transcript")).toBe("connectors[0].source.memories");
  expect(foldedOf("connectors[0].context_ids[1]")).toBeNull();
});
