import { expect, test } from "vitest";
import { readYaml } from "../../test/support/config.ts";
import { pathText } from "../kernel/settings/path.ts";
import { renderExample } from "./example.ts";
import { declaredSettings } from "./schema/settings.ts";

test("the example file loads as it stands, with a connector that runs every hour", () => {
  const { config } = readYaml(renderExample());
  expect(config.connectors).toMatchObject([
    { id: "personal-memories", contextIds: ["CTX123"], schedule: { type: "interval", everyMs: 3_600_000 } },
  ]);
});

test("the example file changes no default", () => {
  const example = readYaml(renderExample()).config;
  const bare = readYaml('memory_api: { url: "http://127.0.0.1:8080" }').config;
  for (const block of ["lightrag", "api", "logging", "monitoring", "advanced"] as const) {
    expect(example[block]).toEqual(bare[block]);
  }
});

test("every setting stands in the example file with a comment above it", () => {
  const lines = renderExample().split("\n");
  const settings = declaredSettings().filter(
    ({ pattern }) => !/connectors\[\]\.(memory_api|lightrag|source)\.|alert_on\[\]/.test(pathText(pattern)),
  );
  for (const { pattern } of settings) {
    const key = pattern.at(-1);
    const places = lines.flatMap((line, index) =>
      new RegExp(`^\\s*(#|- )?${key}:`).test(line) ? [index] : [],
    );
    expect(places, pathText(pattern)).not.toEqual([]);
    for (const place of places) expect(lines[place - 1], pathText(pattern)).toMatch(/^\s*# \S/);
  }
});
