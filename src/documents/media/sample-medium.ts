import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MediaKind } from "../../sources/memory-source.ts";
import type { MediaFile } from "./media-reader.ts";

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
export async function withSample<T>(kind: MediaKind, use: (file: MediaFile) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "memory-connector-"));
  try {
    const path = join(folder, kind);
    await writeFile(path, samples[kind].bytes);
    return await use({ path, contentType: samples[kind].contentType });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
