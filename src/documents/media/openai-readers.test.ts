import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { ManualClock } from "../../../test/support/manual-clock.ts";
import { mp3, png, startMediaModelServer } from "../../../test/support/media-model-server.ts";
import { temporaryFolder } from "../../../test/support/temp-folder.ts";
import { createReaders } from "./create-readers.ts";
import type { MediaFile } from "./media-reader.ts";
import { OpenAiImageDescriber } from "./openai-image-describer.ts";
import { OpenAiTranscriber } from "./openai-transcriber.ts";

const never = new AbortController().signal;

function fileOf(bytes: Buffer, contentType: string): MediaFile {
  const path = join(temporaryFolder(), "medium");
  writeFileSync(path, bytes);
  return { path, contentType };
}

async function start(language?: string) {
  const server = await startMediaModelServer();
  const settings = { baseUrl: server.url, apiKey: "sk-secret", clock: new ManualClock(), random: () => 0.5 };
  const transcriber = new OpenAiTranscriber({ ...settings, model: "whisper-1", language });
  const describer = new OpenAiImageDescriber({ ...settings, model: "sees" });
  onTestFinished(async () => {
    await transcriber.close();
    await describer.close();
  });
  return { server, transcriber, describer };
}

test("audio is uploaded as a file of its type and comes back as words", async () => {
  const { server, transcriber } = await start("de");
  expect(await transcriber.read(fileOf(mp3(" Grüße\u0000 an Ana. "), "audio/mpeg"), never)).toBe(
    "Grüße an Ana.",
  );
  expect(server.calls).toEqual([
    {
      path: "/v1/audio/transcriptions",
      authorization: "Bearer sk-secret",
      model: "whisper-1",
      fileName: "audio.mp3",
      words: expect.any(String),
      language: "de",
    },
  ]);
});

test("silence is the empty text", async () => {
  const { transcriber } = await start();
  expect(await transcriber.read(fileOf(mp3(""), "audio/mpeg"), never)).toBe("");
});

test("a picture is sent within the request and comes back as description and text", async () => {
  const { server, describer } = await start();
  const reading = await describer.read(fileOf(png("A boat in a harbour.|SEA 7"), "image/png"), never);
  expect(reading).toEqual({ description: "A boat in a harbour.", text: "SEA 7" });
  expect(server.calls[0]).toMatchObject({ path: "/v1/chat/completions", model: "sees" });
});

test.each([
  ["Just a boat.", { description: "Just a boat.", text: "" }],
  ['```json\n{"description": "A boat.", "text": "SEA 7"}\n```', { description: "A boat.", text: "SEA 7" }],
  ['{"description": "A boat.", "text": null}', { description: "A boat.", text: "" }],
  ['{"description": ""}', { description: '{"description": ""}', text: "" }],
])("a model that answers %j is understood", async (content, reading) => {
  const { server, describer } = await start();
  const body = JSON.stringify({ choices: [{ message: { content } }] });
  server.answerWith(() => ({ status: 200, body }));
  expect(await describer.read(fileOf(png("x"), "image/png"), never)).toEqual(reading);
});

test("an endless description is cut", async () => {
  const { describer } = await start();
  const reading = await describer.read(
    fileOf(png(`${"a".repeat(10_000)}|${"b".repeat(20_000)}`), "image/png"),
    never,
  );
  expect([reading.description.length, reading.text.length]).toEqual([2_000, 8_000]);
});

test.each([
  [401, "MODEL_KEY_REFUSED"],
  [404, "MODEL_UNKNOWN"],
  [400, "MODEL_REQUEST_REFUSED"],
  [413, "MODEL_REQUEST_REFUSED"],
  [503, "MODEL_BUSY"],
])("an answer %i is %s, and no message quotes the key", async (status, code) => {
  const { server, transcriber } = await start();
  server.answerWith(() => ({ status, body: '{"error": {"message": "no: sk-secret"}}' }));
  const failed = await transcriber.read(fileOf(mp3("x"), "audio/mpeg"), never).catch((error) => error);
  expect(failed).toMatchObject({ code });
  expect(failed.format()).not.toContain("sk-secret");
});

test.each(['{"words": "x"}', "[]", '{"choices": []}'])(
  "the answer %s is MODEL_ANSWER_UNUSABLE",
  async (body) => {
    const { server, transcriber, describer } = await start();
    server.answerWith(() => ({ status: 200, body }));
    const unusable = { code: "MODEL_ANSWER_UNUSABLE" };
    await expect(transcriber.read(fileOf(mp3("x"), "audio/mpeg"), never)).rejects.toMatchObject(unusable);
    await expect(describer.read(fileOf(png("x"), "image/png"), never)).rejects.toMatchObject(unusable);
  },
);

test("a configuration's endpoints become readers, and what it does not name stays null", async () => {
  const { url: baseUrl, calls } = await startMediaModelServer();
  const endpoint = { baseUrl, model: "m", apiKey: "k", timeoutMs: 2000 };
  const { transcriber, describer, close } = createReaders({
    transcription: { ...endpoint, language: "it" },
    vision: null,
    maxConcurrent: 1,
  });
  onTestFinished(close);
  expect(describer).toBeNull();
  expect(await transcriber?.read(fileOf(mp3("Ciao."), "audio/mpeg"), never)).toBe("Ciao.");
  expect(calls[0]).toMatchObject({ authorization: "Bearer k", model: "m", language: "it" });
});
