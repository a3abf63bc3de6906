import type { ConnectorConfig } from "../config/config.ts";
import { readChoice } from "../documents/choose.ts";
import { MemoryTransformer } from "../documents/memory-transformer.ts";
import { createStrategy } from "../documents/registry.ts";

/** Apart from the factory, so that what only writes documents down loads no client of a server. */
export function buildTransformer({ transformation, ingestion }: ConnectorConfig): MemoryTransformer {
  return new MemoryTransformer(
    createStrategy(transformation.strategy, { template: transformation.template ?? undefined }),
    {
      skipEmptyTranscripts: ingestion.skipEmptyTranscripts,
      choice: ingestion.filter === null ? null : readChoice(ingestion.filter),
      merge: transformation.merge === "day" ? { maxCharacters: transformation.mergeMaxCharacters } : null,
    },
  );
}
