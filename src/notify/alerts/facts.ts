import type { RunErrorGroup, RunRecord } from "../../domain/run-record.ts";

/** What is known of a connector when its rules are judged. Times are milliseconds since the epoch. */
export interface ConnectorFacts {
  kind: "connector";
  connectorId: string;
  /** A person stopped its schedule. */
  isPaused: boolean;
  /** The newest run that has ended. */
  lastRun: RunRecord | null;
  /** Runs that failed since the last one that did not. */
  failuresInARow: number;
  /** When a run last came to its end, with success or partial. */
  lastSyncAt: number | null;
  /** When the connector was first seen to be scheduled or run. */
  knownSince: number | null;
  deadLetters: number;
  /** Memories that are on their way. */
  unfinished: number;
  /** Since when the first of them waits. */
  waitingSince: number | null;
  /** When a memory last became processed or was removed. */
  lastMovedAt: number | null;
  /** Why the source does not show everything. */
  truncated: string | null;
  /** Share of the ledger (0 to 1) that the last run would have sent or deleted, had a brake not held it. */
  heldRatio: number | null;
}

/** What is known of a server. */
export interface ServerFacts {
  kind: "server";
  /** `lightrag https://lightrag.example` */
  name: string;
  /** `unknown`: nobody has asked it since this process began. */
  state: "answers" | "left-alone" | "unknown";
  lastError: string | null;
  /** When a request will be let through again. */
  until: number | null;
}

export type Facts = ConnectorFacts | ServerFacts;

/** What a fact is about; part of an alert's id. */
export function subjectOf(facts: Facts): string {
  return facts.kind === "connector" ? facts.connectorId : facts.name;
}

/** Why a brake held the run; null when none did. */
export function heldError(run: RunRecord | null): RunErrorGroup | null {
  return run?.errors.find(({ code }) => code === "RUN_HELD" || code === "DELETIONS_SUSPECT") ?? null;
}
