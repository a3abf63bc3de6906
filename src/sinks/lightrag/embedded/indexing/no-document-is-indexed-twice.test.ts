import { expect, onTestFinished, test } from "vitest";
import { ManualClock } from "../../../../../test/support/manual-clock.ts";
import { recordSpans } from "../../../../../test/support/recorded-spans.ts";
import { temporaryFolder } from "../../../../../test/support/temp-folder.ts";
import { currentSpan, inSpan, within } from "../../../../kernel/tracing/span.ts";
import { ExtractiveSummariser } from "../merge/extractive-summariser.ts";
import type { EmbeddingModel } from "../models/models.ts";
import { Folder } from "../storage/folder.ts";
import { defaultChunking } from "../text/chunking.ts";
import { loadTokenizer } from "../text/tokenizer.ts";
import { acceptDocument } from "./document-records.ts";
import { IndexingPipeline } from "./indexing-pipeline.ts";

const tokenizer = await loadTokenizer();
/** More than are read at a time, so that some wait. */
const ids = Array.from({ length: 20 }, (_, index) => `doc-${index}`);

test("a document that waits, is read or is written is not taken up again, however often it is enqueued", async () => {
  const world = await openWorld();
  const { pipeline } = world;
  pipeline.enqueue([...ids, ...ids]);
  pipeline.enqueue(ids);
  await expect.poll(() => world.read.length).toBe(16);
  pipeline.enqueue(ids);
  world.letReadingGoOn();
  await expect.poll(() => world.embedding).toBe(true);
  pipeline.enqueue(ids);
  world.letEmbeddingGoOn();
  await expect.poll(() => pipeline.busy).toBe(false);
  expect(world.read.toSorted()).toEqual(ids.toSorted());
  expect(ids.map((id) => world.folder.stores.documentStatus.get(id)?.status)).toEqual(
    ids.map(() => "processed"),
  );
});

test("runs that share a folder have each its own documents in their traces", async () => {
  const world = await openWorld();
  const { tracer } = recordSpans();
  const run = (name: string, documents: readonly string[]) =>
    within(tracer, () => inSpan({ name }, async () => world.pipeline.enqueue(documents)));
  await run("one", ids.slice(0, 10));
  await run("two", ids.slice(10));
  world.letReadingGoOn();
  world.letEmbeddingGoOn();
  await expect.poll(() => world.pipeline.busy).toBe(false);
  const readers = ids.map((id) => world.readIn.get(id));
  expect(readers).toEqual([...Array(10).fill("one"), ...Array(10).fill("two")]);
});

/** A pipeline over twenty accepted documents, whose extractor and embedding model wait until they may go on. */
async function openWorld() {
  const reading = Promise.withResolvers<void>();
  const embeddingGate = Promise.withResolvers<void>();
  const world = {
    read: [] as string[],
    /** The span in which a document was read. */
    readIn: new Map<string, string | undefined>(),
    embedding: false,
    letReadingGoOn: reading.resolve,
    letEmbeddingGoOn: embeddingGate.resolve,
  };
  const embedding: EmbeddingModel = {
    id: "test",
    dimension: 4,
    embed: async (texts) => {
      world.embedding = true;
      await embeddingGate.promise;
      return texts.map(() => Float32Array.of(1, 0, 0, 0));
    },
  };
  const clock = new ManualClock();
  const folder = await Folder.open(temporaryFolder(), embedding, clock);
  for (const id of ids) {
    await folder.commit(
      acceptDocument(
        id,
        { fileSource: `${id}.md`, text: id },
        {
          trackId: "track",
          now: clock.now(),
          chunking: defaultChunking,
        },
      ).changes,
    );
  }
  const pipeline = new IndexingPipeline({
    folder,
    tokenizer,
    clock,
    embedding,
    askModels: async () => undefined,
    chunking: defaultChunking,
    summariser: new ExtractiveSummariser(tokenizer),
    extractor: {
      extract: async (chunk) => {
        world.read.push(chunk.record.full_doc_id);
        world.readIn.set(chunk.record.full_doc_id, currentSpan()?.spanId);
        await reading.promise;
        return [];
      },
    },
  });
  onTestFinished(async () => {
    await pipeline.stop();
    await folder.close();
  });
  return Object.assign(world, { pipeline, folder });
}
