import { cleanText } from "../../clean-text.ts";
import type { Origin } from "../extraction/parse-answer.ts";
import type { ChunkIds } from "./chunk-ids.ts";
import { splitList } from "./knowledge.ts";

/**
 * LightRAG's limits for the history of a graph element (contract §10.2): the oldest chunk ids and file paths. Later ones are only
 * in the provenance lists.
 */
export const maxSourceIds = 200;
const maxFilePaths = 75;
const morePaths = "...truncated...(KEEP Old)";
const morePathsPrefix = "...truncated";

interface FragmentSource {
  chunkId: string;
  description: string;
}

/** The mentions that count: those of a chunk beyond the limit do not. */
export function withinLimit<T extends Origin>(
  mentions: readonly T[],
  known: ChunkIds,
  sourceIds: readonly string[],
): T[] {
  const allowed = new Set(sourceIds);
  return mentions.filter(({ chunkId }) => allowed.has(chunkId) || known.has(chunkId));
}

/**
 * Stored fragments first, then the new ones in the order of their chunks and, within a chunk, the longer first; without duplicates.
 * LightRAG sorts by the second in which the model answered, so that a fast model changes the order; this is its order with a model
 * that takes a second.
 */
export function mergeFragments(stored: readonly string[], mentions: readonly FragmentSource[]): string[] {
  const firstOfEach = new Map<string, FragmentSource>();
  const chunkOrder = new Map<string, number>();
  for (const mention of mentions) {
    if (!chunkOrder.has(mention.chunkId)) chunkOrder.set(mention.chunkId, chunkOrder.size);
    if (!firstOfEach.has(mention.description)) firstOfEach.set(mention.description, mention);
  }
  const order = ({ chunkId }: FragmentSource) => chunkOrder.get(chunkId) ?? 0;
  const sorted = [...firstOfEach.values()].toSorted(
    (a, b) => order(a) - order(b) || characters(b.description) - characters(a.description),
  );
  const fragments = [...stored, ...sorted.map(({ description }) => description)].map(cleanText);
  return [...new Set(fragments)].filter((fragment) => fragment !== "");
}

/** Distinct file paths in order of arrival. A note replaces those beyond the limit. */
export function mergeFilePaths(stored: string, added: readonly string[]): string[] {
  const paths = [
    ...new Set([...splitList(stored).filter((path) => !path.startsWith(morePathsPrefix)), ...added]),
  ];
  return paths.length > maxFilePaths ? [...paths.slice(0, maxFilePaths), morePaths] : paths;
}

/** The file paths of a rebuilt element; the note then counts the omitted ones. */
export function boundFilePaths(paths: readonly string[]): string[] {
  if (paths.length <= maxFilePaths) return [...paths];
  return [...paths.slice(0, maxFilePaths), `...truncated...(KEEP ${maxFilePaths}/${paths.length})`];
}

/** The most frequent value; the first one of equals. */
export function mostFrequent(values: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const most = Math.max(0, ...counts.values());
  return [...counts.keys()].find((value) => counts.get(value) === most);
}

/** Code points. */
function characters(text: string): number {
  return Array.from(text).length;
}
