import { expect, onTestFinished, test } from "vitest";
import { mp3, png, startMediaModelServer } from "../../../test/support/media-model-server.ts";
import { startSource } from "../../../test/support/memory-api-client.ts";
import { memoryOf, plainEnrichment, quickHarness } from "../../../test/support/sync-harness.ts";
import { MemoryValueCache } from "../../kernel/util/value-cache.ts";
import type { MediaKind, MediaMarks } from "../../sources/memory-source.ts";
import { planRun } from "../../sync/discover/plan.ts";
import type { Enrichment } from "../enrich/memory-enricher.ts";
import { createMediaEnricher, createPlannedMediaEnricher } from "./media-enricher.ts";
import { forgetMedia } from "./media-keys.ts";
import { OpenAiImageDescriber } from "./openai-image-describer.ts";
import { OpenAiTranscriber } from "./openai-transcriber.ts";

const { signal } = new AbortController();
const day = 86_400_000;
const settings = {
  maxBytes: { audio: 1000, image: 1000 },
  maxConcurrent: 2,
  limits: { perRun: 100, perDay: 100 },
  onFailure: "wait",
} as const;

/** Memories with media at a Memory API, and a run that carries them. */
async function start({ perRun = 100, marks }: { perRun?: number; marks?: MediaMarks } = {}) {
  const { api, client } = await startSource();
  const models = await startMediaModelServer();
  const sync = await quickHarness({ maxResendPercent: 100 });
  const endpoint = { baseUrl: models.url, clock: sync.clock, random: () => 0.5 };
  const transcriber = new OpenAiTranscriber({ ...endpoint, model: "hears" });
  const describer = new OpenAiImageDescriber({ ...endpoint, model: "sees" });
  onTestFinished(async () => {
    await transcriber.close();
    await describer.close();
  });
  const { state, clock } = sync;
  const source = { download: client.download.bind(client), mediaMarks: marks ?? client.mediaMarks };
  const cache = new MemoryValueCache();
  const kept = { sourceName: "api", connectorId: "c", transcriber, describer, cache };
  const parts = { ...kept, source, clock, unread: state.unreadMedia, maxAttempts: 3 };
  const limits = { perRun, perDay: 100 };
  const enrichment: Enrichment = {
    ...plainEnrichment,
    forRun: (report, { force } = { force: false }) =>
      createMediaEnricher({ ...settings, limits }, { ...parts, force, report })!,
    forPlan: () => createPlannedMediaEnricher(settings, kept)!,
  };
  const { run } = sync.with({ enrichment });
  const plan = () => planRun({ ...sync, enrichment }, sync.settings, { force: false, filter: {} }, signal);
  const createdAt = new Date(clock.now()).toISOString();
  const put = (id: string, kind: MediaKind, bytes: Buffer, headers: Record<string, string> = {}) =>
    api.putMedium("CTX", id, kind, kind === "audio" ? "audio/mpeg" : "image/png", bytes, headers);
  api.clear("CTX");
  /** What was asked of the source since the last time. */
  const asked = () =>
    api.requests.splice(0).map(({ method, path, status }) => `${method} ${path.split("/").at(-1)} ${status}`);
  const textOf = (id: string) => sync.sink.texts().get(`${id}@CTX.md`) ?? "";
  const spoken = (id: string) => memoryOf(id, { audio: true, transcript: "", createdAt });
  return { ...sync, api, models, cache, run, plan, put, asked, textOf, spoken, createdAt };
}

const marks: [string, Record<string, string>, Record<string, string>, string][] = [
  ["a tag", { etag: '"1"' }, { etag: '"2"' }, "GET audio 304"],
  ["a weak tag", { etag: 'W/"1"' }, { etag: 'W/"2"' }, "GET audio 304"],
  [
    "a date",
    { "last-modified": "Wed, 01 Jan 2025 00:00:00 GMT" },
    { "last-modified": "Thu, 02 Jan 2025 00:00:00 GMT" },
    "GET audio 304",
  ],
  ["a length", {}, {}, "HEAD audio 200"],
];

