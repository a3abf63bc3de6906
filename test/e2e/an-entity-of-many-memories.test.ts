import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runCli } from "../support/cli.ts";
import { temporaryFolder } from "../support/temp-folder.ts";

/** More than the API has on its largest page. */
const count = 620;

test("`graph --entity` shows as many memories as it is asked for, whatever the size of a page, and goes on behind them", async () => {
  const folder = temporaryFolder();
  const memories = Array.from({ length: count }, (_, number) => ({
    id: `m${number}`,
    created_at: new Date(Date.UTC(2026, 0, 1, 0, number)).toISOString(),
    transcript: `Nora: I met Jonas at the harbour, for the ${number + 1}th time.`,
  }));
  const connector = { id: "one", context_id: "CTX", source: { type: "in_memory", memories } };
  writeFileSync(
    join(folder, "config.yaml"),
    JSON.stringify({ lightrag: { mode: "direct" }, connectors: [connector] }),
  );
  expect(await runCli(["sync"], { cwd: folder })).toMatchObject({ code: 0 });
  const ask = async (...flags: string[]) => {
    const { out } = await runCli(["graph", "--entity", "Jonas", "--json", ...flags], { cwd: folder });
    const { next, memories: shown } = JSON.parse(out);
    return { next, ids: shown.map(({ memoryId }: { memoryId: string }) => memoryId) };
  };
  const whole = await ask("--limit", "1000");
  expect([new Set(whole.ids).size, whole.next]).toEqual([count, null]);
  const first = await ask("--limit", "600");
  expect([first.ids.length, typeof first.next]).toEqual([600, "string"]);
  const rest = await ask("--after", first.next);
  expect([...first.ids, ...rest.ids]).toEqual(whole.ids);
});
