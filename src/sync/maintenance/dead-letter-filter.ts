import type { LedgerRow } from "../../domain/ledger-row.ts";
import type { UnreadMedium } from "../../kernel/util/unread-medium.ts";

/** Selects dead letters; an empty filter selects all of them. Times are milliseconds since the epoch, both inclusive. */
export interface DeadLetterFilter {
  contextId?: string | undefined;
  ids?: readonly string[] | undefined;
  codes?: readonly string[] | undefined;
  /** When they failed for the last time. */
  since?: number | undefined;
  until?: number | undefined;
  /** `waiting`: media that wait for a retry. Without it those are selected only by their ids. */
  status?: "dead" | "waiting" | undefined;
}

/** Whether a filter selects a dead row. */
export function meansRow(filter: DeadLetterFilter, row: LedgerRow): boolean {
  return filter.status !== "waiting" && fits(filter, { ...row, at: row.changedAt, code: row.error?.code });
}

/** Whether a filter selects a medium, dead or waiting. */
export function meansMedium(filter: DeadLetterFilter, medium: UnreadMedium): boolean {
  const { error, failedAt, standing } = medium;
  if (filter.status !== undefined && filter.status !== standing) return false;
  return fits(filter, { ...medium, at: failedAt, code: error.code });
}

interface Failed {
  contextId: string;
  memoryId: string;
  code: string | undefined;
  at: number;
}

function fits({ contextId, ids, codes, since, until }: DeadLetterFilter, failed: Failed): boolean {
  if (contextId !== undefined && contextId !== failed.contextId) return false;
  if (ids !== undefined && !ids.includes(failed.memoryId)) return false;
  if (codes !== undefined && !codes.includes(failed.code ?? "")) return false;
  return failed.at >= (since ?? failed.at) && failed.at <= (until ?? failed.at);
}
