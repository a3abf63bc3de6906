import { createReadStream, type Stats } from "node:fs";
import { open, stat } from "node:fs/promises";
import { posix } from "node:path";
import { crc32, createInflateRaw } from "node:zlib";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { CutOff, feed, type InputFile, isPackingFault, stampOf } from "./input-file.ts";
import { readAt, readZipDirectory, type ZipEntry, ZipProblem } from "./zip-directory.ts";

/** What programs of one system add for themselves. */
const added = /^__MACOSX\/|(?:^|\/)\.DS_Store$/u;
const headerBytes = 30;
const headerSignature = 0x04034b50;
/** Text is packed to a tenth, logs to a hundredth; what is packed further, and is large, was made to fill a disk. */
const mostPacked = 250;
const alwaysAllowedBytes = 256 * 1024 * 1024;

/** Whether a path is that of a zip archive, by its name. */
export const isZip = (path: string): boolean => /\.zip$/iu.test(path);

/**
 * The files in a zip archive, which are unpacked while they are read, and never onto a disk. Throws `SOURCE_BAD_ANSWER` for an archive that is
 * damaged or encrypted, leads out of itself, or holds far more than it can.
 */
export async function filesInZip(path: string, stats: Stats): Promise<InputFile[]> {
  const entries = namedApart(await entriesOf(path, stats.size));
  const files = new Map<string, InputFile>();
  for (const entry of entries) files.set(entry.name, fileInZip(entry, { path, stats, files }));
  return [...files.values()];
}

async function entriesOf(path: string, archiveBytes: number): Promise<ZipEntry[]> {
  const handle = await open(path);
  try {
    const entries = await readZipDirectory(handle, archiveBytes);
    const files = entries.filter(({ name }) => !name.endsWith("/") && !added.test(name));
    for (const entry of files) check(entry);
    checkSizes(files, archiveBytes);
    return files;
  } catch (error) {
    if (error instanceof ZipProblem) throw refused(path, error.message);
    throw error;
  } finally {
    await handle.close();
  }
}

/**
 * Programs may put a file into an archive again under its name. Those that hold the same are one; of others the last one keeps the name, as when the archive is
 * unpacked, and each earlier one is read under a name of its own.
 */
function namedApart(entries: readonly ZipEntry[]): ZipEntry[] {
  const byName = new Map<string, ZipEntry>();
  for (const entry of entries) {
    const earlier = byName.get(entry.name);
    byName.set(entry.name, entry);
    if (earlier === undefined || (earlier.crc32 === entry.crc32 && earlier.size === entry.size)) continue;
    const { dir, name, ext } = posix.parse(entry.name);
    let number = 1;
    const nameOf = () => posix.join(dir, `${name} (${number})${ext}`);
    while (byName.has(nameOf())) number += 1;
    byName.set(nameOf(), { ...earlier, name: nameOf() });
  }
  return [...byName.values()];
}

function check({ name, isEncrypted, method }: ZipEntry): void {
  const leadsOut =
    name.startsWith("/") || /^[A-Za-z]:/u.test(name) || name.split("/").includes("..") || name.includes("\0");
  if (leadsOut) throw new ZipProblem(`holds a file whose name leads out of it: ${name.slice(0, 100)}`);
  if (isEncrypted) throw new ZipProblem(`is encrypted (${name.slice(0, 100)})`);
  if (method !== 0 && method !== 8)
    throw new ZipProblem(
      `is packed in a way that is not known here (method ${method}, ${name.slice(0, 100)})`,
    );
}

function checkSizes(entries: readonly ZipEntry[], archiveBytes: number): void {
  let [packed, size] = [0, 0];
  for (const entry of entries) {
    packed += entry.packedSize;
    size += entry.size;
  }
  if (packed > archiveBytes)
    throw new ZipProblem("says to hold more packed bytes than it has: its files overlap");
  if (size > alwaysAllowedBytes && size > mostPacked * archiveBytes)
    throw new ZipProblem(`would unpack to more than ${mostPacked} times its size`);
}

function refused(path: string, problem: string): ConnectorError {
  return new ConnectorError("SOURCE_BAD_ANSWER", `the archive ${path} ${problem}`, {
    subject: path,
    hint: "unpack it with the program that you trust with it, and name the folder instead",
  });
}

interface Archive {
  path: string;
  stats: Stats;
  files: ReadonlyMap<string, InputFile>;
}

function fileInZip(entry: ZipEntry, { path, stats, files }: Archive): InputFile {
  const stamp = stampOf(stats);
  return {
    name: entry.name,
    location: `${path}/${entry.name}`,
    stamp: `${stamp}:${entry.crc32}`,
    size: entry.size,
    mtimeMs: stats.mtimeMs,
    open: (signal) => unpackedEntry(path, entry, signal),
    beside: async (other) => files.get(posix.join(posix.dirname(entry.name), other).normalize("NFC")) ?? null,
    state: async () => {
      const now = await stat(path).catch(() => null);
      return now !== null && stampOf(now) === stamp ? "same" : "changed";
    },
  };
}

/** Throws `CutOff` when it is not what the archive's directory says, as soon as that shows. */
async function* unpackedEntry(path: string, entry: ZipEntry, signal: AbortSignal): AsyncGenerator<Buffer> {
  if (entry.size === 0) return;
  const start = await contentsAt(path, entry);
  const packed = createReadStream(path, { signal, start, end: start + entry.packedSize - 1 });
  let [size, sum] = [0, 0];
  for await (const part of entry.method === 0 ? packed : inflated(packed)) {
    size += part.length;
    if (size > entry.size) throw new CutOff("it is larger than its archive says");
    sum = crc32(part, sum);
    yield part;
  }
  if (size < entry.size || sum !== entry.crc32) throw new CutOff("it is damaged in its archive");
}

/** Behind its own header, whose length the directory does not tell. */
async function contentsAt(path: string, { headerAt }: ZipEntry): Promise<number> {
  const handle = await open(path);
  try {
    const header = await readAt(handle, headerAt, headerBytes);
    if (header.length < headerBytes || header.readUInt32LE(0) !== headerSignature)
      throw new CutOff("its archive is damaged");
    return headerAt + headerBytes + header.readUInt16LE(26) + header.readUInt16LE(28);
  } finally {
    await handle.close();
  }
}

async function* inflated(packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const unzip = createInflateRaw();
  const feeding = feed(packed, unzip);
  try {
    yield* unzip;
  } catch (cause) {
    throw isPackingFault(cause) ? new CutOff("it is damaged in its archive", { cause }) : cause;
  } finally {
    unzip.destroy();
    await feeding;
  }
}
