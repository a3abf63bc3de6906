import { expect, test } from "vitest";
import { bodySchemas } from "./connector-json.ts";

interface Shown {
  required?: string[];
  properties?: Record<string, Shown>;
  anyOf?: Shown[];
  items?: Shown;
  type?: string;
}

/** Every key of an object, at any depth, as `retry.max_attempts`, with whether null may stand for it. */
function* keysOf(
  { properties = {}, required = [], anyOf = [], items }: Shown,
  path = "",
): Generator<[string, boolean]> {
  for (const [key, value] of Object.entries(properties)) {
    const takesNull = value.anyOf?.some(({ type }) => type === "null") ?? false;
    // A key that must be there has a value.
    yield [`${path}${key}`, takesNull === !required.includes(key)];
    yield* keysOf(value, `${path}${key}.`);
  }
  for (const one of anyOf) yield* keysOf(one, path);
  if (items !== undefined) yield* keysOf(items, path);
}

test("a key that may be left out may be null, which is the same, and one that must be there may not", () => {
  const keys = [...keysOf(bodySchemas().ConnectorSettingsInput as Shown)];
  expect(keys.map(([key]) => key)).toEqual(
    expect.arrayContaining(["id", "context_id", "retry.max_attempts"]),
  );
  expect(keys.filter(([, isRight]) => !isRight)).toEqual([]);
});
