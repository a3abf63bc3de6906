import type { ArchiveHead, RecordCounts } from "../archive/archive-format.ts";
import { ArchiveReader } from "../archive/archive-reader.ts";
import type { StatePlace } from "../state/open-state.ts";
import { replaceState } from "../state/replace-state.ts";
import { isStateEntry, type StateEntry } from "../state/state-content.ts";
import type { Clock } from "../util/clock.ts";

export interface RestoreOptions {
  file: string;
  state: StatePlace;
  /** Replace what the state holds of the archive's scope; it is kept under another name. */
  overwrite: boolean;
  clock: Clock;
}

export interface RestoreReport {
  head: ArchiveHead;
  counts: RecordCounts;
  /** What was there before; null when there was nothing. */
  keptAs: string | null;
}

/**
 * Makes the state what the archive holds: all of it, or, for the archive of one connector, what belongs to that connector. The state
 * changes in one step after the whole archive has been read and proved. Throws `ARCHIVE_*`, `STATE_NOT_EMPTY`, `STATE_LOCKED` and what
 * writing the state throws; nothing has changed then.
 */
export async function restoreArchive(options: RestoreOptions, signal: AbortSignal): Promise<RestoreReport> {
  const { file, state, overwrite, clock } = options;
  const archive = await ArchiveReader.open(file, signal);
  try {
    const { head, counts } = archive;
    const fill = (add: (entry: StateEntry) => void) => readAll(archive, signal, add);
    const keptAs = await replaceState({ ...state, clock, overwrite, connectorId: head.connectorId, fill });
    return { head, counts, keptAs };
  } finally {
    await archive.close();
  }
}

/** Reads the whole archive and proves it. Changes nothing. Throws `ARCHIVE_*`. */
export async function checkArchive(
  file: string,
  signal: AbortSignal,
): Promise<Pick<RestoreReport, "head" | "counts">> {
  const archive = await ArchiveReader.open(file, signal);
  try {
    await readAll(archive, signal, () => undefined);
    return archive;
  } finally {
    await archive.close();
  }
}

async function readAll(
  archive: ArchiveReader,
  signal: AbortSignal,
  take: (entry: StateEntry) => void,
): Promise<void> {
  for await (const read of archive.records()) {
    signal.throwIfAborted();
    if (isStateEntry(read)) take(read);
  }
}
