import type { FileHandle } from "node:fs/promises";

/** A file in an archive, as the archive's directory says. */
export interface ZipEntry {
  /** With `/`, in Unicode's form NFC. */
  name: string;
  isEncrypted: boolean;
  /** 0: as it is; 8: deflate; others are not read here. */
  method: number;
  crc32: number;
  packedSize: number;
  size: number;
  /** Where its own header begins. */
  headerAt: number;
}

/** What is wrong with an archive, for people: `is cut off`. */
export class ZipProblem extends Error {}

const endSignature = 0x06054b50;
const endBytes = 22;
const longestComment = 0xffff;
const largeEndSignature = 0x06064b50;
const largeEndBytes = 56;
const locatorSignature = 0x07064b50;
const locatorBytes = 20;
const entrySignature = 0x02014b50;
const entryBytes = 46;
const largeExtra = 1;
/** In the place of a number that stands in the extra field of large archives. */
const inExtra = 0xffffffff;
const maxDirectoryBytes = 256 * 1024 * 1024;

/** Reads the directory of a zip archive, which stands at its end. Throws a `ZipProblem`. */
export async function readZipDirectory(file: FileHandle, archiveBytes: number): Promise<ZipEntry[]> {
  const { at, bytes, before } = await findDirectory(file, archiveBytes);
  if (bytes > maxDirectoryBytes) throw new ZipProblem("has a directory of more than 256 MB");
  if (before < 0) throw new ZipProblem("is cut off or damaged: its directory is not whole");
  const directory = await readAt(file, at, bytes);
  const entries: ZipEntry[] = [];
  for (let from = 0; from + entryBytes <= directory.length; ) {
    if (directory.readUInt32LE(from) !== entrySignature) break;
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((each) =>
      directory.readUInt16LE(from + each),
    ) as [number, number, number];
    const end = from + entryBytes + nameBytes + extraBytes + commentBytes;
    if (end > directory.length) throw new ZipProblem("is cut off or damaged: its directory is not whole");
    const entry = entryAt(directory.subarray(from, end), nameBytes, extraBytes);
    entries.push({ ...entry, headerAt: entry.headerAt + before });
    from = end;
  }
  return entries;
}

/** Where the directory of an archive is. */
interface Directory {
  at: number;
  bytes: number;
  /** Bytes before the archive, such as a program that unpacks it, from which its places do not count. */
  before: number;
}

async function findDirectory(file: FileHandle, archiveBytes: number): Promise<Directory> {
  const tailAt = Math.max(0, archiveBytes - endBytes - longestComment - locatorBytes);
  const tail = await readAt(file, tailAt, archiveBytes - tailAt);
  for (let at = tail.length - endBytes; at >= 0; at -= 1) {
    if (tail.readUInt32LE(at) !== endSignature) continue;
    const isLarge = at >= locatorBytes && tail.readUInt32LE(at - locatorBytes) === locatorSignature;
    if (isLarge) {
      const told = safe(tail.readBigUInt64LE(at - locatorBytes + 8));
      return largeDirectory(file, told, tailAt + at - locatorBytes);
    }
    return directoryBefore(tailAt + at, tail.readUInt32LE(at + 12), tail.readUInt32LE(at + 16));
  }
  throw new ZipProblem("is cut off or damaged: it has no directory");
}

/** A directory ends where its end is told of, wherever it says that it begins. */
function directoryBefore(end: number, bytes: number, told: number): Directory {
  return { at: end - bytes, bytes, before: end - bytes - told };
}

/** `told`: where the end of a large directory is said to be told of; it stands right before `locatorAt`, too. */
async function largeDirectory(file: FileHandle, told: number, locatorAt: number): Promise<Directory> {
  for (const at of [told, locatorAt - largeEndBytes]) {
    const end = at < 0 || at + largeEndBytes > locatorAt ? null : await readAt(file, at, largeEndBytes);
    if (end?.readUInt32LE(0) !== largeEndSignature) continue;
    return directoryBefore(at, safe(end.readBigUInt64LE(40)), safe(end.readBigUInt64LE(48)));
  }
  throw new ZipProblem("is damaged: it has no directory");
}

function entryAt(entry: Buffer, nameBytes: number, extraBytes: number): ZipEntry {
  const name = entry.subarray(entryBytes, entryBytes + nameBytes);
  const extra = entry.subarray(entryBytes + nameBytes, entryBytes + nameBytes + extraBytes);
  const numbers = [entry.readUInt32LE(24), entry.readUInt32LE(20), entry.readUInt32LE(42)];
  const [size = 0, packedSize = 0, headerAt = 0] = withLargeNumbers(numbers, extra);
  return {
    name: nameOf(name),
    isEncrypted: (entry.readUInt16LE(8) & 1) === 1,
    method: entry.readUInt16LE(10),
    crc32: entry.readUInt32LE(16),
    packedSize,
    size,
    headerAt,
  };
}

/** Numbers that do not fit into 32 bits stand in an extra field, in the same order, and only those. */
function withLargeNumbers(numbers: readonly number[], extra: Buffer): number[] {
  for (let at = 0; at + 4 <= extra.length; ) {
    const bytes = extra.readUInt16LE(at + 2);
    if (extra.readUInt16LE(at) === largeExtra) {
      let from = at + 4;
      return numbers.map((number) => {
        if (number !== inExtra || from + 8 > Math.min(at + 4 + bytes, extra.length)) return number;
        from += 8;
        return safe(extra.readBigUInt64LE(from - 8));
      });
    }
    at += 4 + bytes;
  }
  return [...numbers];
}

/** In UTF-8, as nearly all programs write it whatever they say; else letter by letter. */
function nameOf(bytes: Buffer): string {
  const text = bytes.toString("utf8");
  const name = text.includes("\uFFFD") ? bytes.toString("latin1") : text;
  return name.replaceAll("\\", "/").normalize("NFC");
}

function safe(number: bigint): number {
  if (number > BigInt(Number.MAX_SAFE_INTEGER))
    throw new ZipProblem("is damaged: it names a place that no file has");
  return Number(number);
}

/** Fewer bytes where the file ends before. */
export async function readAt(file: FileHandle, position: number, bytes: number): Promise<Buffer> {
  const buffer = Buffer.alloc(bytes);
  let read = 0;
  while (read < bytes) {
    const { bytesRead } = await file.read(buffer, read, bytes - read, position + read);
    if (bytesRead === 0) break;
    read += bytesRead;
  }
  return buffer.subarray(0, read);
}
