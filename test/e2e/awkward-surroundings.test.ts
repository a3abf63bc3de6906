import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { commands } from "../../src/cli/commands.ts";
import { makeWorld } from "../support/service.ts";

const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const connector = "connectors: [{ id: one, context_id: CTX, ingestion: { query_range: all } }]";

interface Said {
  code: number;
  text: string;
}

function shell(cwd: string, line: string): Promise<Said> {
  const script = `mc() { "${process.execPath}" "${main}" "$@"; }\n${line}`;
  return new Promise((resolve) => {
    execFile("bash", ["-c", script], { cwd }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), text: `${stdout}${stderr}` }),
    );
  });
}

const stackTrace = /^\s+at .*:\d+:\d+/mu;

/** One line for each kind of command that reads a configuration, and one that needs none. */
const lines = ["validate", "sync", "status", "serve", "list", "init --yes", "export a.tar.gz"];

test.each(lines)("%s in a folder that is gone says so in one coded line", async (words) => {
  const { folder } = await makeWorld(0);
  const { code, text } = await shell(folder, `mkdir gone; cd gone; rmdir ../gone; mc ${words} </dev/null`);
  expect(code).toBe(2);
  expect(
    text
      .trim()
      .split("\n")
      .filter((line) => !line.startsWith("shell-init")),
  ).toEqual([expect.stringMatching(/^WORKING_FOLDER_GONE: /u)]);
});

test("what needs no folder works in one that is gone", async () => {
  const { folder, configure } = await makeWorld(0);
  configure(connector);
  const gone = "mkdir gone; cd gone; rmdir ../gone";
  expect((await shell(folder, `${gone}; mc --help`)).text).toContain(commands[0]?.name);
  expect((await shell(folder, `${gone}; mc validate --config ${folder}/config.yaml`)).code).toBe(0);
});

test("a folder for temporary files that cannot be used is one coded line", async () => {
  const { folder } = await makeWorld(0);
  const { code, text } = await shell(folder, "TMPDIR=/dev/null mc demo");
  expect(code).toBe(2);
  expect(text).toMatch(
    /^SYSTEM_REFUSED: no temporary folder can be made in \/dev\/null: not a directory · set TMPDIR/mu,
  );
  expect(text).not.toMatch(stackTrace);
});

test.each([
  ["without HOME and locale", "env -i"],
  ["in the locale C", "LC_ALL=C LANG=C"],
  ["with stdin closed", "0<&-"],
  ["as a user whom nobody knows", "setpriv --reuid=54321 --clear-groups"],
])("a sync and the reading of its state work %s", async (_, how) => {
  const { folder, configure } = await makeWorld(2);
  configure(connector);
  const command = `"${process.execPath}" "${main}"`;
  const run = (words: string) =>
    how.startsWith("0") ? `${command} ${words} ${how}` : `${how} ${command} ${words}`;
  const setUp = how.startsWith("setpriv")
    ? "command -v setpriv >/dev/null && [ $(id -u) = 0 ] || exit 0; chmod 777 . ; "
    : "";
  const { code, text } = await shell(folder, `${setUp}${run("sync")} && ${run("status --json")}`);
  expect([code, text.match(stackTrace)]).toEqual([0, null]);
});
