import type { LedgerEvent, Transition } from "../../domain/ledger.ts";
import type { DocumentRecord } from "../../sinks/lightrag/light-rag-client.ts";
import { type DeliveryState, eventOf, notProcessed, proofOf } from "../delivery-state.ts";
import { documentRef } from "../render-document.ts";
import type { DeliverParts } from "./deliver-parts.ts";
import type { InFlight, InFlightWindow } from "./in-flight-window.ts";
import type { FailureStreak, ModelBackoff } from "./model-backoff.ts";
import { StallDetector, stallEvent } from "./stall-detector.ts";

/** The polling interval while documents are being settled; it grows while nothing changes. */
const fastestPollMs = 25;
/**
 * The polling interval while LightRAG finishes documents faster than they are polled, so that a full window delays no submission.
 */
const hurriedPollMs = 2;

type VerifyParts = Pick<
  DeliverParts,
  "sink" | "ledger" | "retries" | "report" | "events" | "clock" | "settings" | "options"
>;

/** The state of LightRAG's models in this run. */
export interface ModelsWatch {
  backoff: ModelBackoff;
  streak: FailureStreak;
}

/**
 * Polls LightRAG's records of every delivery in the window until each is proved or has failed. Only this, not the answer to the
 * insert, proves a delivery.
 */
export class Verifier {
  readonly #parts: VerifyParts;
  readonly #window: InFlightWindow;
  readonly #backoff: ModelBackoff;
  readonly #streak: FailureStreak;
  readonly #stalls: StallDetector;
  #submitting = true;

  constructor(parts: VerifyParts, window: InFlightWindow, { backoff, streak }: ModelsWatch) {
    this.#parts = parts;
    this.#window = window;
    this.#backoff = backoff;
    this.#streak = streak;
    this.#stalls = new StallDetector(parts);
  }

  /** Call when nothing more will be submitted: from then on the window only empties. */
  finish(): void {
    this.#submitting = false;
  }

  async verify(signal: AbortSignal): Promise<void> {
    let pauseMs = fastestPollMs;
    while (this.#hasWork()) {
      await this.#parts.clock.sleep(pauseMs, signal);
      const looked = this.#window.size;
      const settled = await this.#look(signal);
      if (settled === 0) pauseMs = Math.min(this.#parts.settings.slowestPollMs, pauseMs * 2);
      else pauseMs = settled > looked / 2 ? hurriedPollMs : fastestPollMs;
    }
  }

  #hasWork(): boolean {
    if (this.#submitting) return true;
    return this.#parts.options.wait && this.#window.size > 0;
  }

  /** Resolves to the number of settled deliveries. */
  async #look(signal: AbortSignal): Promise<number> {
    const entries = this.#window.all();
    if (entries.length === 0) return 0;
    const records = await this.#parts.sink.find(
      entries.map((entry) => documentRef(entry.row)),
      signal,
    );
    const still = await this.#stalls.look(entries, records, signal);
    const states = await this.#statesOf(entries, records, signal);
    const transitions: Transition[] = [];
    const touched: InFlight[] = [];
    entries.forEach((entry, index) => {
      const record = records[index];
      const event = still.has(entry)
        ? stallEvent(this.#parts, entry, record)
        : this.#eventFor(entry, record, states[index]);
      if (event === null) return;
      transitions.push({ row: entry.row, event });
      touched.push(entry);
    });
    return this.#take(touched, await this.#parts.ledger.apply(transitions));
  }

  #eventFor(
    entry: InFlight,
    record: DocumentRecord | undefined,
    state: DeliveryState | undefined,
  ): LedgerEvent | null {
    if (record === undefined || state === undefined || state.kind === "wait") return null;
    if (state.kind === "model") this.#backoff.pause(state.reason);
    if (state.kind === "proved") this.#succeeded(record);
    return eventOf(this.#parts.retries, entry.row, record, state);
  }

  /**
   * The delivery states of the records; documents that failed because the models are down are distinguished from those that failed
   * by themselves.
   */
  async #statesOf(
    entries: readonly InFlight[],
    records: readonly (DocumentRecord | undefined)[],
    signal: AbortSignal,
  ): Promise<(DeliveryState | undefined)[]> {
    const states = entries.map((entry, index) => {
      const record = records[index];
      return record === undefined ? undefined : this.#stateOf(entry, record);
    });
    if (states.some((state) => state?.kind === "proved")) this.#streak.end();
    const failed = entries.filter(
      (_, index) => states[index]?.kind === "failed" && records[index]?.status === "failed",
    );
    const names = failed.map(({ row }) => row.fileSource);
    if (!(await this.#streak.isOutage(names, signal))) return states;
    return states.map((state) =>
      state?.kind === "failed" ? { kind: "model", reason: state.error.message } : state,
    );
  }

  #succeeded({ entities }: DocumentRecord): void {
    this.#backoff.reset();
    this.#parts.report.noteFound(entities);
  }

  /** A failure that could be shared is the document's own when it was alone in LightRAG. */
  #stateOf(entry: InFlight, record: DocumentRecord): DeliveryState {
    const state = proofOf(this.#parts.sink, record, entry);
    const isAlone = entry.places === this.#window.capacity;
    return state.kind === "shared" && isAlone ? { kind: "failed", error: notProcessed(record) } : state;
  }

  #take(touched: readonly InFlight[], rows: readonly InFlight["row"][]): number {
    let settled = 0;
    touched.forEach((entry, index) => {
      const row = rows[index] ?? entry.row;
      entry.row = row;
      if (row.status === "submitted") return;
      this.#window.settle(entry);
      settled += 1;
    });
    if (settled > 0) reportProgress(this.#parts);
    return settled;
  }
}

/** Emits the progress of the run. */
export function reportProgress({ report, events }: Pick<DeliverParts, "report" | "events">): void {
  const { counts, settled, expected } = report;
  events.emit("run:progress", { phase: "deliver", counts, done: settled, total: expected });
}
