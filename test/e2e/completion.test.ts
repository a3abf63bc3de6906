import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { commands } from "../../src/cli/commands.ts";
import { runCli } from "../support/cli.ts";
import { temporaryFolder } from "../support/temp-folder.ts";

const has = (shell: string) => spawnSync(shell, ["--version"]).status === 0;

/** The script of a shell, in a file. */
async function scriptFor(shell: string): Promise<string> {
  const path = join(temporaryFolder(), shell);
  writeFileSync(path, (await runCli(["completion", shell])).out);
  return path;
}

function run(shell: string, code: string): string[] {
  const { stdout, stderr, status } = spawnSync(shell, ["-c", code], { encoding: "utf8" });
  expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
  return stdout.split("\n").filter(Boolean);
}

/** What bash offers for the last of these words. */
async function offeredByBash(...words: string[]): Promise<string[]> {
  const typed = ["memory-connector", ...words].map((word) => `'${word}'`).join(" ");
  const script = await scriptFor("bash");
  return run(
    "bash",
    `set -u; source '${script}'; COMP_WORDS=(${typed}); COMP_CWORD=${words.length}; _memory_connector; printf '%s\\n' "\${COMPREPLY[@]:-}"`,
  );
}

test.skipIf(!has("bash"))(
  "bash (needs it) completes every command, child and option of the table, and the choices of options",
  async () => {
    expect(await offeredByBash("")).toEqual(expect.arrayContaining(commands.map(({ name }) => name)));
    expect(await offeredByBash("dead-")).toEqual(["dead-letters"]);
    for (const { name, children = [], options } of commands) {
      const offered = await offeredByBash(name, "");
      expect(offered).toEqual(expect.arrayContaining(children.map((child) => child.name)));
      expect(offered).toEqual(expect.arrayContaining(options.map(({ long }) => long)));
    }
    expect(await offeredByBash("keys", "create", "--role", "")).toEqual(["admin", "viewer"]);
    // A value that nobody can guess: bash offers files.
    expect(await offeredByBash("sync", "--config", "")).toEqual([]);
    expect(await offeredByBash("sync", "--config", "x.yaml", "--for")).toEqual(["--force"]);
  },
);

test.skipIf(!has("zsh"))("zsh (needs it) takes the script, and offers what the table has", async () => {
  const script = await scriptFor("zsh");
  const code = `compdef() { }; compadd() { print -l -- "\${@[2,-1]}" }; source '${script}'; words=(memory-connector keys ''); CURRENT=3; _memory_connector`;
  expect(run("zsh", code)).toEqual(expect.arrayContaining(["create", "list", "rotate", "revoke"]));
});

test.skipIf(!has("fish"))("fish (needs it) takes the script, and offers what the table has", async () => {
  const script = await scriptFor("fish");
  const offered = run("fish", `source '${script}'; complete -C 'memory-connector '`).map(
    (line) => line.split("\t")[0],
  );
  expect(offered).toEqual(expect.arrayContaining(commands.map(({ name }) => name)));
  const keys = run("fish", `source '${script}'; complete -C 'memory-connector keys '`).map(
    (line) => line.split("\t")[0],
  );
  expect(keys.toSorted()).toEqual(["create", "list", "revoke", "rotate"]);
});

test("a shell that is not known is told, with those that are", async () => {
  const { code, err } = await runCli(["completion", "tcsh"]);
  expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining("bash, zsh, fish") });
});
