import pLimit from "p-limit";
import type { LedgerRow } from "../../domain/ledger-row.ts";
import { type ConnectorError, isConnectorError } from "../../kernel/errors/connector-error.ts";
import { halvesOf } from "../../kernel/util/collections.ts";
import { summarize } from "../../sinks/lightrag/document-text.ts";
import type { SubmitOutcome } from "../../sinks/lightrag/light-rag-client.ts";
import { documentRef, textOf } from "../render-document.ts";
import type { AcceptanceProbe, AcceptanceProbeParts } from "./acceptance-probe.ts";
import type { BatchSize } from "./batch-size.ts";
import type { DeliverParts } from "./deliver-parts.ts";
import {
  type Delivery,
  isConfirmed,
  isServersRefusal,
  outcomeEvent,
  recordSubmission,
} from "./delivery-events.ts";
import { type InFlightWindow, inFlight } from "./in-flight-window.ts";
import type { ModelBackoff } from "./model-backoff.ts";
import { isRefusal, ofItself, Suspects } from "./suspects.ts";

/** How long to wait for a busy LightRAG when it states no time. */
const busyRestMs = 1_000;
/** Busy answers to the same documents after which a probe shows whether LightRAG is busy for these documents only. */
const maxBusyAnswers = 5;

export type SendParts = AcceptanceProbeParts & Pick<DeliverParts, "ledger" | "retries" | "report" | "clock">;

/** The state that a round of the delivery shares with its verification. */
export interface Dispatching {
  window: InFlightWindow;
  backoff: ModelBackoff;
  size: BatchSize;
  probe: AcceptanceProbe;
  /** The most concurrent requests. */
  requests: number;
  signal: AbortSignal;
}

/**
 * Sends rows to LightRAG so that no document ever blocks another. A batch without a confirmation is divided until single documents
 * are left: some 2·log₂(n) requests to find one cause among n. A document that is refused alone counts as a failed attempt of its
 * row once LightRAG has accepted another document.
 */
export class Dispatcher {
  readonly #parts: SendParts;
  readonly #window: InFlightWindow;
  readonly #backoff: ModelBackoff;
  readonly #size: BatchSize;
  readonly #onTheWire: ReturnType<typeof pLimit>;
  readonly #suspects = new Suspects();
  readonly #probe: AcceptanceProbe;
  readonly #signal: AbortSignal;

  constructor(parts: SendParts, { window, backoff, size, probe, requests, signal }: Dispatching) {
    this.#parts = parts;
    this.#signal = signal;
    this.#window = window;
    this.#backoff = backoff;
    this.#size = size;
    this.#probe = probe;
    this.#onTheWire = pLimit(requests);
  }

  /** Whether LightRAG seems to refuse everything: unsent rows should wait then. */
  get seemsRefused(): boolean {
    return this.#suspects.areTooMany;
  }

  /** Sends rows in as many requests as necessary. They occupy `places` of the window until they are settled. */
  async send(rows: readonly LedgerRow[], places = rows.length): Promise<void> {
    await this.#window.reserve(places, this.#signal);
    const each = Math.floor(places / rows.length);
    let accepted = 0;
    try {
      for (let sent = 0; sent < rows.length; ) {
        const room = await this.#window.enter(rows.length - sent, this.#signal);
        accepted += await this.#sendTogether(rows.slice(sent, sent + room), each);
        sent += room;
      }
    } finally {
      this.#window.free(places - accepted * each);
    }
  }

