import type { FileHandle } from "node:fs/promises";

/** Seconds from the epoch of MP4, 1904, to that of Unix. */
const epochOffset = 2_082_844_800;
/** Recorders without a clock write the beginning of some epoch. Milliseconds since the epoch. */
const earliest = Date.UTC(2000, 0, 1);
/** A sound file has a dozen boxes. */
const maxBoxes = 256;
const firstBoxes = new Set(["ftyp", "moov", "mdat", "wide", "free", "skip"]);

/**
 * When a recording was made as its container says, in milliseconds since the epoch; null where it says nothing of use, or is no MP4 (m4a, mp4,
 * mov, 3gp). `size` is that of the file, in bytes.
 */
export async function containerTime(file: FileHandle, size: number): Promise<number | null> {
  const movie = await findBox(file, "moov", { start: 0, end: size });
  const header = movie === null ? null : await findBox(file, "mvhd", movie);
  if (header === null) return null;
  const { buffer, bytesRead } = await file.read(Buffer.alloc(12), 0, 12, header.start);
  if (bytesRead < 12) return null;
  const seconds = buffer[0] === 1 ? Number(buffer.readBigUInt64BE(4)) : buffer.readUInt32BE(4);
  const at = (seconds - epochOffset) * 1_000;
  return at >= earliest && at <= Date.now() + 86_400_000 ? at : null;
}

/** Bytes of a file. */
interface Range {
  start: number;
  end: number;
}

/** The contents of the first box of a type within a range. */
async function findBox(file: FileHandle, wanted: string, range: Range): Promise<Range | null> {
  let box = await boxAt(file, range);
  if (box === null || (range.start === 0 && !firstBoxes.has(box.type))) return null;
  for (let count = 1; box !== null && box.type !== wanted && count < maxBoxes; count += 1)
    box = await boxAt(file, { start: box.end, end: range.end });
  return box?.type === wanted ? box : null;
}

/** The box at the beginning of a range, with where its contents are; null when there is none. */
async function boxAt(file: FileHandle, { start, end }: Range): Promise<(Range & { type: string }) | null> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, start);
  if (bytesRead < 8 || start + 8 > end) return null;
  const short = buffer.readUInt32BE(0);
  const isLong = short === 1 && bytesRead === 16;
  const length = isLong ? Number(buffer.readBigUInt64BE(8)) : short === 0 ? end - start : short;
  const head = isLong ? 16 : 8;
  if (length < head) return null;
  return { type: buffer.toString("latin1", 4, 8), start: start + head, end: Math.min(end, start + length) };
}
