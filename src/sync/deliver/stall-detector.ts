import type { LedgerEvent } from "../../domain/ledger.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { plural } from "../../kernel/util/readable.ts";
import type { DocumentRecord } from "../../sinks/lightrag/light-rag-client.ts";
import type { DeliverParts } from "./deliver-parts.ts";
import type { InFlight } from "./in-flight-window.ts";

/** How often LightRAG is asked to resume a document before the delivery counts as failed. */
const maxResumes = 3;

type StallParts = Pick<DeliverParts, "sink" | "settings" | "clock" | "retries" | "events">;

/**
 * Detects deliveries without progress. A restarted LightRAG does not resume accepted documents by itself (contract §4.3), so an
 * idle server with unfinished documents is asked to. A document in the queue of a busy LightRAG is awaited, however long the queue
 * is; one that is being processed without progress past the deadline counts as a failed attempt, and so does one of which an idle
 * LightRAG has no record.
 */
export class StallDetector {
  readonly #parts: StallParts;
  #lastMoveAt: number;

  constructor(parts: StallParts) {
    this.#parts = parts;
    this.#lastMoveAt = parts.clock.monotonic();
  }

  /** Records progress; resolves to the deliveries that are no longer awaited. */
  async look(
    entries: readonly InFlight[],
    records: readonly (DocumentRecord | undefined)[],
    signal: AbortSignal,
  ): Promise<ReadonlySet<InFlight>> {
    const now = this.#parts.clock.monotonic();
    entries.forEach((entry, index) => {
      if (noteMove(entry, records[index], now)) this.#lastMoveAt = now;
    });
    if (now - this.#lastMoveAt >= this.#parts.settings.quietMs) await this.#wake(entries, now, signal);
    const still = entries.flatMap((entry, index) => this.#stallOf(entry, records[index], now));
    const mayStillMove = still.some(({ ifIdle }) => ifIdle) && (await this.#parts.sink.isBusy(signal));
    return new Set(still.flatMap(({ entry, ifIdle }) => (ifIdle && mayStillMove ? [] : [entry])));
  }

  /** `ifIdle`: only when LightRAG is idle, because a busy one may still process it. */
  #stallOf(
    entry: InFlight,
    record: DocumentRecord | undefined,
    now: number,
  ): { entry: InFlight; ifIdle: boolean }[] {
    const { stuckAfterMs, graceMs } = this.#parts.settings;
    const stillMs = now - entry.movedAt;
    if (entry.resumes > maxResumes) return [{ entry, ifIdle: false }];
    if (record === undefined) return stillMs < graceMs ? [] : [{ entry, ifIdle: stillMs <= stuckAfterMs }];
    return stillMs > stuckAfterMs ? [{ entry, ifIdle: record.status === "pending" }] : [];
  }

  async #wake(entries: readonly InFlight[], now: number, signal: AbortSignal): Promise<void> {
    this.#lastMoveAt = now;
    const known = entries.filter(isListed);
    if (known.length === 0 || (await this.#parts.sink.isBusy(signal))) return;
    this.#parts.events.emit("run:notice", {
      message: `nothing moves; taken up again: ${plural(known.length, "unfinished document")} of this run`,
    });
    await this.#parts.sink.resumeInterrupted(signal);
    for (const entry of known) entry.resumes += 1;
  }
}

/** Stands for a record that LightRAG does not list yet: there is nothing to resume. */
const awaited = "awaited";

function isListed({ lastSeen }: InFlight): boolean {
  return lastSeen !== null && lastSeen !== awaited;
}

function markOf({ status, updatedAt, ...record }: DocumentRecord): string {
  return record.awaited === true ? awaited : `${status} ${updatedAt}`;
}

/** True when LightRAG's record of the delivery has changed since it was last seen. */
function noteMove(entry: InFlight, record: DocumentRecord | undefined, now: number): boolean {
  const seen = record === undefined ? null : markOf(record);
  if (seen === entry.lastSeen) return false;
  entry.lastSeen = seen;
  entry.movedAt = now;
  entry.resumes = 0;
  return true;
}

/** The ledger event for a delivery that is no longer awaited: its record is gone, or does not change. */
export function stallEvent(
  parts: StallParts,
  entry: InFlight,
  record: DocumentRecord | undefined,
): LedgerEvent {
  const error = record === undefined ? lost() : stuck(record);
  return parts.retries.afterFailure(entry.row, error);
}

function lost(): ConnectorError {
  return new ConnectorError("SINK_DOCUMENT_LOST", "LightRAG accepted the document and has no record of it");
}

function stuck({ status }: DocumentRecord): ConnectorError {
  return new ConnectorError("SINK_DOCUMENT_STUCK", `LightRAG's record of the document stays "${status}"`);
}
