import type { ErrorCode } from "../kernel/errors/codes.ts";
import { ConnectorError } from "../kernel/errors/connector-error.ts";
import { type LedgerStatus, unfinishedIn } from "./ledger-row.ts";

/** `interrupted`: its process died. It is shown at once; the next run corrects the record. */
export const runOutcomes = ["running", "success", "partial", "failed", "cancelled", "interrupted"] as const;
export type RunOutcome = (typeof runOutcomes)[number];

export const runPhases = ["connect", "reconcile", "discover", "deliver"] as const;
export type RunPhase = (typeof runPhases)[number];

/** Memories, by what happened to them in this run. */
export interface RunCounts {
  /** Listed by the source, malformed ones included. */
  fetched: number;
  new: number;
  changed: number;
  unchanged: number;
  skipped: number;
  malformed: number;
  /** Known but absent from a complete listing; not yet considered deleted. */
  missing: number;
  /** Known and deleted at the source. */
  vanished: number;
  /** Documents that LightRAG accepted from us. */
  submitted: number;
  /** Documents already in LightRAG with the right text. */
  adopted: number;
  /** Confirmed by LightRAG's records, adopted ones included. */
  processed: number;
  /** Old documents confirmed deleted from LightRAG. */
  deleted: number;
  /** Tried and not delivered, still to be retried when the run ended. */
  failed: number;
  /** Became dead letters in this run. */
  dead: number;
  /** Accepted by LightRAG but not confirmed when the run ended. */
  unproved: number;
  /** Dead letters of the connector when the run ended, older ones included. */
  deadLetters: number;
  /** Left to a later run: the day's budget is spent, the queue of a backfill is full, a shared document waits for more notes, or the run ended before it came to them. */
  waiting: number;
}

/** Of a run that has done nothing yet, in the order in which they are shown. */
export const noCounts: Readonly<RunCounts> = {
  fetched: 0,
  new: 0,
  changed: 0,
  unchanged: 0,
  skipped: 0,
  malformed: 0,
  missing: 0,
  vanished: 0,
  submitted: 0,
  adopted: 0,
  processed: 0,
  deleted: 0,
  failed: 0,
  dead: 0,
  unproved: 0,
  deadLetters: 0,
  waiting: 0,
};

/** Counts of what a run only looked at. */
const onlySeen: readonly (keyof RunCounts)[] = ["fetched", "unchanged", "skipped"];

/** Whether nobody misses the record once newer ones tell the same: a run by schedule that succeeded, and found and changed nothing. */
export function hasNothingToTell({ trigger, outcome, errors, counts }: RunRecord): boolean {
  if (trigger !== "schedule" || outcome !== "success" || errors.length > 0) return false;
  return Object.entries(counts).every(([name, count]) => count === 0 || isOnlySeen(name));
}

function isOnlySeen(name: string): boolean {
  return onlySeen.some((each) => each === name);
}

/** How a run ended: having done all that it could do, or not; and whether it put off what it had not sent, as a limit of the day asks. */
interface RunEnd {
  atItsEnd: boolean;
  putsOff: boolean;
}

/** The counts of what a run leaves behind, from its connector's ledger. What a run did not come to has not failed: it waits for the next one. */
export function leftOf(
  rows: Readonly<Record<LedgerStatus, number>>,
  { atItsEnd, putsOff }: RunEnd,
): Pick<RunCounts, "failed" | "waiting" | "unproved" | "deadLetters"> {
  const unsent = rows.pending + rows.deleting;
  const underWay = rows.discovered + rows.submitting;
  const waiting = (atItsEnd && !putsOff ? 0 : unsent) + (atItsEnd ? 0 : underWay);
  return {
    failed: rows.failed + unsent + underWay - waiting,
    waiting,
    unproved: rows.submitted,
    deadLetters: rows.dead,
  };
}

/** The counts of a ledger, by status. */
type Rows = Readonly<Record<LedgerStatus, number>>;

