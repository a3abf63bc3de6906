import type { Option } from "commander";
import { describe, expect, test } from "vitest";
import type { CliIo } from "./cli-io.ts";
import type { CommandSpec } from "./command.ts";
import { commands } from "./commands.ts";
import { configSource } from "./load-config.ts";

const everyCommand = commands.flatMap(withChildren);

function withChildren(spec: CommandSpec): CommandSpec[] {
  return [spec, ...(spec.children ?? []).flatMap(withChildren)];
}

/** The settings that a command line with only these options changes. */
function changedSettings(options: readonly Option[], given: Readonly<Record<string, unknown>>): string[] {
  const standard = options
    .filter(({ defaultValue }) => defaultValue !== undefined)
    .map((option) => [option.attributeName(), option.defaultValue] as const);
  const input = { options: { ...Object.fromEntries(standard), ...given }, arguments: [] };
  const { overrides = [] } = configSource(input, {
    io: { env: {}, cwd: "/" } as CliIo,
    asJson: false,
  });
  return overrides.map(({ path }) => path.join("."));
}

describe("a flag that is absent changes no setting", () => {
  test.each(everyCommand)("$name", ({ options }) => {
    expect(changedSettings(options, {})).toEqual([]);
    const absent = options.map((option) => [option.attributeName(), undefined]);
    expect(changedSettings(options, { config: "config.yaml", ...Object.fromEntries(absent) })).toEqual([]);
  });
});

/** Every flag that is a setting, and the settings that it is. */
const settingsOfFlags: Readonly<Record<string, readonly string[]>> = {
  "--api-url": ["memory_api.url"],
  "--api-key": ["memory_api.api_key"],
  "--context-id": ["connectors"],
  "--lightrag-url": ["lightrag.api.url"],
  "--lightrag-api-key": ["lightrag.api.api_key"],
  "--lightrag-workspace": ["lightrag.api.workspace"],
  "--state": ["state.path", "state.backend"],
  "--host": ["api.host"],
};

test("a flag that is given changes the settings that it stands for, and no other", () => {
  const flags = everyCommand.flatMap(({ options }) => options.map((option) => ({ options, option })));
  for (const { options, option } of flags) {
    const value = option.long === "--config" ? "config.yaml" : "given";
    const changed = changedSettings(options, { [option.attributeName()]: value });
    expect(changed, option.flags).toEqual(settingsOfFlags[option.long ?? ""] ?? []);
  }
  const known = new Set(flags.map(({ option }) => option.long));
  expect(Object.keys(settingsOfFlags).filter((flag) => !known.has(flag))).toEqual([]);
});
