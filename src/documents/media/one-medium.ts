import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ConnectorError, isConnectorError } from "../../kernel/errors/connector-error.ts";
import { faultOf, mayBeCausedByText } from "../../kernel/openai/classify-failure.ts";
import type { MediaKind } from "../../sources/memory-source.ts";
import type { MediaFile, MediaReader } from "./media-reader.ts";

/**
 * Whether a failure to read is this one medium's or would meet every other one, too. A model that dies of a recording, or is too slow for
 * it, looks exactly like one that is away, so it is given another medium, which it can read: silence, a white square. `unclear` is a
 * failure that passes by itself, such as a rate limit.
 */
export async function isOfOneMedium(
  reader: Pick<MediaReader<never>, "kind"> & {
    read(...asked: Parameters<MediaReader<never>["read"]>): unknown;
  },
  error: ConnectorError,
  signal: AbortSignal,
): Promise<"one" | "all" | "unclear"> {
  if (faultOf(error.code) === "item") return "one";
  if (!mayBeCausedByText(error)) return "unclear";
  try {
    await withSample(reader.kind, async (sample) => reader.read(sample, signal));
    return "one";
  } catch (thrown) {
    signal.throwIfAborted();
    // Refused, but answered: it is there.
    return isConnectorError(thrown) && faultOf(thrown.code) === "item" ? "one" : "all";
  }
}

/** MPEG 1, layer III, 32 kbit/s, 44.1 kHz, one channel: 104 bytes, all of them silence. */
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

/** A medium that every model can read, a second of silence or a white square, for as long as `use` takes. */
async function withSample<T>(kind: MediaKind, use: (file: MediaFile) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "memory-connector-"));
  try {
    const path = join(folder, kind);
    await writeFile(path, samples[kind].bytes);
    return await use({ path, contentType: samples[kind].contentType });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
