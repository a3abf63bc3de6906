import type { ConnectorConfig } from "../config/config.ts";
import { FilterChoice } from "../documents/filter-choice.ts";
import { MemoryTransformer } from "../documents/memory-transformer.ts";
import { Redactor } from "../documents/redact/redactor.ts";
import { createStrategy } from "../documents/registry.ts";

/** What takes words out of the memories of a connector; null when nothing is to be taken out. */
export function redactorOf({ redact }: Pick<ConnectorConfig["ingestion"], "redact">): Redactor | null {
  return redact === null ? null : new Redactor(redact);
}

/** Which memories a connector carries, by its own days; null for all. */
export function filterOf({
  ingestion: { filter },
  timezone,
}: Pick<ConnectorConfig, "ingestion" | "timezone">): FilterChoice | null {
  return filter === null ? null : new FilterChoice(filter, timezone);
}

/** Apart from the factory, so that what only writes documents down loads no client of a server. */
export function buildTransformer(connector: ConnectorConfig): MemoryTransformer {
  const { transformation, ingestion } = connector;
  return new MemoryTransformer(
    createStrategy(transformation.strategy, { template: transformation.template ?? undefined }),
    {
      skipEmptyTranscripts: ingestion.skipEmptyTranscripts,
      filter: filterOf(connector),
      redactor: redactorOf(ingestion),
      merge: transformation.merge === "day" ? { maxCharacters: transformation.mergeMaxCharacters } : null,
    },
  );
}
