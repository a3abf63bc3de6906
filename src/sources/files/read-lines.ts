import { tooLarge } from "../listed-item.ts";

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

export interface Line {
  /** From 1. */
  number: number;
  /** Without its end; only the beginning of one that is too long. */
  bytes: Buffer;
  /** In bytes. */
  size: number;
  /** What is said of a line that is too long; null for any other. */
  flaw: ReturnType<typeof tooLarge> | null;
  /** False for a last line without a line feed. */
  isEnded: boolean;
}

/** The lines of a text, of each at most `maxBytes`. */
export async function* readLines(text: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<Line> {
  let parts: Buffer[] = [];
  let [number, size, held] = [0, 0, 0];
  const take = (part: Buffer) => {
    size += part.length;
    if (held > maxBytes) return;
    parts.push(part);
    held += part.length;
  };
  const line = (isEnded: boolean): Line => {
    const flaw = size > maxBytes ? tooLarge(size, maxBytes) : null;
    const whole = { number: ++number, bytes: withoutReturn(Buffer.concat(parts)), size, flaw, isEnded };
    parts = [];
    size = held = 0;
    return whole;
  };
  let ending: number | null = null;
  for await (const chunk of text) {
    if (chunk.length === 0) continue;
    // Old programs of the Mac end lines by a carriage return alone.
    ending ??= chunk.includes(lineFeed) || !chunk.includes(carriageReturn) ? lineFeed : carriageReturn;
    let from = 0;
    for (let end = chunk.indexOf(ending); end >= 0; end = chunk.indexOf(ending, from)) {
      take(chunk.subarray(from, end));
      yield line(true);
      from = end + 1;
    }
    if (from < chunk.length) take(chunk.subarray(from));
  }
  if (size > 0) yield line(false);
}

function withoutReturn(bytes: Buffer): Buffer {
  return bytes.at(-1) === carriageReturn ? bytes.subarray(0, -1) : bytes;
}