test.each(marks)(
  "audio that changes under its memory is found by %s, and the document follows",
  async (_, before, after, unchanged) => {
    const world = await start();
    world.source.memories = [world.spoken("m1")];
    world.put("m1", "audio", mp3("Call Ana."), before);
    await world.run();
    expect(world.asked()).toEqual(["GET audio 200"]);
    await world.run();
    expect(world.asked()).toEqual([]);
    await world.clock.sleep(day);
    expect(await world.run()).toMatchObject({ counts: { unchanged: 1, submitted: 0 } });
    expect(world.asked()).toEqual([unchanged]);
    world.put("m1", "audio", mp3("Call Ana and Bo."), after);
    await world.clock.sleep(day);
    expect(await world.run()).toMatchObject({ outcome: "success", counts: { changed: 1, processed: 1 } });
    expect(world.asked()).toEqual([unchanged.replace("304", "200"), "GET audio 200"]);
    expect(world.textOf("m1")).toContain("Call Ana and Bo.");
    expect(await world.run()).toMatchObject({ counts: { unchanged: 1, submitted: 0 } });
    expect(world.models.calls).toHaveLength(2);
  },
);

test("a picture that changes is described anew, also where a server heeds no condition", async () => {
  const world = await start();
  world.api.media.heedsConditions = false;
  const note = memoryOf("m1", { image: true, createdAt: world.createdAt });
  world.source.memories = [note];
  world.put("m1", "image", png("A boat."), { etag: '"1"' });
  await world.run();
  await world.clock.sleep(day);
  expect(await world.run()).toMatchObject({ counts: { unchanged: 1 } });
  world.put("m1", "image", png("A house."), { etag: '"2"' });
  await world.clock.sleep(day);
  await world.run();
  expect(world.textOf("m1")).toContain("A house.");
  expect(world.models.calls).toHaveLength(2);
});

test("a server that knows no HEAD and gives no tag and no date is asked in vain once a day, and nothing follows", async () => {
  const world = await start();
  world.api.media.knowsHead = false;
  world.source.memories = [world.spoken("m1")];
  world.put("m1", "audio", mp3("Call Ana."));
  await world.run();
  world.put("m1", "audio", mp3("Call Ana and Bo."));
  await world.clock.sleep(day);
  expect(await world.run()).toMatchObject({ outcome: "success", counts: { unchanged: 1 } });
  expect(world.asked()).toEqual(["GET audio 200", "HEAD audio 405"]);
});

test("of a server that says nothing of its media nothing is asked", async () => {
  const world = await start();
  world.api.inject({ kind: "no-length" });
  world.source.memories = [world.spoken("m1")];
  world.put("m1", "audio", mp3("Call Ana."));
  await world.run();
  world.put("m1", "audio", mp3("Call Ana and Bo."));
  await world.clock.sleep(day);
  await world.run({ force: true });
  expect(world.asked()).toEqual(["GET audio 200"]);
});

test("a date that changes while the bytes stay costs one download, no reading, and is not believed again", async () => {
  const world = await start();
  world.source.memories = [world.spoken("m1")];
  for (const date of ["1", "2", "3"]) {
    world.put("m1", "audio", mp3("Call Ana."), { "last-modified": date });
    expect(await world.run()).toMatchObject({ outcome: "success" });
    await world.clock.sleep(day);
  }
  expect(world.asked()).toEqual(["GET audio 200", "GET audio 200", "GET audio 200", "HEAD audio 200"]);
  expect(world.models.calls).toHaveLength(1);
  expect([...world.sink.texts()]).toHaveLength(1);
});

test("a forced run looks at every medium at once", async () => {
  const world = await start({ perRun: 1 });
  world.source.memories = [world.spoken("m1"), world.spoken("m2")];
  for (const id of ["m1", "m2"]) world.put(id, "audio", mp3(`${id}.`), { etag: '"1"' });
  await world.run();
  await world.run();
  for (const id of ["m1", "m2"]) world.put(id, "audio", mp3(`Other ${id}.`), { etag: '"2"' });
  await world.run({ force: true });
  await world.run();
  expect([world.textOf("m1"), world.textOf("m2")].join()).toMatch(/Other m1\..*Other m2\./su);
});

