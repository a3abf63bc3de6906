import { setImmediate } from "node:timers/promises";
import { groupFileSourceOf } from "../../documents/file-source.ts";
import type { LedgerRow } from "../../domain/ledger-row.ts";
import type { DocumentsWithin, QueryFilter } from "../../sinks/lightrag/knowledge-reader.ts";
import { memoryMatcher } from "../../state/memory-matches.ts";
import type { MemoryDocument, MemoryQuery } from "../../state/memory-query.ts";
import type { StateManager } from "../../state/state-manager.ts";
import { memoriesOfDocuments } from "../memories/document-memories.ts";

/** Between two pages the service does other work. */
const pageSize = 2000;

type Ledger = Pick<StateManager, "pageMemoryDocuments" | "getRows" | "getGroup">;

/** The documents of the memories that a query selects, by the ledgers of some connectors. A memory of several is what any of them says. */
export class MemoryScope implements QueryFilter {
  readonly #ledger: Ledger;
  readonly #queries: readonly MemoryQuery[];

  /** One query for each connector. */
  constructor(ledger: Ledger, queries: readonly MemoryQuery[]) {
    this.#ledger = ledger;
    this.#queries = queries;
  }

  /** Whether no memory is selected. */
  async isEmpty(signal: AbortSignal): Promise<boolean> {
    for await (const page of this.#pages(signal, 1)) if (page.length > 0) return false;
    return true;
  }

  /** Walks the index of memories; takes as long as memories are selected. */
  async all(signal: AbortSignal): Promise<DocumentsWithin> {
    const documents = new Map<string, "whole">();
    const shared = new Set<string>();
    for await (const page of this.#pages(signal, pageSize)) {
      for (const { contextId, groupKey, fileSource } of page) {
        if (groupKey === null) documents.set(fileSource, "whole");
        else shared.add(groupFileSourceOf(contextId, groupKey));
      }
    }
    if (shared.size === 0) return documents;
    return new Map([...documents, ...(await this.among(shared, signal))]);
  }

  /** Looks up the memories of these documents. */
  async among(fileSources: Iterable<string>, signal: AbortSignal): Promise<DocumentsWithin> {
    const names = [...fileSources];
    const documents = new Map<string, "whole" | ReadonlySet<string>>();
    for (const query of this.#queries) {
      signal.throwIfAborted();
      for (const [name, rows] of await memoriesOfDocuments(this.#ledger, query.connectorId, names)) {
        const part = partOf(rows, query);
        const known = documents.get(name);
        if (part === "whole" || known === undefined) documents.set(name, part);
        else if (known !== "whole") documents.set(name, new Set([...known, ...part]));
      }
    }
    return new Map([...documents].filter(([, part]) => part === "whole" || part.size > 0));
  }

  async *#pages(signal: AbortSignal, limit: number): AsyncGenerator<readonly MemoryDocument[]> {
    for (const query of this.#queries) {
      let after: string | null = null;
      do {
        // The reads are synchronous: yield to the event loop.
        await setImmediate();
        signal.throwIfAborted();
        const { documents, next } = await this.#ledger.pageMemoryDocuments(query, { limit, after });
        yield documents;
        after = next;
      } while (after !== null);
    }
  }
}

function partOf(rows: readonly LedgerRow[], query: MemoryQuery): "whole" | ReadonlySet<string> {
  const meant = rows.filter(memoryMatcher(query));
  return meant.length === rows.length ? "whole" : new Set(meant.map(({ memoryId }) => memoryId));
}
