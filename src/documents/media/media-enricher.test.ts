import { readdirSync } from "node:fs";
import { expect, onTestFinished, test, vi } from "vitest";
import { ManualClock } from "../../../test/support/manual-clock.ts";
import { mp3, png, startMediaModelServer } from "../../../test/support/media-model-server.ts";
import { startSource } from "../../../test/support/memory-api-client.ts";
import { memoryUnreadMedia } from "../../../test/support/memory-unread-media.ts";
import { temporaryFolder } from "../../../test/support/temp-folder.ts";
import type { Memory } from "../../domain/memory.ts";
import { MemoryValueCache } from "../../kernel/util/value-cache.ts";
import { createMediaEnricher, type MediaSettings } from "./media-enricher.ts";
import { forgetMedia } from "./media-keys.ts";
import { OpenAiImageDescriber } from "./openai-image-describer.ts";
import { OpenAiTranscriber } from "./openai-transcriber.ts";

const never = new AbortController().signal;
const settings: MediaSettings = {
  maxBytes: { audio: 1000, image: 1000 },
  maxConcurrent: 2,
  limits: { perRun: 100, perDay: 100 },
  onFailure: "wait",
};

function memoryOf(id: string, change: Partial<Memory> = {}): Memory {
  return {
    id,
    type: "record",
    audio: true,
    image: false,
    transcript: "",
    location: null,
    createdAt: "2026-01-01T00:00:00Z",
    updatedAt: null,
    title: null,
    tags: [],
    ...change,
  };
}

/** A Memory API with media, a model endpoint, and the way to begin a run. */
async function start(change: Partial<MediaSettings> = {}) {
  const clock = new ManualClock();
  const { api, client } = await startSource();
  const models = await startMediaModelServer();
  const endpoint = { baseUrl: models.url, clock, random: () => 0.5 };
  const transcriber = new OpenAiTranscriber({ ...endpoint, model: "hears" });
  const describer = new OpenAiImageDescriber({ ...endpoint, model: "sees" });
  onTestFinished(async () => {
    await transcriber.close();
    await describer.close();
  });
  const cache = new MemoryValueCache();
  const own = { connectorId: "c", unread: memoryUnreadMedia(), maxAttempts: 100 };
  const reported: string[] = [];
  api.clear("CTX");
  const beginRun = (sourceName = api.url, force = false) => {
    const parts = { source: client, sourceName, transcriber, describer, cache, clock, force, ...own };
    const report = ({ code }: { code: string }) => reported.push(code);
    const enricher = createMediaEnricher({ ...settings, ...change }, { ...parts, report });
    return async (memory: Memory, signal = never) => (await enricher?.enrich("CTX", memory, signal))?.facts;
  };
  return { api, models, cache, clock, reported, beginRun };
}

const downloads = (api: { requests: readonly unknown[] }) => api.requests.length;

test("the audio of a memory without a transcript is downloaded, transcribed and gone from the disk", async () => {
  const { api, beginRun } = await start();
  api.putMedium("CTX", "m1", "audio", "audio/mpeg", mp3("Call Ana."));
  const folder = temporaryFolder();
  vi.stubEnv("TMPDIR", folder);
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(await beginRun()(memoryOf("m1"))).toMatchObject({
    transcription: "Call Ana.",
    pendingMedia: false,
    provisional: false,
  });
  expect(readdirSync(folder)).toEqual([]);
});

test("audio that has a transcript is left alone, and its picture is looked at", async () => {
  const { api, models, beginRun } = await start();
  api.putMedium("CTX", "m1", "image", "image/png", png("A boat.|SEA 7"));
  const memory = memoryOf("m1", { transcript: "Spoken.", image: true });
  expect(await beginRun()(memory)).toMatchObject({
    transcription: null,
    image: { description: "A boat.", text: "SEA 7" },
  });
  expect(models.calls).toHaveLength(1);
});

test("an unchanged memory is neither downloaded nor read again, and a changed one is not paid for twice", async () => {
  const { api, models, beginRun } = await start();
  api.putMedium("CTX", "m1", "audio", "audio/mpeg", mp3("Call Ana."));
  await beginRun()(memoryOf("m1"));
  expect(await beginRun()(memoryOf("m1"))).toMatchObject({ transcription: "Call Ana." });
  expect(downloads(api)).toBe(1);
  expect(await beginRun()(memoryOf("m1", { updatedAt: "2026-01-02T00:00:00Z" }))).toMatchObject({
    transcription: "Call Ana.",
  });
  expect(downloads(api)).toBe(2);
  expect(models.calls).toHaveLength(1);
});

