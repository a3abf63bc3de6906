import type { LedgerEvent } from "../../domain/ledger.ts";
import type { DocumentRecord } from "../../sinks/lightrag/light-rag-client.ts";
import { eventOf, notProcessed, proofOf, type Verdict } from "../delivery-state.ts";
import type { Transition } from "../ledger-writer.ts";
import { documentRef } from "../render-document.ts";
import type { RunContext } from "../run-context.ts";
import type { FailureStreak } from "./failure-streak.ts";
import type { InFlight, InFlightWindow } from "./in-flight-window.ts";
import type { ModelLane } from "./model-backoff.ts";
import { reportProgress } from "./progress.ts";
import { StillnessWatch, stillnessEvent } from "./stall-detector.ts";

/** The pace of looking while documents get settled; it slows down while LightRAG thinks. */
const fastestLookMs = 25;
/** The pace while LightRAG finishes documents faster than they are looked at, so that a full window holds nobody up. */
const hurriedLookMs = 2;

/** What is known of LightRAG's models in this run. */
export interface ModelsWatch {
  lane: ModelLane;
  streak: FailureStreak;
}

/**
 * Asks LightRAG's records about every delivery in the window until each is proved or has failed. This, and not the answer to the
 * insert, decides what counts as done.
 */
export class Verifier {
  private readonly run: RunContext;
  private readonly window: InFlightWindow;
  private readonly lane: ModelLane;
  private readonly streak: FailureStreak;
  private readonly stillness: StillnessWatch;
  private submitting = true;

  constructor(run: RunContext, window: InFlightWindow, { lane, streak }: ModelsWatch) {
    this.run = run;
    this.window = window;
    this.lane = lane;
    this.streak = streak;
    this.stillness = new StillnessWatch(run);
  }

  /** Nothing more will be submitted: the window only empties from here. */
  finish(): void {
    this.submitting = false;
  }

  async verify(signal: AbortSignal): Promise<void> {
    let pauseMs = fastestLookMs;
    while (this.hasWork()) {
      await this.run.clock.sleep(pauseMs, signal);
      const looked = this.window.size;
      const settled = await this.look(signal);
      if (settled === 0) pauseMs = Math.min(this.run.settings.slowestLookMs, pauseMs * 2);
      else pauseMs = settled > looked / 2 ? hurriedLookMs : fastestLookMs;
    }
  }

  private hasWork(): boolean {
    if (this.submitting) return true;
    return this.run.options.wait && this.window.size > 0;
  }

  /** Resolves to how many deliveries were settled. */
  private async look(signal: AbortSignal): Promise<number> {
    const entries = this.window.all();
    if (entries.length === 0) return 0;
    const records = await this.run.sink.find(
      entries.map((entry) => documentRef(entry.row)),
      signal,
    );
    const still = await this.stillness.look(entries, records, signal);
    const verdicts = await this.judge(entries, records, signal);
    const transitions: Transition[] = [];
    const touched: InFlight[] = [];
    entries.forEach((entry, index) => {
      const record = records[index];
      const event = still.has(entry)
        ? stillnessEvent(this.run, entry, record)
        : this.eventFor(entry, record, verdicts[index]);
      if (event === null) return;
      transitions.push({ row: entry.row, event });
      touched.push(entry);
    });
    return this.take(touched, await this.run.ledger.apply(transitions));
  }

  private eventFor(
    entry: InFlight,
    record: DocumentRecord | undefined,
    verdict: Verdict | undefined,
  ): LedgerEvent | null {
    if (record === undefined || verdict === undefined || verdict.kind === "wait") return null;
    if (verdict.kind === "model") this.lane.close(verdict.reason);
    if (verdict.kind === "proved") this.succeeded(record);
    return eventOf(this.run, entry.row, record, verdict);
  }

  /** What the records say; documents that failed because the models fail at everything are told from those that failed by themselves. */
  private async judge(
    entries: readonly InFlight[],
    records: readonly (DocumentRecord | undefined)[],
    signal: AbortSignal,
  ): Promise<(Verdict | undefined)[]> {
    const verdicts = entries.map((entry, index) => {
      const record = records[index];
      return record === undefined ? undefined : this.verdictOn(entry, record);
    });
    if (verdicts.some((verdict) => verdict?.kind === "proved")) this.streak.end();
    const failed = entries.filter(
      (_, index) => verdicts[index]?.kind === "failed" && records[index]?.status === "failed",
    );
    const names = failed.map(({ row }) => row.fileSource);
    if (!(await this.streak.isOutage(names, signal))) return verdicts;
    return verdicts.map((verdict) =>
      verdict?.kind === "failed" ? { kind: "model", reason: verdict.error.message } : verdict,
    );
  }

  private succeeded({ entities }: DocumentRecord): void {
    this.lane.succeed();
    this.run.report.noteFound(entities);
  }

  /** What a document shares with others while they are in LightRAG together, it has for itself when it was alone. */
  private verdictOn(entry: InFlight, record: DocumentRecord): Verdict {
    const verdict = proofOf(this.run.sink, record, entry);
    const isAlone = entry.places === this.window.capacity;
    return verdict.kind === "shared" && isAlone ? { kind: "failed", error: notProcessed(record) } : verdict;
  }

  private take(touched: readonly InFlight[], rows: readonly InFlight["row"][]): number {
    let settled = 0;
    touched.forEach((entry, index) => {
      const row = rows[index] ?? entry.row;
      entry.row = row;
      if (row.status === "submitted") return;
      this.window.settle(entry);
      settled += 1;
    });
    if (settled > 0) reportProgress(this.run, "deliver");
    return settled;
  }
}
