import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { displayWidth } from "../../src/cli/lay-out.ts";
import { runCli } from "../support/cli.ts";
import { makeApiMemories } from "../support/memory-api-data.ts";
import { MemoryApiSimulator } from "../support/memory-api-simulator.ts";

const commands = [
  ["validate"],
  ["check"],
  ["plan"],
  ["sync"],
  ["status"],
  ["list"],
  ["history"],
  ["query", "Which memory has the number 3?"],
  ["reconcile"],
  ["doctor"],
  ["dead-letters", "list"],
  ["keys", "create", "--name", "a-name-of-some-length"],
  ["keys", "list"],
  ["audit", "list"],
  ["audit", "verify"],
  ["alerts", "list"],
  ["secrets", "status"],
  ["pause", "personal-memories"],
  ["check", "--connector-id", "nobody"],
];

let folder = "";

beforeAll(async () => {
  const memoryApi = await MemoryApiSimulator.start();
  memoryApi.put("CTX123", ...makeApiMemories(4));
  folder = mkdtempSync(join(tmpdir(), "memory-connector-"));
  const config = `
memory_api: { url: "${memoryApi.url}", api_key: ${memoryApi.key} }
lightrag: { mode: direct }
connectors: [{ id: personal-memories, context_id: CTX123 }]`;
  writeFileSync(join(folder, "config.yaml"), config, { mode: 0o600 });
  return async () => {
    rmSync(folder, { recursive: true, force: true });
    await memoryApi.close();
  };
});

test.each([40, 60, 80, 120])(
  "at %i columns no command prints a line that is wider, but for words that are",
  async (columns) => {
    for (const args of commands) {
      const { out, err } = await runCli(args, { cwd: folder, columns, errColumns: columns });
      expect(out + err, args.join(" ")).toMatch(/^(?!CONFIG_INVALID)./su);
      const wide = (out + err)
        .split("\n")
        .filter((line) => displayWidth(line) > columns && isMoreThanAWord(line));
      expect({ args, wide }).toEqual({ args, wide: [] });
    }
  },
);

/** A command line between backticks is one: it is there to be copied. */
function isMoreThanAWord(line: string): boolean {
  return line
    .trim()
    .replaceAll(/`[^`]*`/gu, "word")
    .includes(" ");
}
