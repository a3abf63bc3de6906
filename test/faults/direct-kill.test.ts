import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { createBuiltinEmbedder } from "../../src/sinks/lightrag/embedded/builtin/embedder.ts";
import { LightRagDirectClient } from "../../src/sinks/lightrag/embedded/light-rag-direct-client.ts";
import { contentOf, type FolderContent } from "../lightrag/direct/folder-content.ts";
import { expectConsistent } from "../support/direct-consistency.ts";
import { temporaryFolder } from "../support/temp-folder.ts";

const notes = 120;
const batchSize = 15;
const kills = Number(process.env.KILLS ?? 60);
const seed = Number(process.env.SEED ?? Date.now() % 100_000);

test(`after ${kills} kills at random points nothing is lost or doubled (seed ${seed})`, async () => {
  const random = makeRandom(seed);
  const [killed, undisturbed] = [temporaryFolder(), temporaryFolder()];
  let survived = 0;
  for (let kill = 0; kill < kills; kill++) {
    if (await ingestUntilKilled(killed, random)) survived++;
  }
  for (const folder of [killed, undisturbed]) await ingest(folder);
  const [actual, expected] = [await read(killed), await read(undisturbed)];
  for (const store of Object.keys(expected)) expect(actual[store], store).toEqual(expected[store]);
  expect(Object.keys(expected.edges ?? {}).length).toBeGreaterThan(100);
  const statuses = Object.values(expected.documentStatus ?? {}) as { status: string; chunks_count: number }[];
  expect(statuses).toHaveLength(notes);
  expect(statuses.every(({ status, chunks_count }) => status === "processed" && chunks_count === 1)).toBe(
    true,
  );
  // Otherwise the kills came too late to prove anything.
  expect(survived).toBeLessThan(kills / 2);
});

/** True when the work was done before the kill came. Half of the kills come at a step, the others at any time. */
async function ingestUntilKilled(folder: string, random: () => number): Promise<boolean> {
  const child = startIngest(folder);
  const ended = once(child, "exit");
  const steps = Math.floor(random() * 12);
  await Promise.race([ended, random() < 0.5 ? nthLine(child, steps) : delay(400 + random() * 2_500)]);
  await delay(random() * 30);
  child.kill("SIGKILL");
  const [code] = await ended;
  return code === 0;
}

async function ingest(folder: string): Promise<void> {
  const child = startIngest(folder);
  const [code] = await once(child, "exit");
  expect(code).toBe(0);
}

function startIngest(folder: string): ChildProcess {
  const script = join(import.meta.dirname, "direct/ingest.ts");
  const args = ["--disable-warning=ExperimentalWarning", script, folder, String(notes), String(batchSize)];
  return spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
}

async function nthLine(child: ChildProcess, count: number): Promise<void> {
  let left = count;
  for await (const _line of createInterface({ input: child.stdout! })) if (left-- <= 0) return;
}

/** Reads the folder as the product does; a vector's digits beyond the fifth are rounding. */
async function read(workingDir: string): Promise<FolderContent> {
  const client = new LightRagDirectClient({
    workingDir,
    models: {
      embedding: createBuiltinEmbedder(),
      extraction: { id: "none", extract: () => expect.fail("nothing is left to extract") },
    },
  });
  await client.connect(new AbortController().signal);
  expectConsistent(client.stores);
  const content = contentOf(client.stores);
  await client.close();
  return JSON.parse(
    JSON.stringify(content, (_key, value) =>
      value instanceof Float32Array ? [...value].map((it) => it.toFixed(5)) : value,
    ),
  );
}

/** Numbers in [0, 1) that a seed fixes. */
function makeRandom(from: number): () => number {
  let state = from + 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
