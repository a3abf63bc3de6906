import { expect, test } from "vitest";
import { runCli } from "../support/cli.ts";
import { startWorld } from "../support/sync-world.ts";

const always = Number.POSITIVE_INFINITY;

test("`sync` delivers what it can, `dead-letters` names the document that LightRAG does not take, and a replay mends it", async () => {
  const world = await startWorld({ memories: 60 });
  const command = (...args: string[]) => runCli([...args, "--json"], { cwd: world.folder });
  const answer = { status: 500, body: { detail: "Internal server error (error_id: x)" } };
  world.sink.fail({ route: "POST /documents/text", kind: "answer", answer, holding: "m0@", times: always });
  const run = await command("sync");
  expect(run.code).toBe(3);
  expect(JSON.parse(run.out)).toMatchObject({ runs: [{ counts: { processed: 59, deadLetters: 1 } }] });
  const letters = await command("dead-letters", "list");
  expect(letters.out).toContain("SINK_SERVER_ERROR");
  expect(letters.out).toContain("m0");
  world.sink.faults.clear();
  await command("dead-letters", "replay", "--all");
  expect(await command("sync")).toMatchObject({ code: 0 });
  expect(world.sink.documents()).toHaveLength(60);
  expect(world.sink.counts).toMatchObject({ inserted: 60, notes: 0 });
});

test("a run that takes too long says its limit as a person would", async () => {
  const connector = { run_timeout: "1.5s" };
  const world = await startWorld({ memories: 1, connector, sink: { processingMs: 60_000 } });
  const { err, out } = await runCli(["sync"], { cwd: world.folder });
  expect(`${err}${out}`).toContain("longer than its limit of 1.5 s");
});
