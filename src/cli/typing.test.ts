import { expect, test } from "vitest";
import { runCli } from "../../test/support/cli.ts";
import { temporaryFolder } from "../../test/support/temp-folder.ts";
import { commands } from "./commands.ts";
import { withoutConfig } from "./typed-commands.ts";

const groups = commands.filter(({ children }) => children !== undefined).map(({ name }) => name);

test.each([[], ...groups.map((name) => [name])])(
  "without a command, `memory-connector %s` answers with its help on stdout and is no error",
  async (...words) => {
    const { code, out, err } = await runCli(words);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain(`Usage: ${["memory-connector", ...words].join(" ")}`);
    expect(out).toBe((await runCli([...words, "--help"])).out);
  },
);

test("a command that is not there is still an error, and says nothing on stdout", async () => {
  for (const words of [["nope"], ["keys", "nope"], ["sync", "--nope"]]) {
    expect(await runCli(words)).toMatchObject({ code: 2, out: "", err: expect.stringContaining("USAGE") });
  }
});

test("a question needs no quotes, with options before and after it", async () => {
  const at = { cwd: temporaryFolder() };
  for (const words of [
    ["query", "who", "is", "gina"],
    ["query", "--top-k", "3", "who", "is", "gina"],
    ["query", "who", "is", "gina", "--mode", "local"],
  ]) {
    expect((await runCli(words, at)).err).toContain("CONFIG_NOT_FOUND");
  }
  expect((await runCli(["query"], at)).err).toContain("USAGE: missing required argument 'question'");
});

test("advice gets the configuration that was given for every command that takes one", () => {
  const all = commands.flatMap(({ name, children, ...spec }) =>
    children === undefined
      ? [{ name, spec }]
      : children.map((child) => ({ name: `${name} ${child.name}`, spec: child })),
  );
  const takeNone = all.filter(({ spec }) => !spec.options.some(({ long }) => long === "--config"));
  expect(takeNone.map(({ name }) => name).toSorted()).toEqual([...withoutConfig]);
});