test("a run makes no more looks than it may make requests, the rest is for the next one; old memories are looked at less often", async () => {
  const world = await start({ perRun: 2 });
  const ids = ["m1", "m2", "m3"];
  world.source.memories = ids.map(world.spoken);
  for (const id of ids) world.put(id, "audio", mp3(`${id}.`), { etag: '"1"' });
  await world.run();
  await world.run();
  world.asked();
  await world.clock.sleep(day);
  await world.run();
  expect(world.asked()).toHaveLength(2);
  await world.run();
  expect(world.asked()).toHaveLength(1);
  await world.clock.sleep(100 * day);
  for (let run = 0; run < 2; run += 1) await world.run();
  expect(world.asked()).toHaveLength(3);
  await world.clock.sleep(5 * day);
  await world.run();
  expect(world.asked()).toEqual([]);
});

test("a look that fails fails no run, ends the looks of this run, and the change is found later", async () => {
  const world = await start();
  const ids = Array.from({ length: 40 }, (_, at) => `m${at}`);
  world.source.memories = ids.map(world.spoken);
  for (const id of ids) world.put(id, "audio", mp3(`${id}.`), { etag: '"1"' });
  await world.run();
  for (const id of ids) world.put(id, "audio", mp3(`Other ${id}.`), { etag: '"2"' });
  await world.clock.sleep(day);
  world.asked();
  world.api.faultFor = () => ({ kind: "status", status: 500 });
  expect(await world.run()).toMatchObject({ outcome: "success", counts: { unchanged: 40 } });
  expect(world.asked()).toHaveLength(1);
  world.api.faultFor = () => undefined;
  await world.clock.sleep(day);
  await world.run();
  for (const id of ids) expect(world.textOf(id)).toContain(`Other ${id}.`);
});

test("a change whose reading must wait is not forgotten, and the old document stays meanwhile", async () => {
  const world = await start();
  world.source.memories = [world.spoken("m1")];
  world.put("m1", "audio", mp3("Call Ana."), { etag: '"1"' });
  await world.run();
  world.put("m1", "audio", mp3("Call Bo."), { etag: '"2"' });
  await world.clock.sleep(day);
  world.models.answerWith(() => ({ status: 401, body: "{}" }));
  await world.run();
  expect(world.textOf("m1")).toContain("Call Ana.");
  expect(await world.plan()).toMatchObject({ changed: 1, unchanged: 0 });
  world.models.answerWith(null);
  expect(await world.run()).toMatchObject({ counts: { processed: 1 } });
  expect(world.textOf("m1")).toContain("Call Bo.");
});

test("what was read before a change is erased with its memory", async () => {
  const world = await start();
  world.source.memories = [world.spoken("m1")];
  world.put("m1", "audio", mp3("Call Ana."), { etag: '"1"' });
  await world.run();
  world.put("m1", "audio", mp3("Call Bo."), { etag: '"2"' });
  await world.run({ force: true });
  expect(JSON.stringify(world.cache)).toMatch(/Call Ana.*Call Bo/su);
  await forgetMedia(world.cache, { sourceName: "api", contextId: "CTX", memoryId: "m1" });
  expect(JSON.stringify(world.cache)).not.toContain("Call");
});

test("where a look costs no request, each run looks at every medium", async () => {
  let bytes = "Call Ana.".length + 3;
  const world = await start({ perRun: 1, marks: { isRemote: false, of: async () => ({ bytes }) } });
  world.source.memories = [world.spoken("m1"), world.spoken("m2")];
  for (const id of ["m1", "m2"]) world.put(id, "audio", mp3("Call Ana."));
  for (let run = 0; run < 2; run += 1) await world.run();
  for (const id of ["m1", "m2"]) world.put(id, "audio", mp3("Call Bo, then."));
  expect(await world.run()).toMatchObject({ counts: { unchanged: 2 } });
  bytes = "Call Bo, then.".length + 3;
  for (let run = 0; run < 2; run += 1) await world.run();
  expect(await world.run()).toMatchObject({ counts: { unchanged: 2 } });
  for (const id of ["m1", "m2"]) expect(world.textOf(id)).toContain("Call Bo, then.");
});
