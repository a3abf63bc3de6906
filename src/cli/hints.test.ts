import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runCli } from "../../test/support/cli.ts";
import { faultOfCommandLine, wordsOf } from "../../test/support/parse-command-line.ts";
import { temporaryFolder } from "../../test/support/temp-folder.ts";
import { declaredSettings } from "../config/schema/settings.ts";
import { errorCodes } from "../kernel/errors/codes.ts";
import type { CommandSpec } from "./command.ts";
import { commands } from "./commands.ts";
import { jsonOption, verboseOption } from "./program.ts";

const root = join(import.meta.dirname, "../..");
const sources = globSync("src/**/*.ts", { cwd: root })
  .filter((path) => !path.endsWith(".test.ts"))
  .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));

/** Every command line between backticks, in the sources and so in all hints, remedies and notices. */
const advised = [
  ...new Set(
    sources.flatMap(({ text }) =>
      [...text.matchAll(/\\?`memory-connector ([a-z][^`\\\n]*)\\?`/gu)].map(([, words = ""]) =>
        words
          .replaceAll(/\$\{[^}]*\}/gu, "ID")
          .replace(/ [|>] .*$/u, "")
          .trim(),
      ),
    ),
  ),
].toSorted();

/**
 * Neither source nor LightRAG is reachable: how a command fails without them is enough to tell whether its arguments were right.
 */
const config = `memory_api: { url: "http://127.0.0.1:1", max_retries: 0 }
lightrag: { mode: direct }
connectors: [{ id: ID, context_id: CTX }]`;

test("there are commands among the hints", () => {
  expect(advised.length).toBeGreaterThan(20);
  expect(advised).toContain("secrets rotate");
});

test.each(advised)("`memory-connector %s` is a command line that parses", async (words) => {
  expect(await faultOfCommandLine(wordsOf(words))).toBeNull();
});

test.each(advised.filter((words) => !/^(?:serve|watch|demo|init)\b/u.test(words)))(
  "`memory-connector %s` does what it is advised for, and does not ask for more words",
  async (words) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "config.yaml"), config);
    const answer = await runCli(wordsOf(words), { cwd: folder, confirm: async () => true });
    expect(answer.err).not.toMatch(/^(?:USAGE|INTERNAL)/mu);
  },
);

const remedies = Object.entries(errorCodes).map(([code, { remedy }]) => ({ code, remedy }));
const settingKeys = new Set(declaredSettings().flatMap(({ pattern }) => pattern));

test.each(remedies)("the remedy of $code names a command in full", ({ remedy }) => {
  for (const [, phrase = ""] of remedy.matchAll(/`([^`]*)`/gu)) {
    const [first = ""] = phrase.split(" ");
    if (phrase === first && settingKeys.has(first)) continue;
    expect(
      commands.map(({ name }) => name),
      phrase,
    ).not.toContain(first);
  }
});

const longOptions = new Set(["--help", ...commands.flatMap(optionsOf)]);

test("every option and every page that a hint names is there", () => {
  const hints = [
    ...remedies.map(({ remedy }) => remedy),
    ...sources.flatMap(({ text }) =>
      [...text.matchAll(/\b(?:hint|fix)\b[^\n]*?["`](.*)["`]/gu)].map(([, hint = ""]) => hint),
    ),
  ];
  for (const hint of hints) {
    for (const [option] of hint.matchAll(/(?<![\w-])--[a-z][a-z-]+/gu))
      expect(longOptions, hint).toContain(option);
    for (const [page] of hint.matchAll(/docs\/[a-z-]+\.md/gu))
      expect(existsSync(join(root, page)), page).toBe(true);
  }
});

function optionsOf({ options, children = [] }: CommandSpec): string[] {
  const own = [...options, jsonOption(), verboseOption()].map(({ long }) => long ?? "");
  return [...own, ...children.flatMap(optionsOf)];
}

test("a hint is typed as it stands: with the name that the command has here, and with the same configuration", async () => {
  const at = { cwd: temporaryFolder() };
  const args = ["sync", "--config", "other file.yaml"];
  expect((await runCli(args, at)).err).toContain("`memory-connector init --config 'other file.yaml'`");
  expect((await runCli(["sync"], at)).err).toContain("`memory-connector init`");
  for (const given of [["-c", "a=b.yaml"], ["-ca=b.yaml"], ["--config=a=b.yaml"]])
    expect((await runCli(["sync", ...given], at)).err).toContain(
      "`memory-connector init --config 'a=b.yaml'`",
    );
  const inCheckout = { ...at, env: { npm_lifecycle_event: "cli" } };
  expect((await runCli(["sync", "--config=a.yaml"], inCheckout)).err).toContain(
    "`npm run -s cli -- init --config a.yaml`",
  );
});
