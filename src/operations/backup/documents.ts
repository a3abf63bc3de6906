import type { MemoryEnricher } from "../../documents/enrich/memory-enricher.ts";
import type { MemoryTransformer } from "../../documents/memory-transformer.ts";
import type { Memory } from "../../domain/memory.ts";
import type { MemorySource } from "../../sources/memory-source.ts";
import type { ArchiveRecord } from "../archive/write-archive.ts";

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
