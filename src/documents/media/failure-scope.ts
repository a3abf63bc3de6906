import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type ConnectorError, isConnectorError } from "../../kernel/errors/connector-error.ts";
import { faultOf, mayBeCausedByText } from "../../kernel/openai/classify-failure.ts";
import { makeTemporaryFolder } from "../../kernel/util/temporary-folder.ts";
import type { MediaKind } from "../../sources/memory-source.ts";
import type { MediaFile, MediaReader } from "./media-reader.ts";

/**
 * Whether a failure to read concerns one medium or all of them. A model that crashes on a recording, or is too slow for it, looks
 * exactly like one that is down, so it is given another medium that it can read: silence, a white square. `unclear` is a transient
 * failure, such as a rate limit, and one after which no more may be spent on asking. `spend` is called for each request.
 */
export async function failureScope(
  reader: Pick<MediaReader<never>, "kind"> & {
    read(...asked: Parameters<MediaReader<never>["read"]>): unknown;
  },
  error: ConnectorError,
  signal: AbortSignal,
  spend?: () => Promise<void>,
): Promise<"one" | "all" | "unclear"> {
  if (faultOf(error.code) === "item") return "one";
  if (!mayBeCausedByText(error)) return "unclear";
  try {
    await withSample(reader.kind, async (sample) => reader.read(sample, signal, spend));
    return "one";
  } catch (thrown) {
    signal.throwIfAborted();
    if (isConnectorError(thrown, "MEDIA_BUDGET_SPENT")) return "unclear";
    // A refusal is an answer: the model is up.
    return isConnectorError(thrown) && faultOf(thrown.code) === "item" ? "one" : "all";
  }
}

/** MPEG 1, layer III, 32 kbit/s, 44.1 kHz, one channel: 104 bytes of silence. */
const silentFrame = Buffer.concat([Buffer.from([0xff, 0xfb, 0x10, 0xc4]), Buffer.alloc(100)]);
const frames = 40;

/** White, 64 by 64. */
const whitePicture =
  "iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAAAAACPAi4CAAAAKUlEQVR42u3MQREAAAwCIPuX1hD77SAA6VEEAoFAIBAIBAKBQCAQfA8Gpwvw4qrwDDIAAAAASUVORK5CYII=";

const samples: Record<MediaKind, { contentType: string; bytes: Buffer }> = {
  audio: {
    contentType: "audio/mpeg",
    bytes: Buffer.concat(Array.from({ length: frames }, () => silentFrame)),
  },
  image: { contentType: "image/png", bytes: Buffer.from(whitePicture, "base64") },
};

/** Provides a medium that every model can read, a second of silence or a white square, for the duration of `use`. */
async function withSample<T>(kind: MediaKind, use: (file: MediaFile) => Promise<T>): Promise<T> {
  const folder = await makeTemporaryFolder("memory-connector-");
  try {
    const path = join(folder, kind);
    await writeFile(path, samples[kind].bytes);
    return await use({ path, contentType: samples[kind].contentType });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
