import { expect, test } from "vitest";
import { connectorJsonSchema } from "../../src/config/schema/connectors.ts";
import { sourceKinds } from "../../src/sources/source-settings.ts";
import { mergedOver, missingIn } from "./blocks.ts";
import { type Alternatives, alternativesOf, kindOf, type Schema, textOf, typedValue } from "./schema.ts";

const schema = connectorJsonSchema() as Schema;
const sources = alternativesOf(schema.properties?.source as Schema) as Alternatives;

/** Every setting that has a field of its own, by its path. */
function* fieldsOf(block: Schema, path = ""): Generator<[string, Schema]> {
  for (const [key, each] of Object.entries(block.properties ?? {}))
    if (kindOf(each) === "group") yield* fieldsOf(each, `${path}.${key}`);
    else yield [`${path}.${key}`, each];
}

const fields = [...sources.blocks].flatMap(([kind, block]) => [...fieldsOf(block, kind)]);

test("the kinds of sources are a choice, each with what it is, in the order in which they are offered elsewhere", () => {
  expect(sources.key).toBe("type");
  const offered = [...sources.blocks].map(([type, { description }]) => ({ type, label: description }));
  expect(offered).toEqual(sourceKinds.map(({ type, label }) => ({ type, label })));
});

test("blocks without a constant that tells them apart are no choice", () => {
  const one = { type: "object", properties: { type: { type: "string" } } };
  expect(alternativesOf({ anyOf: [one, one] })).toBeNull();
  expect(alternativesOf({ anyOf: [{ type: "string" }, { type: "number" }] })).toBeNull();
  expect(alternativesOf(schema)).toBeNull();
});

test("but for lists of blocks, every setting of every source has a field of its own", () => {
  const asJson = fields.filter(([, field]) => kindOf(field) === "json").map(([path]) => path);
  expect(asJson).toEqual(["http_json.skip", "in_memory.memories"]);
});

test.each(fields.filter(([, { examples }]) => examples !== undefined))(
  "the example of %s can be typed into its field",
  (_, field) => {
    const [example] = field.examples ?? [];
    expect(typedValue(field, textOf(field, example))).toEqual(example);
  },
);

test("what somebody else has changed is taken, and what was typed here stands over it", () => {
  const base = { id: "a", description: "old", schedule: { type: "manual" }, tags: ["x"] };
  const theirs = { ...base, description: "theirs", schedule: { type: "cron", cron: "@daily" } };
  const mine = { id: "a", description: "mine", schedule: { type: "manual", jitter_seconds: 5 } };
  expect(mergedOver(schema, { base, theirs, mine })).toEqual({
    ...{ id: "a", description: "mine" },
    schedule: { type: "cron", cron: "@daily", jitter_seconds: 5 },
  });
});

test("of two kinds of source mine is taken as a whole, and of one kind both changes", () => {
  const base = { source: { type: "memos", url: "http://h:1", token: "***" } };
  const theirs = { source: { type: "memos", url: "http://h:2", token: "***" } };
  const other = { source: { type: "folder", path: "./vault" } };
  expect(mergedOver(schema, { base, theirs, mine: other })).toEqual(other);
  const same = { source: { type: "memos", url: "http://h:1", token: "new" } };
  expect(mergedOver(schema, { base, theirs, mine: same })).toEqual({
    source: { type: "memos", url: "http://h:2", token: "new" },
  });
});

test("what is needed is named within what is given, and nowhere else", () => {
  expect(missingIn(schema, {})).toEqual(["id"]);
  expect(missingIn(schema, { id: "a", source: { type: "folder" } })).toEqual(["source.path"]);
  expect(missingIn(schema, { id: "a", source: { type: "memos", url: "x" } })).toEqual(["source.token"]);
  expect(missingIn(schema, { id: "a", schedule: { cron: "@daily" } })).toEqual(["schedule.type"]);
  const account = { path: "/me" };
  expect(missingIn(schema, { id: "a", source: { type: "http_json", url: "x", account } })).toEqual([
    "source.account.field",
  ]);
});
