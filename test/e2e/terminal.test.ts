import { expect, test } from "vitest";
import { displayWidth } from "../../src/cli/lay-out.ts";
import { runCli } from "../support/cli.ts";
import { hasPty, startOnPty } from "../support/pty.ts";
import { makeWorld } from "../support/service.ts";

const connectors = `connectors:
  - { id: personal-memories, context_id: CTX, description: "What was said on the way to work, and on the way back", schedule: { type: cron, cron: "0 2 * * *" } }
  - { id: asks, context_id: CTX, enabled: false }`;

/** Ages go on between two calls: their numbers and units are left out. */
function wordsOf(text: string): string[] {
  const words = text.split(/\s+/u).map((word) => word.replaceAll(/[(),·]/gu, ""));
  return words.filter((word) => !/^(?:[\d.:,]*|ms|s|min|h|d)$/u.test(word));
}

test.skipIf(!hasPty).each([40, 80, 120, 200])(
  "at %i columns (needs python3) list and status fit, and say all that they say in a file",
  async (columns) => {
    const { folder, configure } = await makeWorld(3);
    configure(connectors);
    await runCli(["sync", "--connector-id", "personal-memories"], { cwd: folder });
    for (const command of ["list", "status", "history"]) {
      const session = startOnPty([command], { cwd: folder, columns });
      expect(await session.ended).toBe(0);
      const lines = session.shown().replaceAll("\r", "").split("\n");
      for (const line of lines)
        expect(displayWidth(line) <= columns || !line.trim().includes(" ")).toBe(true);
      const { out } = await runCli([command], { cwd: folder });
      const shown = new Set(wordsOf(session.shown()));
      const words = wordsOf(out);
      expect(words.filter((word) => !shown.has(word))).toEqual([]);
    }
  },
);

test.skipIf(!hasPty).each(["xterm", "dumb"])(
  "on a terminal (%s, needs python3) serve shows the connectors with their next runs, and its log is text",
  async (TERM) => {
    const { folder, configure } = await makeWorld(1);
    configure(connectors);
    const session = startOnPty(["serve", "--port", "0"], { cwd: folder, columns: 100, env: { TERM } });
    await session.shows("CONNECTOR");
    await session.shows("personal-memories");
    await session.shows("0 2 * * *");
    await session.shows("disabled");
    await session.shows("ready");
    session.type("\u0003");
    expect(await session.ended).toBe(0);
    expect(session.shown()).not.toContain('{"level"');
  },
);
