import { expect, onTestFinished, test } from "vitest";
import { ManualClock } from "../../../test/support/manual-clock.ts";
import { mp3, png, startMediaModelServer } from "../../../test/support/media-model-server.ts";
import { startSource } from "../../../test/support/memory-api-client.ts";
import { memoryUnreadMedia } from "../../../test/support/memory-unread-media.ts";
import type { Memory } from "../../domain/memory.ts";
import { MemoryValueCache } from "../../kernel/util/value-cache.ts";
import { createMediaEnricher } from "./media-enricher.ts";
import { OpenAiImageDescriber } from "./openai-image-describer.ts";
import { OpenAiTranscriber } from "./openai-transcriber.ts";

const never = new AbortController().signal;
const ids = ["m1", "m2", "m3", "m4", "m5", "m6"];

interface World {
  perRun?: number;
  perDay?: number;
  maxConcurrent?: number;
  documentsLeft?: () => Promise<number>;
}

/** Six memories with a recording and a picture each. */
async function start({ perRun = 100, perDay = 100, maxConcurrent = 1, documentsLeft }: World) {
  const clock = new ManualClock();
  const { api, client } = await startSource();
  const models = await startMediaModelServer();
  const retry = { maxRetries: 3, baseMs: 1, multiplier: 1, capMs: 1 };
  const endpoint = { baseUrl: models.url, clock, random: () => 0.5, retry, timeoutMs: 300 };
  const transcriber = new OpenAiTranscriber({ ...endpoint, model: "hears" });
  const describer = new OpenAiImageDescriber({ ...endpoint, model: "sees" });
  onTestFinished(async () => {
    await transcriber.close();
    await describer.close();
  });
  api.clear("CTX");
  for (const id of ids) {
    api.putMedium("CTX", id, "audio", "audio/mpeg", mp3(id));
    api.putMedium("CTX", id, "image", "image/png", png(id));
  }
  const reported: string[] = [];
  const parts = {
    ...{
      source: client,
      sourceName: api.url,
      connectorId: "c",
      cache: new MemoryValueCache(),
      clock,
      documentsLeft,
    },
    ...{ transcriber, describer, unread: memoryUnreadMedia(), maxAttempts: 3, force: false },
    report: ({ code, message }: { code: string; message: string }) => reported.push(`${code} ${message}`),
  };
  const limits = { perRun, perDay };
  const settings = {
    maxBytes: { audio: 1000, image: 1000 },
    maxConcurrent,
    limits,
    onFailure: "wait",
  } as const;
  const run = async (image = false) => {
    const enricher = createMediaEnricher(settings, parts);
    return Promise.all(
      ids.map(async (id) => (await enricher?.enrich("CTX", memoryOf(id, image), never))?.facts),
    );
  };
  const read = async (image = false) =>
    (await run(image)).flatMap((facts) => (facts?.pendingMedia === false ? [facts.transcription] : []));
  return { api, models, clock, reported, read };
}

function memoryOf(id: string, image: boolean): Memory {
  return {
    ...{ id, type: "record", audio: true, image, transcript: "" },
    ...{ location: null, createdAt: "2026-01-01T00:00:00Z", updatedAt: null, title: null, tags: [] },
  };
}

test.each([
  ["429", { status: 429, body: "{}" }],
  ["500", { status: 500, body: "{}" }],
  ["a broken connection", { breaks: true as const }],
])(
  "each request that ends with %s counts, repeated ones too, and a spent day downloads nothing",
  async (_, answer) => {
    const { api, models, clock, reported, read } = await start({ perDay: 6 });
    models.answerWith(() => answer);
    for (let runs = 0; runs < 4; runs++) expect(await read()).toEqual([]);
    expect(models.calls).toHaveLength(6);
    const fetched = api.requests.length;
    expect(await read()).toEqual([]);
    expect(api.requests).toHaveLength(fetched);
    expect(reported.at(-1)).toBe(
      "MEDIA_BUDGET_SPENT the 6 requests for media that one day may make have been made",
    );
    models.answerWith(null);
    clock.advance(86_400_000);
    expect(await read()).toEqual(ids);
  },
);

test("media at the same time never make more requests than the run may, and none is downloaded in vain", async () => {
  const { api, models, read } = await start({ perRun: 3, maxConcurrent: 6 });
  expect(await read()).toHaveLength(3);
  expect([models.calls.length, api.requests.length]).toEqual([3, 3]);
});

test("room that a medium does not need goes to the next one", async () => {
  const { api, models, read } = await start({ perRun: 1 });
  api.putMedium("CTX", "m1", "audio", "audio/mpeg", Buffer.from("<html>"));
  expect(await read()).toEqual(["m2"]);
  expect(models.calls).toHaveLength(1);
});

test("media are read for no more memories than documents may be sent today, whole ones", async () => {
  const { api, models, reported, read } = await start({ documentsLeft: async () => 2 });
  expect(await read(true)).toEqual(["m1", "m2"]);
  expect([models.calls.length, api.requests.length]).toEqual([4, 4]);
  expect(reported).toEqual(["MEDIA_BUDGET_SPENT no more media are read today than documents may be sent"]);
});
