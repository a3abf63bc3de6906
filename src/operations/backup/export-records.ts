import type { MemoryEnricher } from "../../documents/enrich/memory-enricher.ts";
import type { MemoryTransformer } from "../../documents/memory-transformer.ts";
import type { Memory } from "../../domain/memory.ts";
import type { KnowledgeGraph } from "../../sinks/lightrag/knowledge-reader.ts";
import type { MemorySource } from "../../sources/memory-source.ts";
import type { ArchiveRecord } from "../archive/write-archive.ts";
import { type EntityJson, entityJson, type RelationJson, relationJson } from "../knowledge/knowledge-json.ts";

/** A connector, seen from its memories. */
export interface DocumentSource {
  connectorId: string;
  contextIds: readonly string[];
  /** The first limit to ask the source with. */
  queryLimit: number;
  source: MemorySource;
  /** Finds out no more than what is known on this machine. */
  enricher: MemoryEnricher;
  transformer: MemoryTransformer;
}

/**
 * Every memory that the sources show now, with its document. The ledger does not keep them: it drops a memory when it is proved
 * processed. `onTruncated` hears of a context whose list may be cut off. Throws what `MemorySource.list` throws.
 */
export async function* documentsOf(
  connectors: readonly DocumentSource[],
  onTruncated: (contextId: string, reason: string) => void,
  signal: AbortSignal,
): AsyncGenerator<ArchiveRecord> {
  for (const connector of connectors) {
    for (const contextId of connector.contextIds) {
      const request = { contextId, scope: { kind: "everything" }, limit: connector.queryLimit } as const;
      for await (const page of connector.source.list(request, signal)) {
        for (const memory of page.memories) {
          yield documentRecord(
            connector,
            contextId,
            await connector.enricher.enrich(contextId, memory, signal),
          );
        }
        if (page.truncated !== null) onTruncated(contextId, page.truncated.reason);
      }
    }
  }
}

function documentRecord(
  { connectorId, transformer }: DocumentSource,
  contextId: string,
  memory: Memory,
): ArchiveRecord {
  const prepared = transformer.prepare(contextId, memory);
  const text = prepared.kind === "skip" ? null : prepared.text;
  const { fileSource } = prepared;
  return { kind: "documents", record: { connectorId, contextId, fileSource, memory, text } };
}

/** What one LightRAG knows. */
export interface SinkGraph {
  /** Where it is; for people. URL without secrets, or folder. */
  sink: string;
  graph: KnowledgeGraph;
}

/** The graphs as records: all entities, then all relations, each with the LightRAG that it is from. */
export async function* graphRecords(graphs: readonly SinkGraph[]): AsyncGenerator<ArchiveRecord> {
  for (const { sink, graph } of graphs) {
    for (const entity of graph.entities) yield recordOf("entities", sink, entityJson(entity, noNotes));
  }
  for (const { sink, graph } of graphs) {
    for (const each of graph.relations) yield recordOf("relations", sink, relationJson(each, noNotes));
  }
}

const noNotes = new Map();

/** Without the memories: the ledger in the same archive leads to them. */
function recordOf(
  kind: "entities" | "relations",
  sink: string,
  { memoryIds: _, ...known }: EntityJson | RelationJson,
): ArchiveRecord {
  return { kind, record: { sink, ...known } };
}
