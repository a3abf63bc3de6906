import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { CommandSpec } from "../../src/cli/command.ts";
import { commands } from "../../src/cli/commands.ts";
import { runCli } from "../support/cli.ts";
import { temporaryFolder } from "../support/temp-folder.ts";

interface Named {
  words: readonly string[];
  spec: CommandSpec;
}

const everyCommand = commands.flatMap((spec) => named(spec, []));
const takeConnector = everyCommand.filter(({ spec }) =>
  spec.options.some(({ long }) => long === "--connector-id"),
);
const byPlaceToo = takeConnector.filter(({ spec }) => spec.arguments === undefined);

function named(spec: CommandSpec, above: readonly string[]): Named[] {
  const words = [...above, spec.name];
  return [{ words, spec }, ...(spec.children ?? []).flatMap((child) => named(child, words))];
}

/** Options without which these commands say something else first. */
const needed: Readonly<Record<string, readonly string[]>> = {
  backfill: ["--since", "2024-01-01"],
  erase: ["--memory", "m-1", "--yes"],
  "dead-letters replay": ["--all"],
  "dead-letters drop": ["--all"],
  reset: ["--yes"],
  resync: ["--outdated"],
  trigger: ["--url", "http://127.0.0.1:1", "--key", "k"],
  pause: ["--url", "http://127.0.0.1:1", "--key", "k"],
  resume: ["--url", "http://127.0.0.1:1", "--key", "k"],
  cancel: ["--url", "http://127.0.0.1:1", "--key", "k"],
  watch: ["--url", "http://127.0.0.1:1", "--key", "k"],
};

function folderWithConnectors(): string {
  const folder = temporaryFolder();
  const yaml = `memory_api: { url: "http://127.0.0.1:1", max_retries: 0 }
lightrag: { api: { url: "http://127.0.0.1:1" } }
connectors: [{ id: one, context_id: C }, { id: two, context_id: C }]`;
  writeFileSync(join(folder, "config.yaml"), yaml);
  return folder;
}

async function answer(words: readonly string[], ...connector: string[]) {
  const cwd = folderWithConnectors();
  const { code, err } = await runCli([...words, ...(needed[words.join(" ")] ?? []), ...connector], { cwd });
  return { code, err: err.replaceAll(cwd, "").replaceAll(/\d{4}-\d\d-\S+|run-\S+/gu, "…") };
}

test("the commands that take a connector are as many as they were", () => {
  expect(takeConnector.length).toBeGreaterThanOrEqual(20);
});

describe.each(byPlaceToo.map(({ words, spec }) => [words.join(" "), words, spec] as const))(
  "%s",
  (_, words) => {
    test("understands a connector by its place and by the option in the same way", async () => {
      const byOption = await answer(words, "--connector-id", "nobody");
      expect(await answer(words, "nobody")).toEqual(byOption);
      expect(byOption.err).not.toContain("USAGE");
      expect(await answer(words, "nobody", "--connector-id", "nobody")).toEqual(byOption);
    });

    test("refuses two connectors that differ, and an empty one", async () => {
      const two = await answer(words, "one", "--connector-id", "two");
      expect([two.code, two.err]).toEqual([
        2,
        expect.stringContaining('USAGE: two connectors are named: "one" and "two"'),
      ]);
      const empty = await answer(words, "--connector-id", "");
      expect([empty.code, empty.err]).toEqual([
        2,
        expect.stringContaining("USAGE: the connector's name is empty"),
      ]);
    });
  },
);

test.each(takeConnector.filter(({ spec }) => spec.needsConnector).map(({ words }) => words))(
  "%s without a connector says how to name one",
  async (...words) => {
    const { code, err } = await answer(words);
    expect(code).toBe(2);
    expect(err).toContain(`name it: \`memory-connector ${words.join(" ")} CONNECTOR\``);
  },
);
