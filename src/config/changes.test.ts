import { expect, test } from "vitest";
import { minimal, readYaml } from "../../test/support/config.ts";
import { live, waitingForStart } from "./changes.ts";
import type { Config } from "./config.ts";

/** The paths of all settings but those of connectors. */
function paths(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [[...path]];
  return Object.entries(value).flatMap(([key, part]) => paths(part, [...path, key]));
}

function withChange(value: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined) return { changed: value };
  const block = value as Record<string, unknown>;
  return { ...block, [key]: withChange(block[key], rest) };
}

/** What the table says of a setting, by hand. */
function effectOf([first = "", ...rest]: readonly string[]): unknown {
  let effect: unknown = live[first as keyof typeof live];
  for (const key of rest) {
    if (typeof effect === "boolean") break;
    effect = (effect as Record<string, unknown>)[key];
  }
  return effect;
}

test("a change of any setting is said to wait for a start exactly when it does", () => {
  const { config } = readYaml(minimal);
  const all = paths(config).filter(([first]) => first !== "connectors");
  expect(all.length).toBeGreaterThan(40);
  for (const path of all) {
    const name = path.join(".");
    const waiting = waitingForStart(config, withChange(config, path) as Config);
    if (effectOf(path) === true) expect(waiting, name).toEqual([]);
    else expect([waiting.length, name.startsWith(waiting[0] ?? "?")], name).toEqual([1, true]);
  }
});

test("what is in force at once is not said to wait: geocoder, cleanup, the key of the API, levels of the log", () => {
  const { config } = readYaml(minimal);
  for (const path of [
    ["geocoder"],
    ["media"],
    ["state", "cleanup", "enabled"],
    ["api", "apiKey"],
    ["logging", "level"],
  ])
    expect(waitingForStart(config, withChange(config, path) as Config), path.join(".")).toEqual([]);
  for (const path of [
    ["state", "path"],
    ["api", "port"],
    ["logging", "format"],
    ["monitoring", "prometheus", "port"],
  ])
    expect(waitingForStart(config, withChange(config, path) as Config)).toHaveLength(1);
});

test("a setting that is added to a block of both kinds does not compile before somebody has decided about it", () => {
  // @ts-expect-error: `path` and `cleanup` are missing.
  const incomplete: typeof takesEffect.state = { backend: "start" };
  expect(incomplete).toEqual({ backend: "start" });
});
