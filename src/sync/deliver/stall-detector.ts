import type { LedgerEvent } from "../../domain/ledger.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import type { DocumentRecord } from "../../sinks/lightrag/light-rag-client.ts";
import type { DeliverParts } from "./deliver-parts.ts";
import type { InFlight } from "./in-flight-window.ts";

/** How often LightRAG is asked to go on with a document before the delivery counts as failed. */
const maxResumes = 3;

type StallParts = Pick<DeliverParts, "sink" | "settings" | "clock" | "retries" | "events">;

/**
 * Notices deliveries that do not move. A restarted LightRAG does not go on by itself with what it had accepted (contract §4.3), so an
 * idle server with unfinished documents is asked to. A document that waits for its turn in a busy LightRAG is waited for, however long the
 * queue is; one that LightRAG works on and that stays still past the deadline counts as a failed attempt, and so does one that an
 * idle LightRAG has no record of.
 */
export class StallDetector {
  readonly #parts: StallParts;
  #lastMoveAt: number;

  constructor(parts: StallParts) {
    this.#parts = parts;
    this.#lastMoveAt = parts.clock.monotonic();
  }

  /** Notes what moved; resolves to the deliveries that are not to be waited for any longer. */
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

  /** `ifIdle`: only when LightRAG is not at work, because a busy one may come to it yet. */
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
      message: `LightRAG is idle with ${known.length} unfinished documents of this run; asked it to go on`,
    });
    await this.#parts.sink.resumeInterrupted(signal);
    for (const entry of known) entry.resumes += 1;
  }
}

/** Takes the place of a record that LightRAG has yet to list: there is nothing that it could go on with. */
const awaited = "awaited";

function isListed({ lastSeen }: InFlight): boolean {
  return lastSeen !== null && lastSeen !== awaited;
}

function markOf({ status, updatedAt, ...record }: DocumentRecord): string {
  return record.awaited === true ? awaited : `${status} ${updatedAt}`;
}

/** True when LightRAG's record of the delivery is another than when last seen. */
function noteMove(entry: InFlight, record: DocumentRecord | undefined, now: number): boolean {
  const seen = record === undefined ? null : markOf(record);
  if (seen === entry.lastSeen) return false;
  entry.lastSeen = seen;
  entry.movedAt = now;
  entry.resumes = 0;
  return true;
}

/** What follows for a delivery that is not waited for any longer: its record is gone, or does not change. */
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
