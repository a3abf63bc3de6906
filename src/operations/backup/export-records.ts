import type { MemoryEnricher } from "../../documents/enrich/memory-enricher.ts";
import type { MemoryTransformer } from "../../documents/memory-transformer.ts";
import type { Memory } from "../../domain/memory.ts";
import type { KnowledgeGraph } from "../../sinks/lightrag/knowledge-reader.ts";
import type { MemorySource } from "../../sources/memory-source.ts";
import type { ArchiveRecord } from "../archive/write-archive.ts";
import { type EntityJson, entityJson, type RelationJson, relationJson } from "../knowledge/knowledge-json.ts";

/** A connector's access to its memories and their documents. */
export interface DocumentSource {
  connectorId: string;
  contextIds: readonly string[];
  /** The initial limit of the source's list. */
  queryLimit: number;
  source: MemorySource;
  /** Uses only what is known on this machine. */
  enricher: MemoryEnricher;
  transformer: MemoryTransformer;
}

/**
 * Every memory that the sources list now, with its document. The ledger does not have them: it drops a memory's content when it is
 * proved processed. `onTruncated` is called for a context whose list may be truncated. Throws the errors of `MemorySource.list`.
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

/** The graph of one LightRAG. */
export interface SinkGraph {
  /** URL without secrets, or folder; for people. */
  sink: string;
  graph: KnowledgeGraph;
}

/** The graphs as records: all entities, then all relations, each with its LightRAG. */
export async function* graphRecords(graphs: readonly SinkGraph[]): AsyncGenerator<ArchiveRecord> {
  for (const { sink, graph } of graphs) {
    for (const entity of graph.entities) yield recordOf("entities", sink, entityJson(entity, noNotes));
  }
  for (const { sink, graph } of graphs) {
    for (const each of graph.relations) yield recordOf("relations", sink, relationJson(each, noNotes));
  }
}

const noNotes = new Map();

/** Without memory ids: the ledger in the same archive has them. */
function recordOf(
  kind: "entities" | "relations",
  sink: string,
  { memoryIds: _, ...known }: EntityJson | RelationJson,
): ArchiveRecord {
  return { kind, record: { sink, ...known } };
}
