import { isAbort, isConnectorError } from "../../kernel/errors/connector-error.ts";
import type { Clock } from "../../kernel/util/clock.ts";
import { openSnapshot, type StatePlace } from "../../state/open-state.ts";
import { connectorOf } from "../../state/ownership.ts";
import type { StateSnapshot } from "../../state/state-content.ts";
import { sizeOf } from "../../state/state-files.ts";
import { version } from "../../version.ts";
import {
  type ArchiveHead,
  archiveFormat,
  archiveVersion,
  type RecordCounts,
} from "../archive/archive-format.ts";
import { type ArchiveRecord, writeArchive } from "../archive/write-archive.ts";
import { isSession, withoutRights } from "./access-rights.ts";
import { notWritten, requireNoFile } from "./new-file.ts";
import { yieldingToEventLoop } from "./yielding-to-event-loop.ts";

export interface ExportOptions {
  state: StatePlace;
  /** Where the archive goes. */
  file: string;
  /** Overwrite an existing file. */
  force: boolean;
  /** False: without API keys and secrets of connectors. Default true. */
  withKeys?: boolean;
  /** Only what belongs to this connector; null for everything. */
  connectorId: string | null;
  /** Records of documents and of the graph, grouped by kind, in the order of the kinds. */
  extras: AsyncIterable<ArchiveRecord>;
  clock: Pick<Clock, "now">;
}

export interface ExportReport {
  counts: RecordCounts;
  bytes: number;
}

/**
 * Writes a snapshot of the state to an archive while other processes keep writing to the state. Throws `STATE_MISSING`,
 * `ARCHIVE_EXISTS`, `ARCHIVE_NOT_WRITTEN`, and the errors of the state and of the extras; no archive is left then.
 */
export async function exportArchive(options: ExportOptions, signal: AbortSignal): Promise<ExportReport> {
  const { file, connectorId, clock } = options;
  await requireNoFile(file, options.force);
  const snapshot = await openSnapshot(options.state);
  try {
    const head: ArchiveHead = {
      format: archiveFormat,
      version: archiveVersion,
      writtenBy: version,
      createdAt: new Date(clock.now()).toISOString(),
      connectorId,
    };
    const counts = await writeArchive(file, head, recordsOf(snapshot, options, signal), signal);
    return { counts, bytes: (await sizeOf(file)) ?? 0 };
  } catch (thrown) {
    throw isAbort(thrown) || isConnectorError(thrown) ? thrown : notWritten(file, thrown);
  } finally {
    await snapshot.close();
  }
}

async function* recordsOf(
  snapshot: StateSnapshot,
  { connectorId, withKeys = true, extras }: ExportOptions,
  signal: AbortSignal,
): AsyncGenerator<ArchiveRecord> {
  for await (const entry of yieldingToEventLoop(snapshot.entries(), signal)) {
    if (connectorId !== null && connectorOf(entry) !== connectorId) continue;
    if (isSession(entry)) continue;
    const kept = withKeys ? entry : withoutRights(entry);
    if (kept !== null) yield { kind: kept.section, record: kept.record };
  }
  yield* extras;
}
