import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { initCommand } from "../../src/cli/commands/init.ts";
import { readConfig } from "../../src/config/read-config.ts";
import { runCli } from "../support/cli.ts";
import { temporaryFolder } from "../support/temp-folder.ts";

const init = (folder: string, ...args: string[]) => runCli(["init", "--yes", ...args], { cwd: folder });
const configOf = (folder: string) =>
  readConfig({ path: "config.yaml", environment: {}, workingFolder: folder }).config;

const withValue = initCommand.options.filter(({ required }) => required).map(({ long }) => long ?? "");

test("init has six options that take a value", () => {
  expect(withValue).toHaveLength(6);
});

const keys = ["--api-key", "--lightrag-api-key"];

test.each(withValue.filter((option) => !keys.includes(option)))(
  "%s with nothing behind it is refused by its name, and nothing is written",
  async (option) => {
    const folder = temporaryFolder();
    const { code, out, err } = await init(folder, option, "");
    expect([code, out, readdirSync(folder)]).toEqual([2, "", []]);
    expect(err).toMatch(new RegExp(`^USAGE: ${option} .+ · \\w`, "u"));
  },
);

test("an empty key is no key: the files are those that are written without one", async () => {
  const [given, without] = [temporaryFolder(), temporaryFolder()];
  const { code } = await init(given, ...keys.flatMap((option) => [option, ""]));
  await init(without);
  const filesOf = (folder: string) =>
    ["config.yaml", ".env"].map((name) => readFileSync(join(folder, name), "utf8"));
  expect([code, filesOf(given)]).toEqual([0, filesOf(without)]);
});

test.each([
  ["an address without a protocol", "--api-url", "127.0.0.1:8080"],
  ["an address of another protocol", "--lightrag-url", "ftp://127.0.0.1"],
  ["words for an address", "--lightrag-url", "not an address"],
  ["a key with a character that no header carries", "--api-key", "k\u2013ey"],
  ["a key of two lines", "--lightrag-api-key", "k\ney"],
  ["a path that no system has", "--config", "a\0b"],
])("%s is refused, and nothing is written", async (_, option, value) => {
  const folder = temporaryFolder();
  const { code, err } = await init(folder, option, value);
  expect([code, err, readdirSync(folder)]).toEqual([2, expect.stringMatching(/^USAGE: --/u), []]);
});

test("a folder is no place for a file, whatever is to be overwritten, and nothing is written", async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "config.yaml"));
  const { code, err } = await init(folder, "--force");
  expect([code, err]).toEqual([2, expect.stringMatching(/^CONFIG_NOT_WRITTEN: .* is a folder/u)]);
  expect(readdirSync(folder)).toEqual(["config.yaml"]);
});

/** Whether anything is asked of a person who wants the file there. */
async function askedFor(folder: string, ...args: string[]) {
  let isAsked = false;
  const openDialogue = () => {
    isAsked = true;
    return null;
  };
  const { code, err } = await runCli(["init", ...args], { cwd: folder, openDialogue });
  return { code, err, isAsked };
}

test.each([
  ["a folder that is not there", "missing/config.yaml", /missing is not there/u],
  ["a folder that is a file", "file/config.yaml", /file is no folder/u],
])("%s is told before anything is asked", async (_, config, said) => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "file"), "");
  const { err, ...rest } = await askedFor(folder, "--config", config);
  expect([rest, err]).toEqual([{ code: 2, isAsked: false }, expect.stringMatching(said)]);
  expect(err).toMatch(/^CONFIG_NOT_WRITTEN: /u);
});

test.skipIf(process.getuid?.() === 0).each([
  ["a folder", 0o555, []],
  ["a file", 0o755, ["--force"]],
])(
  "%s that may not be written is told before anything is asked (skipped: root may)",
  async (_, mode, how) => {
    const folder = temporaryFolder();
    if (how.length > 0) writeFileSync(join(folder, "config.yaml"), "", { mode: 0o444 });
    chmodSync(folder, mode);
    const answer = await askedFor(folder, ...how);
    chmodSync(folder, 0o755);
    expect(answer).toMatchObject({ code: 2, isAsked: false });
    expect(answer.err).toMatch(/^CONFIG_NOT_WRITTEN: you may not write to /u);
  },
);

test.each([
  "true",
  "007",
  "~",
  "a: b",
  "# c",
  "$" + "{HOME}",
  "$$" + "{HOME}",
  "{}",
  "'\"",
  "Zoë 中",
  "-",
  "*a",
])("the context %j is written down as it is", async (context) => {
  const folder = temporaryFolder();
  expect(await init(folder, "--context-id", context)).toMatchObject({ code: 0 });
  expect(configOf(folder).connectors[0]?.contextIds).toEqual([context]);
});

test("a key in .env is not called another one where none was given, and one that differs is", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, ".env"), "MEMORY_API_KEY=mine\n");
  const without = await init(folder);
  expect(without.out).toContain("The MEMORY_API_KEY that .env has already is the one that is used.");
  expect(without.out).not.toMatch(/another|Put the/u);
  expect(configOf(folder).connectors[0]).toMatchObject({ source: { apiKey: "mine" } });
  const other = await init(folder, "--force", "--api-key", "theirs");
  expect(other.out).toContain(".env has another MEMORY_API_KEY already; it was left as it is.");
  expect(readFileSync(join(folder, ".env"), "utf8")).toBe("MEMORY_API_KEY=mine\n");
});

test("who begins anew with the placeholder still there is told again to put the key in", async () => {
  const folder = temporaryFolder();
  expect((await init(folder)).out).toContain("Put the Memory API's key into .env");
  expect((await init(folder, "--force")).out).toContain("Put the Memory API's key into .env");
});
