import { randomBytes } from "node:crypto";
import type { Memory } from "../domain/memory.ts";

/** The part of the source that a run reads. */
export interface MemoryFilter {
  /** Milliseconds since the epoch, inclusive. */
  since?: number | undefined;
  until?: number | undefined;
  ids?: ReadonlySet<string> | undefined;
}

/** The options of one run. */
export interface RunOptions {
  runId: string;
  trigger: "cli" | "schedule" | "api" | "catch_up";
  /** Deliver memories again that LightRAG already has. */
  force: boolean;
  /** Deliver memories again whose documents are not in the form of this program, however old; budgets hold. */
  outdated?: boolean;
  /** False: end when LightRAG has accepted everything, without waiting for proof. */
  wait: boolean;
  filter: MemoryFilter;
  /** Memories that are said to have changed; see `discover`. */
  hinted?: ReadonlySet<string>;
  /** Read the whole source, whatever the connector's range. */
  wholeSource?: boolean;
  /** With `wholeSource`: unknown memories outside of the connector's range that may be ingested, by `keyOf`. */
  adopt?: ReadonlySet<string>;
  /** The operator has confirmed that most of the ledger may be sent again. */
  acceptResends?: boolean;
  /** The operator has confirmed that everything that the source does not show now is deleted, without a grace period. */
  acceptDeletions?: boolean;
}

/** A run id that sorts by time and reads well: `20250131T235959-1f3a9c`. */
export function newRunId(now: number): string {
  const time = new Date(now).toISOString().slice(0, 19).replace(/[-:]/gu, "");
  return `${time}-${randomBytes(3).toString("hex")}`;
}

/** An unfiltered run that waits for proof. `now` in milliseconds since the epoch. */
export function ordinaryRun(trigger: RunOptions["trigger"], now: number): RunOptions {
  return { runId: newRunId(now), trigger, force: false, wait: true, filter: {} };
}

/** Whether a run reads only a part of the source. */
export function isFiltered(filter: MemoryFilter): boolean {
  return filter.since !== undefined || filter.until !== undefined || filter.ids !== undefined;
}

export function passes(filter: MemoryFilter, memory: Memory): boolean {
  const at = Date.parse(memory.createdAt);
  if (filter.since !== undefined && at < filter.since) return false;
  if (filter.until !== undefined && at > filter.until) return false;
  return filter.ids === undefined || filter.ids.has(memory.id);
}
