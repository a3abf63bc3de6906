import type { DocumentRecord } from "../lightrag/light-rag-client.ts";
import type { LedgerEvent } from "../state/ledger.ts";
import type { InFlight, InFlightWindow } from "./in-flight-window.ts";
import type { Transition } from "./ledger-writer.ts";
import type { ModelLane } from "./model-lane.ts";
import { reportProgress } from "./progress.ts";
import type { RunContext } from "./run-context.ts";
import { type Stillness, StillnessWatch, stillnessEvent } from "./stillness.ts";
import { eventOf, notProcessed, proofOf, type Verdict } from "./verdict.ts";
import { documentRef } from "./wanted.ts";

/** The pace of looking while documents get settled; it slows down while LightRAG thinks. */
const fastestLookMs = 25;
/** The pace while LightRAG finishes documents faster than they are looked at, so that a full window holds nobody up. */
const hurriedLookMs = 2;

/**
 * Asks LightRAG's records about every delivery in the window until each is proved or has failed. This, and not the answer to the
 * insert, decides what counts as done.
 */
export class Verifier {
  private readonly run: RunContext;
  private readonly window: InFlightWindow;
  private readonly lane: ModelLane;
  private readonly stillness: StillnessWatch;
  private submitting = true;

  constructor(run: RunContext, window: InFlightWindow, lane: ModelLane) {
    this.run = run;
    this.window = window;
    this.lane = lane;
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
    const transitions: Transition[] = [];
    const touched: InFlight[] = [];
    entries.forEach((entry, index) => {
      const event = this.eventFor(entry, records[index], still.get(entry));
      if (event === null) return;
      transitions.push({ row: entry.row, event });
      touched.push(entry);
    });
    return this.take(touched, await this.run.ledger.apply(transitions));
  }

  private eventFor(
    entry: InFlight,
    record: DocumentRecord | undefined,
    still: Stillness | undefined,
  ): LedgerEvent | null {
    if (still !== undefined) return stillnessEvent(this.run, entry, record, still);
    if (record === undefined) return null;
    const verdict = this.verdictOn(entry, record);
    if (verdict.kind === "model") this.lane.close(verdict.reason);
    if (verdict.kind === "proved") this.succeeded(record);
    return verdict.kind === "wait" ? null : eventOf(this.run, entry.row, record, verdict);
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
