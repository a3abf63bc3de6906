import { CutOff, type InputFile, utf8Of } from "./input-file.ts";

/**
 * A JSON file in two, before the member `name` of its object and from it on, each an object in UTF-8 that is read as a stream; null where no member is called so. Within a text a
 * quote has a backslash before it, so that what looks like the name of a member is one.
 */
export async function dividedAt(
  name: string,
  file: InputFile,
  encoding: string | null,
  signal: AbortSignal,
): Promise<{ before: InputFile; from: InputFile } | null> {
  const mark = Buffer.from(`${JSON.stringify(name)}:`);
  const parts = (stop: AbortSignal) => partsOf(utf8Of(file, encoding, stop), mark);
  if (!(await hasMark(parts(signal)))) return null;
  return {
    before: { ...file, open: (stop) => before(parts(stop), mark) },
    from: { ...file, open: (stop) => from(parts(stop)) },
  };
}

/** Whether the object of a JSON file has a member that is called so, there or deeper. */
export async function hasMember(name: string, file: InputFile, signal: AbortSignal): Promise<boolean> {
  return (await dividedAt(name, file, null, signal)) !== null;
}

interface Part {
  bytes: Buffer;
  isBehind: boolean;
}

/** The bytes in their order; `isBehind` from the mark on. */
async function* partsOf(chunks: AsyncIterable<Buffer>, mark: Buffer): AsyncGenerator<Part> {
  let isBehind = false;
  let kept: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    if (isBehind) {
      yield { bytes: chunk, isBehind };
      continue;
    }
    const bytes = Buffer.concat([kept, chunk]);
    const at = bytes.indexOf(mark);
    isBehind = at >= 0;
    const end = isBehind ? at : Math.max(0, bytes.length - mark.length + 1);
    yield { bytes: bytes.subarray(0, end), isBehind: false };
    kept = bytes.subarray(end);
    if (isBehind) yield { bytes: kept, isBehind };
  }
  if (!isBehind) yield { bytes: kept, isBehind };
}

async function hasMark(parts: AsyncIterable<Part>): Promise<boolean> {
  try {
    for await (const { isBehind } of parts) if (isBehind) return true;
  } catch (error) {
    // Whoever reads the file is told of its end.
    if (!(error instanceof CutOff)) throw error;
  }
  return false;
}

async function* before(parts: AsyncIterable<Part>, mark: Buffer): AsyncGenerator<Buffer> {
  for await (const { bytes, isBehind } of parts) {
    if (isBehind) break;
    yield bytes;
  }
  yield Buffer.concat([mark, Buffer.from("null}")]);
}

async function* from(parts: AsyncIterable<Part>): AsyncGenerator<Buffer> {
  yield Buffer.from("{");
  for await (const { bytes, isBehind } of parts) if (isBehind) yield bytes;
}
