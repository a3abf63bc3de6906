import { expect, onTestFinished, test } from "vitest";
import { ManualClock } from "../../../test/support/manual-clock.ts";
import {
  mp3,
  png,
  type ScriptedAnswer,
  startMediaModelServer,
} from "../../../test/support/media-model-server.ts";
import { startSource } from "../../../test/support/memory-api-client.ts";
import { memoryUnreadMedia } from "../../../test/support/memory-unread-media.ts";
import type { Memory } from "../../domain/memory.ts";
import { MemoryValueCache } from "../../kernel/util/value-cache.ts";
import { createMediaEnricher } from "./media-enricher.ts";
import { OpenAiImageDescriber } from "./openai-image-describer.ts";
import { OpenAiTranscriber } from "./openai-transcriber.ts";

const never = new AbortController().signal;
const day = 86_400_000;
const retry = { maxRetries: 0, baseMs: 1, multiplier: 1, capMs: 1 };
const settings = {
  maxBytes: { audio: 10_000, image: 10_000 },
  maxConcurrent: 1,
  limits: { perRun: 100, perDay: 1000 },
  onFailure: "wait" as const,
};

async function start(kind: "audio" | "image") {
  const clock = new ManualClock();
  const { api, client } = await startSource();
  const models = await startMediaModelServer();
  const endpoint = { baseUrl: models.url, clock, model: "scripted", retry, timeoutMs: 300 };
  const transcriber = new OpenAiTranscriber(endpoint);
  const describer = new OpenAiImageDescriber(endpoint);
  onTestFinished(async () => {
    await transcriber.close();
    await describer.close();
  });
  api.clear("CTX");
  const unread = memoryUnreadMedia();
  const parts = {
    ...{ source: client, sourceName: api.url, connectorId: "c", cache: new MemoryValueCache(), clock },
    ...{ transcriber, describer, unread, maxAttempts: 3, report: () => undefined },
  };
  const put = (id: string) =>
    kind === "audio"
      ? api.putMedium("CTX", id, "audio", "audio/mpeg", mp3(id))
      : api.putMedium("CTX", id, "image", "image/png", png(id));
  put("poison");
  put("fine");
  const run = async (force = false) => {
    const enricher = createMediaEnricher(settings, { ...parts, force });
    const look = async (id: string) => (await enricher?.enrich("CTX", memoryOf(id, kind), never))?.facts;
    return { poison: await look("poison"), fine: await look("fine") };
  };
  const asked = () => models.calls.filter(({ words }) => words === "poison").length;
  return { models, clock, unread, run, asked };
}

function memoryOf(id: string, kind: "audio" | "image"): Memory {
  return {
    ...{ id, type: "record", audio: kind === "audio", image: kind === "image", transcript: "" },
    ...{ location: null, createdAt: "2026-01-01T00:00:00Z", updatedAt: null, title: null, tags: [] },
  };
}

const breaking: [string, ScriptedAnswer | "silence"][] = [
  ["a 500", { status: 500, body: "{}" }],
  ["a gateway's 504", { status: 504, body: "{}" }],
  ["a broken connection", { breaks: true }],
  ["no protocol", { status: 200, body: "<html>" }],
];

test.each(
  (["audio", "image"] as const).flatMap((kind) => breaking.map(([how, answer]) => ({ kind, how, answer }))),
)(
  "$kind answered by $how is tried with growing waits, then is a dead letter; others are read",
  async ({ kind, answer }) => {
    const { models, clock, unread, run, asked } = await start(kind);
    models.answerWith(({ words }) => (words === "poison" && answer !== "silence" ? answer : undefined));
    const first = await run();
    expect(first.poison).toMatchObject({ pendingMedia: true });
    expect(first.fine).toMatchObject({ pendingMedia: false, provisional: false });
    await run();
    expect(asked()).toBe(1);
    clock.advance(day);
    await run();
    clock.advance(day);
    const last = await run();
    expect(asked()).toBe(3);
    expect(last.poison).toMatchObject({ pendingMedia: false, unreadable: [kind] });
    expect(await unread.list("c")).toMatchObject([{ memoryId: "poison", standing: "dead", failures: 3 }]);
    clock.advance(9 * day);
    await run();
    expect(asked()).toBe(3);
    models.answerWith(null);
    expect((await run(true)).poison).toMatchObject({ pendingMedia: false, provisional: false });
    expect(await unread.list("c")).toEqual([]);
  },
);

test.each([...breaking, ["a quota", { status: 429, body: "{}" }]] as [string, ScriptedAnswer][])(
  "an endpoint that answers everything by %s costs no medium an attempt",
  async (_, answer) => {
    const { models, clock, unread, run } = await start("audio");
    models.answerWith(() => answer);
    for (let runs = 0; runs < 5; runs++) {
      expect((await run()).poison).toMatchObject({ pendingMedia: true });
      clock.advance(day);
    }
    expect(await unread.list("c")).toEqual([]);
    models.answerWith(null);
    expect(await run()).toMatchObject({
      poison: { transcription: "poison", pendingMedia: false },
      fine: { transcription: "fine" },
    });
  },
);
