import type { ErrorCode } from "../kernel/errors/codes.ts";

/** `interrupted`: its process died; whoever next holds the connector's lock finds it still `running` and says so. */
export const runOutcomes = ["running", "success", "partial", "failed", "cancelled", "interrupted"] as const;
export type RunOutcome = (typeof runOutcomes)[number];

/** Memories, by what happened to them in this run. */
export interface RunCounts {
  /** Shown by the source, malformed ones included. */
  fetched: number;
  new: number;
  changed: number;
  unchanged: number;
  skipped: number;
  malformed: number;
  /** Known, and not shown by a complete listing; not yet believed to be deleted. */
  missing: number;
  /** Known, and deleted at the source. */
  vanished: number;
  /** Documents that LightRAG accepted from us. */
  submitted: number;
  /** Documents found in LightRAG with the right text already. */
  adopted: number;
  /** Proved by LightRAG's records, adopted ones included. */
  processed: number;
  /** Old documents confirmed gone from LightRAG. */
  deleted: number;
  /** Still to be retried when the run ended. */
  failed: number;
  /** Became dead letters in this run. */
  dead: number;
  /** Accepted by LightRAG and not yet proved when the run ended. */
  unproved: number;
  /** Dead letters of the connector when the run ended, older ones included. */
  deadLetters: number;
  /** Put off to a later run: the day's budget is spent, or the slow lane of a backfill is full. */
  waiting: number;
}

export interface RunErrorGroup {
  code: ErrorCode;
  count: number;
  /** The first message of this code and what to do about it. */
  message: string;
  hint: string;
  /** Up to 5 memory ids. */
  examples: readonly string[];
}

/** One execution of a connector and its report. Times are milliseconds since the epoch, durations milliseconds. */
export interface RunRecord {
  runId: string;
  connectorId: string;
  trigger: "cli" | "schedule" | "api" | "catch_up";
  startedAt: number;
  endedAt: number | null;
  outcome: RunOutcome;
  counts: RunCounts;
  phases: { connect: number; reconcile: number; discover: number; deliver: number };
  errors: readonly RunErrorGroup[];
  /** Why the listing was not complete; null when it was. */
  truncated: string | null;
  /** What of the source the run looked at; left out by earlier versions. */
  scope?: RunScope;
  /** Of a run that names memories: those that LightRAG does not hold at its end, and why. */
  notDelivered?: readonly NotDelivered[];
  /** Its place in the history, where `startedAt` would give it a wrong one because a clock was wrong; of the same unit. */
  order?: number;
}

/** By which the history is ordered. */
export function orderOf({ startedAt, order }: Pick<RunRecord, "startedAt" | "order">): number {
  return order ?? startedAt;
}

/**
 * What places a run that begins at `startedAt` behind the newest one of the history: nothing, unless that was written while a clock was
 * ahead of the present one.
 */
export function placeAfter(
  newest: Pick<RunRecord, "startedAt" | "order"> | undefined,
  startedAt: number,
): Pick<RunRecord, "order"> {
  return newest === undefined || orderOf(newest) <= startedAt ? {} : { order: orderOf(newest) + 1 };
}

export const notDeliveredReasons = [
  "erased",
  "skipped",
  "waiting_for_media",
  "waiting_for_transcript",
  "waiting_for_source",
  "held",
  "dead_letter",
  "failed",
  "waiting",
  "unproved",
  "deleted",
  "not_found",
  "outside",
  "not_reached",
] as const;

/** A memory that a person has named and that LightRAG does not hold as the source shows it. */
export interface NotDelivered {
  memoryId: string;
  /** Null where no context is known to have it. */
  contextId: string | null;
  reason: (typeof notDeliveredReasons)[number];
  message: string;
  /** What a person can do about it. */
  hint: string;
}

export interface RunScope {
  queryRange: "day" | "week" | "month" | "all" | "auto";
  /** Memories of the source that lie outside of a fixed range and are not delivered, as far as they were counted. */
  outside: number;
}
