import { unfinishedIn } from "../../domain/ledger-row.ts";
import type { RunPhase, RunProgress } from "../../domain/run-record.ts";
import type { SyncEvents } from "../events.ts";
import type { SyncParts } from "../sync-parts.ts";
import type { RunReport } from "./run-report.ts";

/** The shortest interval between two saves of a running run's record. */
const saveEveryMs = 3_000;
/** The speed of a run is averaged over about this time. */
const paceOverMs = 60_000;

type ProgressParts = Pick<SyncParts, "state" | "clock" | "events">;

/** Times are monotonic. */
interface Mark {
  at: number;
  done: number;
}

/**
 * Saves a run's progress in its stored record, where other processes see it: at most one small write per interval, and only after
 * changes. It listens to the events of the run and has no timer. Call `end` before the final record is saved.
 */
export class KeptProgress {
  readonly #parts: ProgressParts;
  readonly #connectorId: string;
  readonly #report: RunReport;
  readonly #stops: readonly (() => void)[];
  #phase: RunPhase = "connect";
  #marks: readonly Mark[] = [];
  #waits: { until: number; reason: string } | null = null;
  #savedAt: number;
  #saving: Promise<void> | null = null;

  constructor(
    parts: ProgressParts,
    { runId, connectorId }: { runId: string; connectorId: string },
    report: RunReport,
  ) {
    this.#parts = parts;
    this.#connectorId = connectorId;
    this.#report = report;
    this.#savedAt = parts.clock.monotonic();
    const ofThisRun =
      <Event extends { runId: string }>(follow: (event: Event) => void) =>
      (event: Event) => {
        if (event.runId === runId) follow(event);
      };
    this.#stops = [
      parts.events.on(
        "run:phase",
        ofThisRun(({ phase }) => this.#enter(phase)),
      ),
      parts.events.on(
        "run:progress",
        ofThisRun(() => this.#saveNowAndThen()),
      ),
      parts.events.on(
        "run:notice",
        ofThisRun((notice) => this.#hear(notice)),
      ),
    ];
  }

  /** Resolves after the last write. */
  async end(): Promise<void> {
    for (const stop of this.#stops) stop();
    await this.#saving;
  }

  /** The number to deliver is saved at once, because it may take long until the first is settled. */
  #enter(phase: RunPhase): void {
    this.#phase = phase;
    if (phase === "deliver" && this.#report.expected > this.#report.counts.processed) this.#save();
    else this.#saveNowAndThen();
  }

  #hear({ message, waitMs = 0 }: SyncEvents["run:notice"]): void {
    if (waitMs < saveEveryMs) return;
    this.#waits = { until: this.#parts.clock.monotonic() + waitMs, reason: message };
    this.#save();
  }

  #saveNowAndThen(): void {
    if (this.#saving === null && this.#parts.clock.monotonic() - this.#savedAt >= saveEveryMs) this.#save();
  }

  #save(): void {
    this.#savedAt = this.#parts.clock.monotonic();
    const saved = (this.#saving ?? Promise.resolve()).then(() => this.#write());
    // A failed write loses only progress; if the state is not writable, the run fails by its own writes.
    const saving = saved
      .catch(() => undefined)
      .then(() => {
        if (this.#saving === saving) this.#saving = null;
      });
    this.#saving = saving;
  }

  async #write(): Promise<void> {
    const { state } = this.#parts;
    const left = unfinishedIn(await state.countRows(this.#connectorId));
    const progress = this.#progress(left);
    await state.saveRun({ ...this.#report.toRecord("running", null), progress });
  }

  #progress(left: number): RunProgress {
    const [wall, steady] = [this.#parts.clock.now(), this.#parts.clock.monotonic()];
    const waits = this.#waits && { ...this.#waits, until: wall + this.#waits.until - steady };
    const saved = { savedAt: wall, phase: this.#phase, waits };
    if (this.#phase !== "deliver") return { ...saved, delivery: null };
    const total = this.#report.expected;
    const { at, done } = this.#mark({ at: steady, done: Math.max(0, total - left) });
    return { ...saved, delivery: { total, since: { at: wall + at - steady, done } } };
  }

  /** Adds a mark; returns the newest one that is at least a minute old, or else the first. */
  #mark(mark: Mark): Mark {
    const firstRecent = this.#marks.findIndex(({ at }) => mark.at - at < paceOverMs);
    const past = firstRecent === -1 ? this.#marks.length : firstRecent;
    this.#marks = [...this.#marks.slice(Math.max(0, past - 1)), mark];
    return this.#marks[0] ?? mark;
  }
}
