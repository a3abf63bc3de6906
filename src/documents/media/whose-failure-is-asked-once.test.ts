import { writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import * as z from "zod";
import { ManualClock } from "../../../test/support/manual-clock.ts";
import { memoryUnreadMedia } from "../../../test/support/memory-unread-media.ts";
import type { Memory } from "../../domain/memory.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { MemoryValueCache } from "../../kernel/util/value-cache.ts";
import { createMediaEnricher } from "./media-enricher.ts";

const settings = {
  maxBytes: { audio: 10_000, image: 10_000 },
  maxConcurrent: 1,
  limits: { perRun: 100, perDay: 1000 },
  onFailure: "wait" as const,
};
const recording: Memory = {
  ...{ id: "a", type: "record", audio: true, image: false, transcript: "", location: null },
  ...{ createdAt: "2026-01-01T00:00:00Z", updatedAt: null, title: null, tags: [] },
};

/** One recording, a model that `read` plays, and a source that has the recording while `isThere`. */
function start(read: () => Promise<string>) {
  const unread = memoryUnreadMedia();
  const clock = new ManualClock();
  const world = { isThere: true };
  const source = {
    async download(_: unknown, path: string) {
      if (!world.isThere) throw new ConnectorError("MEDIA_NOT_FOUND", "gone");
      await writeFile(path, "ID3abc");
      return { contentType: "audio/mpeg", bytes: 6 };
    },
  };
  const transcriber = {
    kind: "audio",
    identity: "r",
    schema: z.string(),
    read,
    close: async () => undefined,
  };
  const enrich = async (force = false) => {
    const parts = {
      ...{ source, sourceName: "s", connectorId: "c", cache: new MemoryValueCache(), clock, transcriber },
      ...{ describer: null, unread, maxAttempts: 1, report: () => undefined, force },
    };
    type Parts = Parameters<typeof createMediaEnricher>[1];
    const enricher = createMediaEnricher(settings, parts as unknown as Parts);
    await enricher?.enrich("CTX", recording, new AbortController().signal);
    return unread.list("c");
  };
  return { enrich, unread, world };
}

test("a failure that was found to be everybody's is asked about once, and costs the medium nothing", async () => {
  let reads = 0;
  const { enrich } = start(async () => {
    reads += 1;
    if (reads === 3) return "well again";
    throw new ConnectorError("MODEL_UNREACHABLE", "away");
  });
  expect(await enrich()).toEqual([]);
  expect(reads).toBeLessThan(3);
});

test("a dropped medium stays dropped when a forced try finds it gone from the source", async () => {
  const { enrich, unread, world } = start(async () => {
    throw new ConnectorError("MODEL_CONTEXT_EXCEEDED", "too long");
  });
  const [dead] = await enrich();
  expect(dead).toMatchObject({ standing: "dead" });
  await unread.save([{ ...dead!, standing: "dropped" }]);
  world.isThere = false;
  expect(await enrich(true)).toMatchObject([{ standing: "dropped", bytes: dead!.bytes }]);
});
