import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MediaFile } from "../../src/documents/media/media-reader.ts";
import { OpenAiImageDescriber } from "../../src/documents/media/openai-image-describer.ts";
import { OpenAiTranscriber } from "../../src/documents/media/openai-transcriber.ts";
import type { OpenAiEndpointSettings } from "../../src/kernel/openai/openai-endpoint.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { mp3, png, startMediaModelServer } from "../support/media-model-server.ts";
import { mediaReaderSuite } from "./media-reader-suite.ts";

const secret = "sk-kept-by-nobody";

mediaReaderSuite({
  name: "a transcription endpoint",
  secret,
  start: async () => {
    const { endpoint, ...world } = await startWorld();
    const readers = ["hears", "hears-better"].map((model) => new OpenAiTranscriber({ ...endpoint, model }));
    const [reader, other] = readers as [OpenAiTranscriber, OpenAiTranscriber];
    const medium = world.file(mp3("Call\u0000 Ana."), "audio/mpeg");
    return {
      ...world,
      reader,
      other,
      medium,
      emptyMedium: world.file(mp3(""), "audio/mpeg"),
      close: closing(readers, world),
    };
  },
});

mediaReaderSuite({
  name: "a vision endpoint",
  secret,
  start: async () => {
    const { endpoint, ...world } = await startWorld();
    const readers = ["sees", "sees-better"].map((model) => new OpenAiImageDescriber({ ...endpoint, model }));
    const [reader, other] = readers as [OpenAiImageDescriber, OpenAiImageDescriber];
    const medium = world.file(png("A boat.|SEA\u0007 7"), "image/png");
    return { ...world, reader, other, medium, close: closing(readers, world) };
  },
});

async function startWorld() {
  const server = await startMediaModelServer();
  const folder = mkdtempSync(join(tmpdir(), "memory-connector-test-"));
  const endpoint: Omit<OpenAiEndpointSettings, "model"> = {
    baseUrl: server.url,
    apiKey: secret,
    clock: new ManualClock(),
    random: () => 0.5,
  };
  let files = 0;
  return {
    endpoint,
    folder,
    file: (bytes: Buffer, contentType: string): MediaFile => {
      const path = join(folder, `medium-${files++}`);
      writeFileSync(path, bytes);
      return { path, contentType };
    },
    answer: (status: number, body: unknown) => {
      const text = typeof body === "string" ? body : JSON.stringify(body);
      server.answerWith(() => ({ status, body: text }));
    },
    asked: () => server.calls.length,
  };
}

function closing(readers: readonly { close(): Promise<void> }[], { folder }: { folder: string }) {
  return async () => {
    await Promise.all(readers.map((reader) => reader.close()));
    rmSync(folder, { recursive: true, force: true });
  };
}
