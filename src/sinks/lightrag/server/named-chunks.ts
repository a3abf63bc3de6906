import type { DocumentChunk, DocumentChunks } from "../knowledge-reader.ts";
import { chunkIdsIn, fileSourcesIn, isCut } from "../stored-lists.ts";
import {
  type DocumentName,
  type GraphAnswer,
  originOf,
  toGraphEntity,
  toGraphRelation,
} from "./knowledge-wire.ts";

type Properties = GraphAnswer["nodes"][number]["properties"];
type Chunk = DocumentChunk & {
  entities: DocumentChunk["entities"][number][];
  relations: DocumentChunk["relations"][number][];
};

/**
 * The chunks of a document that entities and relations name, without their texts. Since 1.5 a chunk's id has the document's in it; before,
 * only what comes from this document alone tells which chunks are its own (LightRAG contract §3.3, §10.2).
 */
export function chunksNamedIn(answer: GraphAnswer, document: DocumentName): DocumentChunks {
  const chunks = new Map<string, Chunk>();
  const chunksOf = (properties: Properties) =>
    ownChunkIds(properties, document).map((id) => {
      const chunk = chunks.get(id) ?? newChunk(id);
      chunks.set(id, chunk);
      return chunk;
    });
  for (const node of answer.nodes)
    for (const chunk of chunksOf(node.properties)) chunk.entities.push(toGraphEntity(node));
  for (const edge of answer.edges)
    for (const chunk of chunksOf(edge.properties)) chunk.relations.push(toGraphRelation(edge));
  return {
    chunks: [...chunks.values()].toSorted((a, b) => (a.order ?? 0) - (b.order ?? 0)),
    isTold: false,
    complete: answer.is_truncated !== true && answer.nodes.every((node) => isTold(node, document)),
  };
}

function ownChunkIds(
  { source_id, file_path }: Properties,
  { fileSource, documentId }: DocumentName,
): string[] {
  const ids = chunkIdsIn(source_id ?? "");
  const named = ids.filter((id) => id.startsWith(`${documentId}-chunk-`));
  if (named.length > 0) return named;
  const sources = fileSourcesIn(file_path ?? "");
  const isAlone = sources.length === 1 && sources[0] === fileSource && !isCut(file_path ?? "");
  return isAlone ? ids : [];
}

function isTold(node: GraphAnswer["nodes"][number], document: DocumentName): boolean {
  const origin = originOf(node, document);
  return origin === "no" || (origin === "yes" && ownChunkIds(node.properties, document).length > 0);
}

function newChunk(id: string): Chunk {
  const [, order] = /-chunk-(\d+)$/u.exec(id) ?? [];
  return {
    id,
    order: order === undefined ? null : Number(order),
    tokens: null,
    text: null,
    entities: [],
    relations: [],
  };
}