test("a voice memo that its source calls bytes is passed on under the name of its format", async () => {
  const { api, models, beginRun } = await start();
  const memo = Buffer.from("\0\0\0\u0018ftypM4A \0\0\0\0M4A mp42", "latin1");
  api.putMedium("CTX", "m1", "audio", "application/octet-stream", memo);
  expect(await beginRun()(memoryOf("m1"))).toMatchObject({ pendingMedia: false });
  expect(models.calls).toMatchObject([{ fileName: "audio.m4a" }]);
});

test("a format that the endpoint does not take is refused by a code of its own, and asks no second question", async () => {
  const { api, models, reported, beginRun } = await start();
  api.putMedium("CTX", "m1", "audio", "audio/mpeg", Buffer.from("#!AMR\n1"));
  const body = JSON.stringify({ error: { message: "Invalid file format." } });
  models.answerWith(() => ({ status: 400, body }));
  expect(await beginRun()(memoryOf("m1"))).toMatchObject({ pendingMedia: true });
  expect(reported).toEqual(["MEDIA_FORMAT_REFUSED"]);
  expect(models.calls).toHaveLength(1);
});

test("the same bytes under another memory are not paid for again", async () => {
  const { api, models, beginRun } = await start();
  for (const id of ["m1", "m2"]) api.putMedium("CTX", id, "audio", "audio/mpeg", mp3("Same."));
  const read = beginRun();
  expect(await read(memoryOf("m1"))).toMatchObject({ transcription: "Same." });
  expect(await read(memoryOf("m2"))).toMatchObject({ transcription: "Same." });
  expect(models.calls).toHaveLength(1);
});

test("while the endpoint fails a memory waits, and is read when it answers again", async () => {
  const { api, models, reported, beginRun } = await start();
  api.putMedium("CTX", "m1", "audio", "audio/mpeg", mp3("Call Ana."));
  models.answerWith(() => ({ status: 503, body: "{}" }));
  expect(await beginRun()(memoryOf("m1"))).toMatchObject({ transcription: null, pendingMedia: true });
  expect(reported).toEqual(["MODEL_BUSY"]);
  models.answerWith(null);
  expect(await beginRun()(memoryOf("m1"))).toMatchObject({ transcription: "Call Ana.", pendingMedia: false });
});

test("with `continue` it goes on without", async () => {
  const { api, models, beginRun } = await start({ onFailure: "continue" });
  api.putMedium("CTX", "m1", "audio", "audio/mpeg", mp3("Call Ana."));
  models.answerWith(() => ({ status: 503, body: "{}" }));
  expect(await beginRun()(memoryOf("m1"))).toMatchObject({
    transcription: null,
    pendingMedia: false,
    provisional: true,
  });
});

test("a medium that the model refuses is not sent again at once, whatever version of the memory has it", async () => {
  const { api, models, reported, beginRun } = await start();
  api.putMedium("CTX", "m1", "audio", "audio/mpeg", mp3("x"));
  models.answerWith(() => ({ status: 400, body: "{}" }));
  await beginRun()(memoryOf("m1"));
  expect(await beginRun()(memoryOf("m1", { updatedAt: "2026-01-02T00:00:00Z" }))).toMatchObject({
    transcription: null,
    pendingMedia: true,
  });
  expect(models.calls).toHaveLength(1);
  expect(reported).toEqual(["MODEL_REQUEST_REFUSED"]);
});

test("a refused key ends all reading of the run, downloads included", async () => {
  const { api, models, reported, beginRun } = await start();
  for (const id of ["m1", "m2", "m3"]) api.putMedium("CTX", id, "audio", "audio/mpeg", mp3(id));
  models.answerWith(() => ({ status: 401, body: "{}" }));
  const read = beginRun();
  for (const id of ["m1", "m2", "m3"]) expect(await read(memoryOf(id))).toMatchObject({ pendingMedia: true });
  expect(models.calls).toHaveLength(1);
  expect(downloads(api)).toBe(1);
  expect(reported).toEqual(["MODEL_KEY_REFUSED"]);
});

