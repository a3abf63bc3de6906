import type { ConnectorConfig } from "../config/config.ts";
import { MemoryTransformer } from "../documents/memory-transformer.ts";
import { Redactor } from "../documents/redact/redactor.ts";
import { createStrategy } from "../documents/registry.ts";

/** What takes words out of the memories of a connector; null when nothing is to be taken out. */
export function redactorOf({ redact }: Pick<ConnectorConfig["ingestion"], "redact">): Redactor | null {
  return redact === null ? null : new Redactor(redact);
}

/** Apart from the factory, so that what only writes documents down loads no client of a server. */
export function buildTransformer({ transformation, ingestion }: ConnectorConfig): MemoryTransformer {
  return new MemoryTransformer(
    createStrategy(transformation.strategy, { template: transformation.template ?? undefined }),
    {
      skipEmptyTranscripts: ingestion.skipEmptyTranscripts,
      filter: ingestion.filter,
      redactor: redactorOf(ingestion),
      merge: transformation.merge === "day" ? { maxCharacters: transformation.mergeMaxCharacters } : null,
    },
  );
}