  /** Sends rows for which there is room at LightRAG; resolves to how many of them it is processing now. */
  async #sendTogether(rows: readonly LedgerRow[], places: number): Promise<number> {
    let accepted = 0;
    try {
      const deliveries = await recordSubmission(this.#parts, rows);
      for (const batch of batchesOf(deliveries, this.#size))
        accepted += (await this.#deliver(batch, places)).accepted;
      return accepted;
    } finally {
      this.#window.leave(rows.length - accepted);
    }
  }

  /** Probes whether LightRAG accepts documents at all; if so, the refused ones are charged an attempt. */
  async probeAcceptance(): Promise<boolean | null> {
    const accepts = await this.#probe.probe(this.#parts, this.#signal);
    if (accepts === true) await this.#charge();
    return accepts;
  }

  /**
   * Decides about the refused documents when nothing else is left to try. Throws the refusal when it seems to concern all
   * documents: then no row has lost an attempt.
   */
  async conclude(): Promise<void> {
    if (this.#suspects.isEmpty) return;
    const accepts = await this.probeAcceptance();
    if (accepts === true) return;
    if (accepts === null) await this.#charge(this.#suspects.releaseBlamed());
    if (this.#suspects.isEmpty) return;
    const refused = this.#suspects.release();
    await this.#parts.ledger.apply(refused.map(({ row }) => ({ row, event: { type: "requeue" } })));
    throw refused[0]?.error;
  }

  async #deliver(batch: readonly Delivery[], places: number): Promise<Delivered> {
    const answer = await this.#submit(batch);
    if (Array.isArray(answer)) return this.#take(batch, answer, places);
    const { rest, accepted } = await this.#takeHeld(batch, places);
    if (batch.length === 1) for (const { row } of rest) this.#suspects.add({ row, error: answer });
    if (batch.length === 1 || rest.length === 0) return { accepted, passed: rest.length === 0 };
    return this.#divide(batch.length, rest, accepted, places);
  }

  async #divide(
    count: number,
    rest: readonly Delivery[],
    before: number,
    places: number,
  ): Promise<Delivered> {
    let accepted = before;
    let passed = true;
    for (const half of halvesOf(rest)) {
      const part = await this.#deliver(half, places);
      accepted += part.accepted;
      passed &&= part.passed;
    }
    if (passed) this.#size.wasTooLarge(count);
    return { accepted, passed: false };
  }

  /** The outcomes, or the reason why there are none. A busy LightRAG is awaited, unless it is busy for these documents only. */
  async #submit(batch: readonly Delivery[]): Promise<SubmitOutcome[] | ConnectorError> {
    const signal = this.#signal;
    for (let refused = 1; ; refused++) {
      await this.#backoff.wait(signal);
      const answer = await this.#onTheWire(() => this.#offer(batch));
      if (Array.isArray(answer) || answer.code !== "SINK_BUSY") return answer;
      if (refused % maxBusyAnswers === 0 && (await this.#isBusyForThese(batch))) return answer;
      await this.#parts.clock.sleep(answer.retryAfterMs ?? busyRestMs, signal);
    }
  }

  /** A batch is always tried in parts; a single document only when LightRAG is not busy for others. */
  async #isBusyForThese(batch: readonly Delivery[]): Promise<boolean> {
    return batch.length > 1 || (await this.probeAcceptance()) === true;
  }

  /** Sends one request. Throws errors that no document can cause. */
  async #offer(batch: readonly Delivery[]): Promise<SubmitOutcome[] | ConnectorError> {
    const { sink } = this.#parts;
    const signal = this.#signal;
    const documents = batch.map(({ document }) => document);
    try {
      return await sink.submit(documents, signal);
    } catch (error) {
      if (!isConnectorError(error) || signal.aborted) throw error;
      if (error.code !== "SINK_BUSY" && !isRefusal(error.code)) throw error;
      return error;
    }
  }

  async #take(
    batch: readonly Delivery[],
    outcomes: readonly SubmitOutcome[],
    places: number,
  ): Promise<Delivered> {
    const settled = batch.filter((_, index) => !isServersRefusal(outcomes[index]));
    const accepted = await this.#apply(
      settled,
      outcomes.filter((outcome) => !isServersRefusal(outcome)),
      places,
    );
    batch.forEach(({ row }, index) => {
      const outcome = outcomes[index];
      if (isServersRefusal(outcome)) this.#suspects.add({ row, error: outcome.error });
    });
    if (outcomes.some(isConfirmed)) {
      this.#size.passed(batch.length);
      await this.#charge();
    }
    return { accepted, passed: outcomes.some(({ kind }) => kind !== "rejected") };
  }

  /** Without a confirmation: documents of the batch that LightRAG has nevertheless count as submitted. */
  async #takeHeld(
    batch: readonly Delivery[],
    places: number,
  ): Promise<{ rest: Delivery[]; accepted: number }> {
    const { sink } = this.#parts;
    const signal = this.#signal;
    const records = await sink.find(
      batch.map(({ row }) => documentRef(row)),
      signal,
    );
    const held = batch.filter((_, index) => records[index] !== undefined);
    const outcomes = records.flatMap((record) =>
      record === undefined ? [] : [{ kind: "exists", record } satisfies SubmitOutcome],
    );
    const accepted = await this.#apply(held, outcomes, places);
    return { rest: batch.filter((_, index) => records[index] === undefined), accepted };
  }

  /** Resolves to the number of documents that LightRAG is now processing. */
  async #apply(
    deliveries: readonly Delivery[],
    outcomes: readonly SubmitOutcome[],
    places: number,
  ): Promise<number> {
    const { ledger, clock } = this.#parts;
    const transitions = deliveries.map((delivery, index) => ({
      row: delivery.row,
      event: outcomeEvent(this.#parts, delivery, outcomes[index]),
    }));
    const saved = await ledger.apply(transitions);
    let accepted = 0;
    deliveries.forEach(({ document }, index) => {
      const row = saved[index];
      if (row?.status !== "submitted") return;
      // That of an older form, where LightRAG has it already.
      const text = textOf(this.#parts, row) ?? document.text;
      this.#probe.remember({ row, document: { ...document, text } });
      this.#window.add(inFlight(row, summarize(text), clock.monotonic(), places));
      accepted += 1;
    });
    return accepted;
  }

  /** Charges an attempt to documents that were refused alone while others were accepted. */
  async #charge(suspects = this.#suspects.release()): Promise<void> {
    const { ledger, retries } = this.#parts;
    const transitions = suspects.map(({ row, error }) => ({
      row,
      event: retries.afterAttempt(row, ofItself(error)),
    }));
    await ledger.apply(transitions);
  }
}

interface Delivered {
  accepted: number;
  /** Whether the batch succeeded in one request. */
  passed: boolean;
}

function* batchesOf(deliveries: readonly Delivery[], size: BatchSize): Generator<Delivery[]> {
  for (let start = 0; start < deliveries.length; ) {
    const batch = deliveries.slice(start, start + size.limit);
    start += batch.length;
    yield batch;
  }
}