test("memories of two sources with the same ids are not mixed up", async () => {
  const { api, beginRun } = await start();
  api.putMedium("CTX", "m1", "audio", "audio/mpeg", mp3("One."));
  await beginRun("http://one")(memoryOf("m1"));
  api.putMedium("CTX", "m1", "audio", "audio/mpeg", mp3("Other."));
  expect(await beginRun("http://other")(memoryOf("m1"))).toMatchObject({ transcription: "Other." });
  expect(await beginRun("http://one")(memoryOf("m1"))).toMatchObject({ transcription: "One." });
});

test("a run reads as many media as it may, and the next one goes on", async () => {
  const { api, models, reported, beginRun } = await start({ limits: { perRun: 2, perDay: 100 } });
  for (const id of ["m1", "m2", "m3"]) api.putMedium("CTX", id, "audio", "audio/mpeg", mp3(id));
  const read = beginRun();
  const facts = [await read(memoryOf("m1")), await read(memoryOf("m2")), await read(memoryOf("m3"))];
  expect(facts.map((each) => each?.transcription)).toEqual(["m1", "m2", null]);
  expect(reported).toEqual(["MEDIA_BUDGET_SPENT"]);
  expect(await beginRun()(memoryOf("m3"))).toMatchObject({ transcription: "m3" });
  expect(models.calls).toHaveLength(3);
});

test("a day pays for as many readings as it may, over all runs, failed ones included", async () => {
  const { api, models, clock, beginRun } = await start({ limits: { perRun: 100, perDay: 2 } });
  for (const id of ["m1", "m2", "m3"]) api.putMedium("CTX", id, "audio", "audio/mpeg", mp3(id));
  await beginRun()(memoryOf("m1"));
  models.answerWith(() => ({ status: 400, body: "{}" }));
  await beginRun()(memoryOf("m2"));
  models.answerWith(null);
  expect(await beginRun()(memoryOf("m3"))).toMatchObject({ pendingMedia: true });
  clock.advance(86_400_000);
  expect(await beginRun()(memoryOf("m3"))).toMatchObject({ transcription: "m3" });
});

test("no more media than allowed are read at the same time", async () => {
  const { api, models, beginRun } = await start();
  const ids = Array.from({ length: 8 }, (_, index) => `m${index}`);
  for (const id of ids) api.putMedium("CTX", id, "audio", "audio/mpeg", mp3(id));
  const read = beginRun();
  await Promise.all(ids.map((id) => read(memoryOf(id))));
  expect(models.calls).toHaveLength(8);
  expect(models.busiest()).toBeLessThanOrEqual(2);
});

test("an abort ends the reading and is no reason to wait", async () => {
  const { api, models, reported, beginRun } = await start();
  api.putMedium("CTX", "m1", "audio", "audio/mpeg", mp3("x"));
  const controller = new AbortController();
  models.answerWith(() => {
    controller.abort();
    return { status: 200, body: "{}" };
  });
  await expect(beginRun()(memoryOf("m1"), controller.signal)).rejects.toMatchObject({ code: "CANCELLED" });
  expect(reported).toEqual([]);
});

test("without a wish for media there is nothing to read with", async () => {
  const { client } = await startSource();
  const parts = {
    source: client,
    sourceName: "",
    transcriber: null,
    describer: null,
    cache: new MemoryValueCache(),
    clock: new ManualClock(),
    connectorId: "c",
    unread: memoryUnreadMedia(),
    maxAttempts: 5,
    force: false,
  };
  expect(createMediaEnricher(settings, { ...parts, report: () => {} })).toBeNull();
});

test("what is remembered of one memory's media can be forgotten, and only that", async () => {
  const { api, models, cache, beginRun } = await start();
  for (const id of ["m1", "m2"]) api.putMedium("CTX", id, "audio", "audio/mpeg", mp3(`Call ${id}.`));
  const read = beginRun();
  for (const id of ["m1", "m2"]) await read(memoryOf(id));
  const owner = { sourceName: api.url, contextId: "CTX", memoryId: "m1" };
  expect(await forgetMedia(cache, owner)).toBe(2);
  expect(await forgetMedia(cache, owner)).toBe(0);
  expect(JSON.stringify(cache)).not.toContain("Call m1.");
  const before = models.calls.length;
  for (const id of ["m1", "m2"]) await beginRun()(memoryOf(id));
  expect(models.calls).toHaveLength(before + 1);
});
