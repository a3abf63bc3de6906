import type { RunErrorGroup, RunRecord } from "../../domain/run-record.ts";

/** The state of a connector against which its rules are evaluated. Times are milliseconds since the epoch. */
export interface ConnectorSignals {
  kind: "connector";
  connectorId: string;
  /** Its schedule is paused. */
  isPaused: boolean;
  /** The latest run that has ended. */
  lastRun: RunRecord | null;
  /** Consecutive failed runs. */
  failuresInARow: number;
  /** When a run last completed, with success or partial. */
  lastSyncAt: number | null;
  /** When the connector was first scheduled or run. */
  knownSince: number | null;
  deadLetters: number;
  /** Memories in delivery. */
  unfinished: number;
  /** Since when the oldest of them has waited. */
  waitingSince: number | null;
  /** When a memory was last processed or removed. */
  lastMovedAt: number | null;
  /** Why the source's listing is incomplete. */
  truncated: string | null;
  /** Share of the ledger (0 to 1) that the last run would have sent or deleted if a guard had not held it. */
  heldRatio: number | null;
}

/** The state of a server. */
export interface ServerSignals {
  kind: "server";
  /** `lightrag https://lightrag.example` */
  name: string;
  /** `unknown`: no request since this process started. */
  state: "answers" | "left-alone" | "unknown";
  lastError: string | null;
  /** When the next request is let through. */
  until: number | null;
}

export type Signals = ConnectorSignals | ServerSignals;

/** The connector or server; part of an alert's id. */
export function subjectOf(signals: Signals): string {
  return signals.kind === "connector" ? signals.connectorId : signals.name;
}

/** Why a guard held the run; null when none did. */
export function heldError(run: RunRecord | null): RunErrorGroup | null {
  return run?.errors.find(({ code }) => code === "RUN_HELD" || code === "DELETIONS_SUSPECT") ?? null;
}
