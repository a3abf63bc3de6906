import { systemClock } from "../../../src/kernel/util/clock.ts";
import { createBuiltinEmbedder } from "../../../src/sinks/lightrag/embedded/builtin/embedder.ts";
import { createBuiltinExtractor } from "../../../src/sinks/lightrag/embedded/builtin/extractor/extractor.ts";
import { LightRagDirectClient } from "../../../src/sinks/lightrag/embedded/light-rag-direct-client.ts";
import { noteDocuments } from "./texts.ts";

/**
 * Brings all notes into a folder in direct mode, as a process of its own that can be killed: takes up what was interrupted, then
 * delivers in batches and closes the folder after each, so that every kind of write happens often. Prints a line for every step.
 * Arguments: folder, number of notes, size of a batch.
 */
const [workingDir = "", count = "", batchSize = ""] = process.argv.slice(2);
const documents = noteDocuments(Number(count));
const signal = new AbortController().signal;
const models = { extraction: createBuiltinExtractor(), embedding: createBuiltinEmbedder() };

for (let start = 0; start < documents.length; start += Number(batchSize)) {
  const client = new LightRagDirectClient({ workingDir, models });
  await client.connect(signal);
  say("opened");
  await client.resumeInterrupted(signal);
  await settled(client);
  const outcomes = await client.submit(documents.slice(start, start + Number(batchSize)), signal);
  say(`accepted ${outcomes.filter(({ kind }) => kind === "accepted").length}`);
  await settled(client);
  await client.close();
  say("closed");
}
say("done");

async function settled(client: LightRagDirectClient): Promise<void> {
  while (await client.isBusy(signal)) await systemClock.sleep(1);
}

function say(what: string): void {
  process.stdout.write(`${what}\n`);
}