/**
 * What is known of a run whose record says `running` and whose process is gone: it has worked until it was last saved, and what it has done
 * since then its ledger shows.
 */
export function interrupted({ progress, before, ...run }: RunRecord, rows: Rows): RunRecord {
  const { code, message, hint } = new ConnectorError(
    "RUN_INTERRUPTED",
    "its process ended before the run did",
  );
  return {
    ...run,
    outcome: "interrupted",
    endedAt: Math.max(run.startedAt, progress?.savedAt ?? 0),
    counts: {
      ...shownBy(rows, { counts: run.counts, before, total: progress?.delivery?.total }),
      ...leftOf(rows, { atItsEnd: false, putsOff: false }),
    },
    errors: [...run.errors, { code, message, hint, count: 1, examples: [] }],
  };
}

interface LastSaved {
  counts: RunCounts;
  /** The ledger when the run began. */
  before: Rows | undefined;
  /** What it had to settle. */
  total: number | undefined;
}

/**
 * The counts as last saved, or more where the ledger shows more: by what has come to it since the run began, and by what is left of the work
 * of its delivery. Never more than there was.
 */
function shownBy(rows: Rows, { counts, before, total }: LastSaved): RunCounts {
  if (before === undefined) return counts;
  const gained = (status: LedgerStatus) => Math.max(0, rows[status] - before[status]);
  const settledOtherwise = gained("dead") + gained("deleted") + gained("skipped");
  const settled = total === undefined ? 0 : total - unfinishedIn(rows) - settledOtherwise;
  const processed = Math.max(counts.processed, gained("processed"), settled);
  const known = (of: Rows) => Object.values(of).reduce((sum, count) => sum + count, 0);
  return {
    ...counts,
    new: Math.max(counts.new, known(rows) - known(before)),
    dead: Math.max(counts.dead, gained("dead")),
    processed,
    submitted: Math.max(counts.submitted, processed + rows.submitted - before.submitted - counts.adopted),
  };
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
  phases: Record<RunPhase, number>;
  errors: readonly RunErrorGroup[];
  /** Why the listing was not complete; null when it was. */
  truncated: string | null;
  /** The scope that the run read; missing in records of earlier versions. */
  scope?: RunScope;
  /** Memories that are held back until their audio or picture is read, at its end; missing where there are none. */
  waitingForMedia?: number;
  /** Memories wait for the next day because the day's budget is used up. */
  budgetSpent?: true;
  /** Of a run for named memories: those that LightRAG does not hold at its end, and why. */
  notDelivered?: readonly NotDelivered[];
  /** Its position in the history, where `startedAt` would misplace it because a clock was wrong; same unit. */
  order?: number;
  /** Of a run that was under way when its record was saved. */
  progress?: RunProgress;
  /** The same: the ledger's counts when the run began. Missing in records of earlier versions. */
  before?: Rows;
}

/** Where a run stands, for other processes; what is left of its work now, they see in the ledger. Times are milliseconds since the epoch. */
export interface RunProgress {
  /** The last sign of its life; missing in records of earlier versions. */
  savedAt?: number;
  phase: RunPhase;
  /** Null before it is known what is to be delivered. */
  delivery: {
    /** Memories that the run has to settle, the settled ones included. */
    total: number;
    /** Its pace is measured from here: a minute before the record was saved, or when deliveries began. */
    since: { at: number; done: number };
  } | null;
  /** Why nothing more is sent before this moment. */
  waits: { until: number; reason: string } | null;
}

/** Sort key of the history. */
export function orderOf({ startedAt, order }: Pick<RunRecord, "startedAt" | "order">): number {
  return order ?? startedAt;
}

/**
 * Sorts a run that begins at `startedAt` after the newest one of the history: no key is needed, unless that was written while a
 * clock was ahead.
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

/** A memory named by a person that LightRAG does not hold as the source lists it. */
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
  /** Memories of the source outside a fixed range, which are not delivered, as far as they were counted. */
  outside: number;
}
