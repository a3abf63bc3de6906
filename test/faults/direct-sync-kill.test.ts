import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { createBuiltinEmbedder } from "../../src/sinks/lightrag/embedded/builtin/embedder.ts";
import { createBuiltinExtractor } from "../../src/sinks/lightrag/embedded/builtin/extractor/extractor.ts";
import { LightRagDirectClient } from "../../src/sinks/lightrag/embedded/light-rag-direct-client.ts";
import type { StoreReaders } from "../../src/sinks/lightrag/embedded/storage/readers.ts";
import { ended, startCli } from "../support/cli.ts";
import { expectConsistent } from "../support/direct-consistency.ts";
import { expectExactly, startWorld } from "../support/sync-world.ts";
import { temporaryFolder } from "../support/temp-folder.ts";
import { statementsIn } from "./direct/statements.ts";
import { noteText } from "./direct/texts.ts";

/** No size that servers cap their lists at: a list of that length is doubted. */
const memoryCount = 390;
const kills = Number(process.env.KILLS ?? 25);
/** What a life may add to the journal at most, so that all lives together reach a checkpoint, however slow the machine. */
const mostBytesEach = (32 * 1024 * 1024) / kills;
/** How long a process may live that does not get to its deliveries. Milliseconds. */
const longestStartMs = 500;
/** Memories that change between two lives, so that updates and deletions are caught in the middle as well. */
const changesEach = 8;

test(`killed ${kills} times at random, a sync in direct mode loses no memory and doubles none`, async () => {
  const world = await startWorld({
    memories: memoryCount,
    transcript: noteText,
    lightrag: { mode: "direct", direct: { working_dir: "./storage" } },
  });
  let checkpoints = 0;
  for (let life = 0; life < kills; life++) {
    if (await liveAndDie(world.folder)) checkpoints++;
    world.change(changesEach);
  }
  const undisturbed = temporaryFolder();
  copyFileSync(join(world.folder, "config.yaml"), join(undisturbed, "config.yaml"));
  for (const folder of [world.folder, undisturbed]) {
    const { code, err } = await ended(startCli(["sync", "--json"], folder));
    expect({ code, err }).toEqual({ code: 0, err: "" });
  }
  const stores = await opened(world.folder);
  const documents = [...stores.documentStatus.keys()].map((id) => stores.documentStatus.get(id)!);
  expectExactly({ documents: () => documents }, world.memories);
  expectConsistent(stores);
  const actual = statementsIn(stores);
  const expected = statementsIn(await opened(undisturbed));
  expect(Object.keys(expected).length).toBeGreaterThan(200);
  for (const [name, statements] of Object.entries(expected)) expect(actual[name], name).toEqual(statements);
  expect(Object.keys(actual).toSorted()).toEqual(Object.keys(expected).toSorted());
  // Otherwise the kills never came near the moment in which the folder's files are replaced.
  expect(checkpoints).toBeGreaterThan(0);
});

/** True when the process wrote the folder's files before it was killed, in the middle of its run. */
async function liveAndDie(folder: string): Promise<boolean> {
  const before = lastCheckpoint(folder);
  const child = startCli(["sync"], folder);
  const exit = once(child, "exit");
  // What a run does before its first word is the same each time.
  await Promise.race([once(child.stderr ?? child, "data"), exit]);
  const moment = Math.random() < 0.25 ? delay(Math.random() * longestStartMs) : journalGrows(folder, child);
  await Promise.race([moment, exit]);
  child.kill("SIGKILL");
  const [, signal] = await exit;
  return signal === "SIGKILL" && lastCheckpoint(folder) !== before;
}

/** Resolves when the process has written some work down, or a checkpoint has emptied the journal, or the process has ended. */
async function journalGrows(folder: string, child: ChildProcess): Promise<void> {
  const path = join(folder, "storage/memory_connector.journal");
  const size = () => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  const before = size();
  const bytes = Math.random() * mostBytesEach;
  while (Math.abs(size() - before) < bytes && child.exitCode === null && child.signalCode === null)
    await delay(5);
}

function lastCheckpoint(folder: string): number | undefined {
  return statSync(join(folder, "storage/kv_store_doc_status.json"), { throwIfNoEntry: false })?.mtimeMs;
}

async function opened(folder: string): Promise<StoreReaders> {
  const client = new LightRagDirectClient({
    workingDir: join(folder, "storage"),
    models: { embedding: createBuiltinEmbedder(), extraction: createBuiltinExtractor() },
  });
  await client.connect(new AbortController().signal);
  onTestFinished(() => client.close());
  return client.stores;
}
