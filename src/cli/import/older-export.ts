import { plural } from "../../kernel/util/readable.ts";
import type { ImportedSource } from "./import-folder.ts";
import { type Look, lookAtSource } from "./look-at-source.ts";

/** Exports that hold the whole of what they are an export of, and are made again and again. */
const wholeExports = ["telegram", "chatgpt", "claude", "day_one"];

/**
 * Why an export would take away what an earlier one of the same has, for people; null where it would not, or where the earlier one is not there any more
 * to be looked at.
 */
export async function olderThan(
  earlier: ImportedSource,
  { found, newest, marks }: Look,
  signal: AbortSignal,
): Promise<string | null> {
  if (!wholeExports.includes(String(found.format))) return null;
  const before = await lookAtSource(earlier, signal).catch(() => null);
  signal.throwIfAborted();
  if (before === null || before.newest === null || newest === null || newest > before.newest) return null;
  if (newest < before.newest)
    return `its newest words or changes are of ${newest}, and those of ${earlier.source.path} of ${before.newest}`;
  const isShort = ([id, { length }]: [string, { length: number }]) => length > (marks.get(id)?.length ?? -1);
  const lacking = [...before.marks].filter(isShort).length;
  const [are, its] = [plural(lacking, "memory is", "memories are"), earlier.source.path];
  return lacking === 0 ? null : `${are} shorter than in ${its} or missing, and nothing is newer`;
}
