import { expect, test } from "vitest";
import { connectorJsonSchema } from "../../src/config/schema/connectors.ts";
import {
  alternativesOf,
  brokenJson,
  kindOf,
  leftOut,
  type Schema,
  secretNames,
  shownValue,
  textOf,
  typedValue,
} from "./schema.ts";
import { changesBetween, valueAt, withValueAt } from "./tree.ts";

const schema = connectorJsonSchema() as Schema;
const at = (...path: string[]) =>
  path.reduce<Schema>((inner, key) => inner.properties?.[key] as Schema, schema);

test("the settings of a connector have fields of their kind", () => {
  expect(kindOf(at("schedule"))).toBe("group");
  expect(kindOf(at("schedule", "type"))).toBe("choice");
  expect(kindOf(at("schedule", "interval_hours"))).toBe("number");
  expect(kindOf(at("schedule", "every"))).toBe("text");
  expect(kindOf(at("enabled"))).toBe("switch");
  expect(kindOf(at("context_ids"))).toBe("lines");
  expect(kindOf(at("source"))).toBe("alternatives");
});

test("what is typed becomes the value of its kind, and reads the same again", () => {
  for (const [field, typed, value] of [
    [at("schedule", "interval_hours"), "1.5", 1.5],
    [at("schedule", "every"), "90s", "90s"],
    [at("schedule", "every"), "90", 90],
    [at("context_ids"), "A\nB", ["A", "B"]],
    [at("context_id"), "123", "123"],
  ] as const) {
    expect(typedValue(field, typed)).toEqual(value);
    expect(textOf(field, value)).toBe(typed);
  }
  expect(typedValue(at("context_id"), "  ")).toBeUndefined();
  expect(typedValue(at("schedule", "interval_hours"), "often")).toBe("often");
});

test("an emptied field is left out, and so is its group when nothing is left of it", () => {
  const tree = withValueAt({ id: "a" }, ["schedule", "type"], "manual");
  expect(valueAt(tree, ["schedule", "type"])).toBe("manual");
  expect(withValueAt(tree, ["schedule", "type"], undefined)).toEqual({ id: "a" });
});

test("changes are named by their deepest paths", () => {
  const before = { id: "a", schedule: { type: "manual" }, context_ids: ["A"] };
  const after = { id: "a", schedule: { type: "cron", cron: "@daily" }, context_ids: ["A", "B"] };
  expect(changesBetween(before, after).map(({ path }) => path)).toEqual([
    "schedule.type",
    "schedule.cron",
    "context_ids",
  ]);
  expect(changesBetween(before, before)).toEqual([]);
});

test("a secret is shown nowhere: neither in a field of its own, nor within a setting that is written as JSON", () => {
  const secrets = secretNames(schema);
  const settings = {
    webhook: { signing_secret: "the secret one" },
    source: { type: "push", signing_secret: "the secret two" },
    memory_api: { url: "http://bob:the-secret-three@h/", api_key: "the secret four" },
    lightrag: { api: { password: "the secret five" }, direct: { llm: { api_key: "the secret six" } } },
  };
  const shown = JSON.stringify(
    changesBetween({}, settings).map(({ path, after }) => shownValue(after, path.split("."), secrets)),
  );
  expect(shown).not.toContain("secret");
  expect(JSON.stringify(shownValue(settings, [], secrets))).not.toContain("the secret");
  expect(shown).toContain("push");
});

test("what is no JSON is told with where and how, and without its text", () => {
  const typed = '[{"field": "the one" "more"}]';
  const skip = alternativesOf(at("source"))?.blocks.get("http_json")?.properties?.skip as Schema;
  const read = () => typedValue(skip, typed);
  expect(read).toThrow(SyntaxError);
  try {
    read();
  } catch (thrown) {
    expect(brokenJson(skip, thrown)).toMatch(
      /^is not JSON from line 1, column \d+ on: write it like \[\{"field":/u,
    );
    expect(brokenJson(skip, thrown)).not.toContain("the one");
  }
});

test("what holds for a setting that is left out is said, also where it is nothing", () => {
  expect(leftOut(at("description"))).toBe("empty, when left out");
  expect(leftOut({ default: [] })).toBe("empty, when left out");
  expect(leftOut(at("timezone"))).toBe("UTC, when left out");
  expect(leftOut(at("context_id"))).toBe("not set");
});
