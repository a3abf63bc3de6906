import type { ConnectorConfig } from "../../config/config.ts";
import { plural } from "../../kernel/util/readable.ts";
import type { Findings } from "../../sinks/lightrag/knowledge-reader.ts";
import { type FacetSearch, whyNothingWasFound } from "../memories/why-nothing-was-found.ts";

interface Surroundings {
  connectors: readonly Pick<ConnectorConfig, "id" | "transformation">[];
  /** Where no memory passes the filter, what of it leaves none. */
  vain: string | null;
}

/** What a filter did to a question, in words. */
export function noteOnFilter(
  asked: FacetSearch,
  { chunks, entities, relations, offered }: Findings,
  { connectors, vain }: Surroundings,
): string {
  if (vain !== null) {
    const why = whyNothingWasFound(asked, connectors);
    return [`${vain} LightRAG was not asked.`, why].filter(Boolean).join(" ");
  }
  const isFound = chunks.length + entities.length + relations.length > 0;
  if (offered === undefined)
    return isFound
      ? "Only memories that pass the filter were searched."
      : "Memories pass the filter, but nothing in their documents bears on the question; what is not delivered yet is in none.";
  const of = `LightRAG cannot restrict its search to a filter: it was asked for much, and gave ${plural(offered, "chunk")}.`;
  return isFound
    ? `${of} Those of memories that pass were kept, and the answer is given from them alone; there may be more that LightRAG did not give.`
    : `${of} None is of a memory that passes, though the ledger knows some: ask with words of theirs, or list the memories that pass.`;
}
