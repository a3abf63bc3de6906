import { createReadStream, type Stats } from "node:fs";
import { stat } from "node:fs/promises";
import { dirname, resolve, sep } from "node:path";
import { createGunzip } from "node:zlib";
import { Utf8Stream } from "../../kernel/util/decode/charset.ts";

/** A file to be read, or a part of an archive. */
export interface InputFile {
  /** Below the place where it was found, with `/`, in Unicode's form NFC. */
  name: string;
  /** Where it is, for people. */
  location: string;
  /** Changes when the file does. */
  stamp: string;
  size: number;
  /** When it was last written, in milliseconds since the epoch. */
  mtimeMs: number;
  /** What is in it, as it stands there. */
  open(signal: AbortSignal): AsyncIterable<Buffer>;
  /** The file that this one names, from its own place on; null when there is none. */
  beside(name: string): Promise<InputFile | null>;
  /** What has become of it since: `grown` by what was written behind it. */
  state(): Promise<"same" | "grown" | "changed">;
}

/** A file that ends too early. What came before the break was given out. */
export class CutOff extends Error {}

/** A file of the file system. */
export function fileOnDisk(name: string, location: string, stats: Stats): InputFile {
  const { size, mtimeMs } = stats;
  return {
    name: name.normalize("NFC"),
    location,
    stamp: stampOf(stats),
    size,
    mtimeMs,
    // To its size of now: what is written behind it belongs to the next look.
    open: (signal) => (size === 0 ? nothing() : createReadStream(location, { signal, end: size - 1 })),
    beside: async (other) => {
      const place = dirname(location);
      const path = resolve(place, other);
      // An export names files of its own, and nothing else on this machine.
      if (!path.startsWith(place + sep)) return null;
      const found = await stat(path).catch(() => null);
      return found?.isFile() === true ? fileOnDisk(other, path, found) : null;
    },
    state: async () => {
      const now = await stat(location).catch(() => null);
      if (now === null) return "changed";
      if (stampOf(now) === stampOf(stats)) return "same";
      return now.ino === stats.ino && now.size > size ? "grown" : "changed";
    },
  };
}

/** Changes when the file does. */
export function stampOf({ size, mtimeMs, ctimeMs, ino }: Stats): string {
  return `${size}:${mtimeMs}:${ctimeMs}:${ino}`;
}

async function* nothing(): AsyncGenerator<Buffer> {}

/** The text of a file in UTF-8, unpacked if gzip has packed it; undecodable bytes are 0xFF. Throws `CutOff`. */
export async function* utf8Of(
  file: InputFile,
  encoding: string | null,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const text = new Utf8Stream(encoding);
  for await (const chunk of unpacked(file.open(signal))) yield text.push(chunk);
  yield text.end();
}

async function* unpacked(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const chunks = bytes[Symbol.asyncIterator]();
  const first = await chunks.next();
  if (first.done === true) return;
  const all = rejoined(first.value, chunks);
  const isPacked = first.value[0] === 0x1f && first.value[1] === 0x8b;
  yield* isPacked ? gunzipped(all) : all;
}

async function* rejoined(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* { [Symbol.asyncIterator]: () => rest };
}

async function* gunzipped(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const unzip = createGunzip();
  const feeding = feed(bytes, unzip);
  try {
    yield* unzip;
  } catch (cause) {
    throw isPackingFault(cause)
      ? new CutOff("what gzip has packed ends too early or is damaged", { cause })
      : cause;
  } finally {
    unzip.destroy();
    await feeding;
  }
}

/** Writes into a packer at its pace; what reading throws is thrown by the packer. */
export async function feed(
  bytes: AsyncIterable<Buffer>,
  into: ReturnType<typeof createGunzip>,
): Promise<void> {
  try {
    for await (const chunk of bytes) {
      if (into.destroyed) return;
      if (!into.write(chunk)) await new Promise((go) => into.once("drain", go).once("close", go));
    }
    into.end();
  } catch (error) {
    into.destroy(error as Error);
  }
}

export function isPackingFault(error: unknown): boolean {
  return /^Z_/u.test(String((error as NodeJS.ErrnoException).code));
}
