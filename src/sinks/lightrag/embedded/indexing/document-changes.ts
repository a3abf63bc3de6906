import { compareCodePoints } from "../../../../kernel/util/code-point-order.ts";
import type { DocumentMentions } from "../merge/merge-document.ts";
import type { Change } from "../storage/changes.ts";
import type { Chunk } from "../text/chunking.ts";
import { putRecord } from "./document-records.ts";

/** The records of a document's chunks, and of what it may have contributed to the graph: a deletion starts from them. */
export function contributionChanges(
  documentId: string,
  chunks: readonly Chunk[],
  mentions: DocumentMentions,
  time: number,
): Change[] {
  const pairs = [...mentions.relations.values()].map(({ pair }) => pair);
  const names = [...new Set([...mentions.entities.keys(), ...pairs.flat()])].toSorted(compareCodePoints);
  const sortedPairs = pairs.toSorted(([a, b], [c, d]) => compareCodePoints(a, c) || compareCodePoints(b, d));
  return [
    ...chunks.map(({ id, record }) => putRecord("text_chunks", id, record, time)),
    putRecord("full_entities", documentId, { entity_names: names, count: names.length }, time),
    putRecord("full_relations", documentId, { relation_pairs: sortedPairs, count: pairs.length }, time),
  ];
}
