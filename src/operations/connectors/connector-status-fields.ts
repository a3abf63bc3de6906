import * as z from "zod";
import type { StatusCounts, SyncState } from "../../state/state-manager.ts";
import { countSchema, instantSchema, isoInstant } from "../runs/run-json.ts";

/** How far a connector is behind its source, and what it is at. */
export const statusFieldsSchema = z.strictObject({
  inFlight: countSchema.describe("memories on their way to LightRAG, or accepted and not proved yet"),
  completeAsOf: instantSchema
    .nullable()
    .describe("when the oldest of its contexts was last listed completely; null when one never was"),
  oldestUnfinishedAt: instantSchema.nullable().describe("the oldest memory that is not delivered yet"),
  overdueSince: instantSchema
    .nullable()
    .describe("a due time that nobody has served: no service runs, or it is at its limit"),
  isTruncated: z.boolean().describe("the last list of a context was cut off"),
});

/** Times are milliseconds since the epoch. */
export interface ConnectorFigures {
  counts: StatusCounts;
  /** One for each context; null for one that was never listed. */
  contexts: readonly (SyncState | null)[];
  oldestUnfinishedAt: number | null;
  overdueSince: number | null;
}

export function statusFields(standing: ConnectorFigures): z.infer<typeof statusFieldsSchema> {
  const { counts, contexts, oldestUnfinishedAt, overdueSince } = standing;
  return {
    inFlight: inFlightOf(counts),
    completeAsOf: instantOrNull(completeAsOf(standing)),
    oldestUnfinishedAt: instantOrNull(oldestUnfinishedAt),
    overdueSince: instantOrNull(overdueSince),
    isTruncated: contexts.some((context) => context !== null && context.truncated !== null),
  };
}

function inFlightOf({ submitting, submitted, deleting }: StatusCounts): number {
  return submitting + submitted + deleting;
}

/** Null when a context was never listed completely. */
export function completeAsOf({ contexts }: Pick<ConnectorFigures, "contexts">): number | null {
  const times = contexts.map((context) => context?.lastCompleteListingAt ?? null);
  return times.length === 0 || times.includes(null) ? null : Math.min(...times.filter((at) => at !== null));
}

function instantOrNull(epochMs: number | null): string | null {
  return epochMs === null ? null : isoInstant(epochMs);
}
