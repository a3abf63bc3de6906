import { randomBytes } from "node:crypto";
import type { Memory } from "../domain/memory.ts";

/** What of the source a run looks at. */
export interface MemoryFilter {
  /** Milliseconds since the epoch, inclusive. */
  since?: number | undefined;
  until?: number | undefined;
  ids?: ReadonlySet<string> | undefined;
}

/** How one run differs from another of the same connector. */
export interface RunOptions {
  runId: string;
  trigger: "cli" | "schedule" | "api" | "catch_up";
  /** Deliver memories again that LightRAG has already. */
  force: boolean;
  /** False: end when LightRAG has accepted everything, without waiting for the proof. */
  wait: boolean;
  filter: MemoryFilter;
  /** Read all that the source has, whatever the connector's range. */
  wholeSource?: boolean;
  /** With `wholeSource`: of the memories outside of the connector's range that the ledger does not know, those that may be taken up, by `keyOf`. */
  adopt?: ReadonlySet<string>;
  /** A person has said yes to sending most of the ledger again. */
  acceptResends?: boolean;
  /** A person has said yes to treating everything as deleted that the source does not show now, without grace. */
  acceptDeletions?: boolean;
}

/** A run id that sorts by time and reads well: `20250131T235959-1f3a9c`. */
export function newRunId(now: number): string {
  const time = new Date(now).toISOString().slice(0, 19).replace(/[-:]/gu, "");
  return `${time}-${randomBytes(3).toString("hex")}`;
}

/** A run of everything there is to do that waits for the proof. `now` in milliseconds since the epoch. */
export function ordinaryRun(trigger: RunOptions["trigger"], now: number): RunOptions {
  return { runId: newRunId(now), trigger, force: false, wait: true, filter: {} };
}

/** Whether a run looks at a part of the source only. */
export function isFiltered(filter: MemoryFilter): boolean {
  return filter.since !== undefined || filter.until !== undefined || filter.ids !== undefined;
}

export function passes(filter: MemoryFilter, memory: Memory): boolean {
  const at = Date.parse(memory.createdAt);
  if (filter.since !== undefined && at < filter.since) return false;
  if (filter.until !== undefined && at > filter.until) return false;
  return filter.ids === undefined || filter.ids.has(memory.id);
}
