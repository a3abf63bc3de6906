import { ConnectorError } from "../errors/connector-error.ts";
import type { DocumentRecord } from "../lightrag/light-rag-client.ts";
import type { LedgerEvent } from "../state/ledger.ts";
import type { InFlight } from "./in-flight-window.ts";
import { failureEvent } from "./retry-policy.ts";
import { notice, type RunContext } from "./run-context.ts";

/**
 * An insert whose answer was lost may take so long to show up. The client has looked for a while already, and sending once more is
 * harmless: LightRAG knows the document by its name or text.
 */
const unknownGraceMs = 1_000;
/** How often LightRAG is asked to go on with a document before the delivery counts as failed. */
const maxResumes = 3;

/**
 * Notices deliveries that do not move. A restarted LightRAG does not go on by itself with what it had accepted (contract §4.3), so an
 * idle server with unfinished documents is asked to. A document that stays still past the deadline counts as a failed attempt.
 */
export class StillnessWatch {
  private readonly run: RunContext;
  private lastMoveAt: number;

  constructor(run: RunContext) {
    this.run = run;
    this.lastMoveAt = run.clock.monotonic();
  }

  /** Notes what moved; resolves to the deliveries that are stuck for good. */
  async look(
    entries: readonly InFlight[],
    records: readonly (DocumentRecord | undefined)[],
    signal: AbortSignal,
  ): Promise<ReadonlySet<InFlight>> {
    const now = this.run.clock.monotonic();
    entries.forEach((entry, index) => {
      if (noteMove(entry, records[index], now)) this.lastMoveAt = now;
    });
    const { quietMs, stuckAfterMs } = this.run.settings;
    if (now - this.lastMoveAt >= quietMs) await this.wake(entries, now, signal);
    return new Set(
      entries.filter((entry) => now - entry.movedAt > stuckAfterMs || entry.resumes > maxResumes),
    );
  }

  private async wake(entries: readonly InFlight[], now: number, signal: AbortSignal): Promise<void> {
    this.lastMoveAt = now;
    const known = entries.filter((entry) => entry.lastSeen !== null);
    if (known.length === 0 || (await this.run.sink.isBusy(signal))) return;
    notice(
      this.run,
      `LightRAG is idle with ${known.length} unfinished documents of this run; asked it to go on`,
    );
    await this.run.sink.resumeInterrupted(signal);
    for (const entry of known) entry.resumes += 1;
  }
}

/** True when LightRAG's record of the delivery is another than when last seen. */
function noteMove(entry: InFlight, record: DocumentRecord | undefined, now: number): boolean {
  const seen = record === undefined ? null : `${record.status} ${record.updatedAt}`;
  if (seen === entry.lastSeen) return false;
  entry.lastSeen = seen;
  entry.movedAt = now;
  entry.resumes = 0;
  return true;
}

/** What follows when LightRAG has no record of a delivery, or one that does not move any more; null: wait on. */
export function stillnessEvent(
  run: RunContext,
  entry: InFlight,
  record: DocumentRecord | undefined,
  stuck: boolean,
): LedgerEvent | null {
  const { retry } = run.settings;
  const fail = (error: ConnectorError) => failureEvent(entry.row, error, retry, run.clock.now(), run.random);
  if (record === undefined) {
    const unknown = entry.row.status === "submitting";
    if (run.clock.monotonic() - entry.movedAt < (unknown ? unknownGraceMs : run.settings.graceMs))
      return null;
    if (unknown) return { type: "requeue" };
    return fail(
      new ConnectorError("SINK_DOCUMENT_LOST", "LightRAG accepted the document and has no record of it", {
        subject: entry.row.fileSource,
      }),
    );
  }
  if (!stuck) return null;
  return fail(
    new ConnectorError("SINK_DOCUMENT_STUCK", `LightRAG's record of the document stays "${record.status}"`, {
      subject: entry.row.fileSource,
    }),
  );
}
