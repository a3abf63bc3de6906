import { expect, test } from "vitest";
import { toText } from "../../../src/observe/log-text.ts";
import { runCli } from "../../support/cli.ts";
import { startWorld } from "../../support/sync-world.ts";

/** An id that would clear the screen, set the window's title and forge a line, if it got to a terminal as it is. */
const hostileId = "m\u001b[2J\u001b]0;gotcha\u0007\r\n2026-01-01 INFO forged\u009b31m";
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not come out
const escapes = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/u;

test("ids and texts of the source reach the terminal without their control characters, in every command that shows them", async () => {
  const world = await startWorld({ memories: 1 });
  world.source.put("CTX", {
    id: hostileId,
    created_at: `yesterday ${hostileId}`,
    transcript: hostileId,
    type: hostileId,
  });
  const cli = (...args: string[]) => runCli(args, { cwd: world.folder });
  const answers = [
    await cli("plan"),
    await cli("sync"),
    await cli("status"),
    await cli("history"),
    await cli("dead-letters", "list"),
    await cli("dead-letters", "show", hostileId),
    await cli("dead-letters", "show", `unknown ${hostileId}`),
    await cli("graph", "--memory", hostileId, "--verbose"),
    await cli("reset", "--connector-id", hostileId),
    await cli("restore", `${hostileId}.tar.gz`, "--verbose"),
    await cli("export", `no-folder${hostileId}/a.tar.gz`, "--verbose"),
    await cli(hostileId),
  ];
  for (const { out, err } of answers) {
    expect(out).not.toMatch(escapes);
    expect(err).not.toMatch(escapes);
  }
  expect(answers[4]?.out).toContain("MEMORY_MALFORMED");
});

test("a line of the log for people stays one line, whatever it tells of", () => {
  const line = JSON.stringify({
    time: "2026-01-01T00:00:00.000Z",
    level: "INFO",
    component: "sync",
    msg: `memory ${hostileId} failed`,
    memory_id: hostileId,
    [hostileId]: [hostileId],
    nested: { [hostileId]: hostileId },
  });
  const text = toText(`${line}\n`, false);
  expect(text.split("\n")).toHaveLength(2);
  expect(text.trimEnd()).not.toMatch(escapes);
});
