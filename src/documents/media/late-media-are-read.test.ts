import { expect, onTestFinished, test } from "vitest";
import { ManualClock } from "../../../test/support/manual-clock.ts";
import { mp3, png, startMediaModelServer } from "../../../test/support/media-model-server.ts";
import { startSource } from "../../../test/support/memory-api-client.ts";
import { memoryUnreadMedia } from "../../../test/support/memory-unread-media.ts";
import type { Memory } from "../../domain/memory.ts";
import { MemoryValueCache } from "../../kernel/util/value-cache.ts";
import { createMediaEnricher, type MediaSettings } from "./media-enricher.ts";
import { OpenAiTranscriber } from "./openai-transcriber.ts";

const never = new AbortController().signal;
const minute = 60_000;
const settings: MediaSettings = {
  maxBytes: { audio: 1000, image: 1000 },
  maxConcurrent: 2,
  limits: { perRun: 100, perDay: 1000 },
  onFailure: "wait",
};
const silent: Memory = {
  id: "m1",
  type: "record",
  audio: true,
  image: false,
  transcript: "",
  location: null,
  createdAt: "2026-01-01T00:00:00Z",
  updatedAt: null,
  title: null,
  tags: [],
};

async function start(change: Partial<MediaSettings> = {}) {
  const clock = new ManualClock();
  const { api, client } = await startSource();
  const models = await startMediaModelServer();
  const endpoint = { baseUrl: models.url, clock, random: () => 0.5, model: "hears" };
  const transcriber = new OpenAiTranscriber(endpoint);
  onTestFinished(() => transcriber.close());
  const cache = new MemoryValueCache();
  const reported: string[] = [];
  api.clear("CTX");
  const own = { connectorId: "c", unread: memoryUnreadMedia(), maxAttempts: 100 };
  const parts = { source: client, sourceName: api.url, transcriber, describer: null, cache, clock, ...own };
  const look = async (memory = silent, force = false) => {
    const report = ({ code }: { code: string }) => reported.push(code);
    const enricher = createMediaEnricher({ ...settings, ...change }, { ...parts, force, report });
    return (await enricher?.enrich("CTX", memory, never))?.facts;
  };
  return { api, models, clock, reported, look };
}

const unreadable: [string, Buffer | undefined, string][] = [
  ["is not there", undefined, "MEDIA_NOT_FOUND"],
  ["is too large", mp3("x".repeat(2000)), "MEDIA_TOO_LARGE"],
  ["is a web page", Buffer.from("<html>Please wait</html>"), "MEDIA_TYPE_UNSUPPORTED"],
  ["is a picture", png("A boat."), "MEDIA_TYPE_UNSUPPORTED"],
  ["has no bytes", Buffer.alloc(0), "MEDIA_TYPE_UNSUPPORTED"],
  ["is cut in its first bytes", Buffer.from("ID"), "MEDIA_TYPE_UNSUPPORTED"],
];

test.each(unreadable)(
  "audio that %s costs nothing, is waited for, and is read as soon as it is right",
  async (_, bytes, code) => {
    const { api, models, clock, reported, look } = await start();
    if (bytes !== undefined) api.putMedium("CTX", "m1", "audio", "audio/mpeg", bytes);
    for (let run = 0; run < 2; run++) {
      expect(await look()).toMatchObject({ transcription: null, pendingMedia: true, provisional: true });
    }
    expect(reported).toEqual([code]);
    expect(models.calls).toEqual([]);
    api.putMedium("CTX", "m1", "audio", "audio/mpeg", mp3("Call Ana."));
    clock.advance(10 * minute);
    expect(await look()).toMatchObject({
      transcription: "Call Ana.",
      pendingMedia: false,
      provisional: false,
    });
  },
);

test.each(unreadable)("who forces a run has audio that %s looked at at once", async (_, bytes) => {
  const { api, look } = await start();
  if (bytes !== undefined) api.putMedium("CTX", "m1", "audio", "audio/mpeg", bytes);
  await look();
  api.putMedium("CTX", "m1", "audio", "audio/mpeg", mp3("Call Ana."));
  expect(await look()).toMatchObject({ transcription: null });
  expect(await look(silent, true)).toMatchObject({ transcription: "Call Ana." });
});

test("the waits double, end at a day and never end altogether; the memory itself waits for two days", async () => {
  const { api, clock, look } = await start();
  const waits: number[] = [];
  let held = 0;
  for (let failures = 0; failures < 12; failures++) {
    if ((await look())?.pendingMedia === true) held = clock.now();
    const asked = api.requests.length;
    let waited = 0;
    while (api.requests.length === asked) {
      clock.advance(10 * minute);
      waited += 10;
      await look();
    }
    waits.push(waited);
  }
  expect(waits).toEqual([10, 20, 40, 80, 160, 320, 640, 1280, 1440, 1440, 1440, 1440]);
  expect((await look())?.pendingMedia).toBe(false);
  const days = (held - Date.UTC(2026, 0, 1)) / (1440 * minute);
  expect(days).toBeGreaterThan(0.5);
  expect(days).toBeLessThan(3);
});

test.each([
  [400, "{}"],
  [500, "{}"],
  [200, '{"words": "none"}'],
])(
  "a recording that the model answers with %i %s is paid for again with growing waits, not in each run",
  async (status, body) => {
    const { api, models, clock, look } = await start();
    api.putMedium("CTX", "m1", "audio", "audio/mpeg", mp3("x"));
    models.answerWith(({ words }) => (words === "x" ? { status, body } : undefined));
    await look();
    const first = models.calls.length;
    expect(await look()).toMatchObject({ pendingMedia: true });
    expect(models.calls).toHaveLength(first);
    models.answerWith(null);
    clock.advance(10 * minute);
    expect(await look()).toMatchObject({ transcription: "x" });
  },
);

test("a quota that comes with a good status is the endpoint's: no medium is marked, the next run reads it", async () => {
  const { api, models, reported, look } = await start();
  api.putMedium("CTX", "m1", "audio", "audio/mpeg", mp3("Call Ana."));
  const error = { error: { message: "Rate limit exceeded", code: 429 } };
  models.answerWith(() => ({ status: 200, body: JSON.stringify(error) }));
  expect(await look()).toMatchObject({ pendingMedia: true });
  expect(reported).toEqual(["MODEL_BUSY"]);
  models.answerWith(null);
  expect(await look()).toMatchObject({ transcription: "Call Ana." });
});

test("a clock that was set back makes no medium wait longer", async () => {
  const { api, clock, look } = await start();
  await look();
  api.putMedium("CTX", "m1", "audio", "audio/mpeg", mp3("Call Ana."));
  clock.advance(-3 * 86_400_000);
  expect(await look()).toMatchObject({ transcription: "Call Ana." });
});

test("with `continue` no memory waits, and it is looked at again all the same", async () => {
  const { look } = await start({ onFailure: "continue" });
  expect(await look()).toMatchObject({ pendingMedia: false, provisional: true });
});
