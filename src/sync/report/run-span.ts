import type { RunRecord } from "../../domain/run-record.ts";
import type { SpanAttributes, SpanDescription } from "../../kernel/tracing/span.ts";

interface Begun {
  runId: string;
  trigger: RunRecord["trigger"];
}

/** A span for a run, or for a comparison. */
export function runSpan(
  name: "run" | "reconcile",
  connectorId: string,
  { runId, trigger }: Begun,
): SpanDescription {
  return {
    name,
    attributes: {
      "memory_connector.connector.id": connectorId,
      "memory_connector.run.id": runId,
      "memory_connector.run.trigger": trigger,
    },
  };
}

/** How a run ended: its outcome, its counts that are not 0, the codes of its errors. */
export function runResult({ outcome, counts, errors }: RunRecord): SpanAttributes {
  const told = Object.entries(counts).filter(([, count]) => count !== 0);
  return {
    "memory_connector.run.outcome": outcome,
    "memory_connector.run.error_codes": errors.length === 0 ? undefined : errors.map(({ code }) => code),
    ...Object.fromEntries(told.map(([name, count]) => [`memory_connector.run.memories.${name}`, count])),
  };
}
