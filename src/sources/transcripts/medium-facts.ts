import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import type { Flaw } from "../files-of-a-folder/listed-file.ts";
import { type FoundFile, reasonOf } from "../files-of-a-folder/walk-folder.ts";
import { containerTime } from "./container-time.ts";

/** What is known of the sound or the film of a recording without listening to it. */
export interface MediumFacts {
  /** By which it is known under another name; null when it cannot be read. */
  hash: string | null;
  /** When it was made as it says itself, in milliseconds since the epoch. */
  madeAt: number | null;
  flaw?: Flaw;
}

/** Bytes of the beginning and of the end that tell one recording from another. A whole one may have gigabytes. */
const sampleBytes = 64 * 1024;

export async function readMediumFacts(
  root: string,
  { path, spelling, size }: FoundFile,
): Promise<MediumFacts> {
  try {
    const file = await open(join(root, spelling));
    try {
      return { hash: await sampleHash(file, size), madeAt: await containerTime(file, size) };
    } finally {
      await file.close();
    }
  } catch (error) {
    return { hash: null, madeAt: null, flaw: { problem: `${path} cannot be read: ${reasonOf(error)}` } };
  }
}

async function sampleHash(file: FileHandle, size: number): Promise<string> {
  const hash = createHash("sha256").update(`${size}\n`);
  for (const position of new Set([0, Math.max(0, size - sampleBytes)])) {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(sampleBytes, size)), { position });
    hash.update(buffer.subarray(0, bytesRead));
  }
  return hash.digest("base64url");
}
