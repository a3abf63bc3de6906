import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import type { Clock } from "../../kernel/util/clock.ts";
import { openSnapshot, type StatePlace } from "../../state/open-state.ts";
import { connectorOf } from "../../state/ownership.ts";
import { replaceState } from "../../state/replace-state.ts";
import { isStateEntry, type StateEntry } from "../../state/state-content.ts";
import { sizeOf } from "../../state/state-files.ts";
import type { ArchiveHead, RecordCounts } from "../archive/archive-format.ts";
import { ArchiveReader } from "../archive/archive-reader.ts";
import { AccessRights, type BroughtRights } from "./access-rights.ts";

export interface RestoreOptions {
  file: string;
  state: StatePlace;
  /** Replace what the state holds of the archive's scope; it is kept under another name. */
  overwrite: boolean;
  /**
   * False: leave the archive's keys to the API and its connectors' secrets out, disable connectors that lead elsewhere, and let the
   * state's own keys stay. Default true, all that the archive holds; the command says false unless a person asks.
   */
  withKeys?: boolean;
  /** The settings of the configuration file: what leads to other places than these leads elsewhere. */
  tree?: unknown;
  clock: Clock;
}

export interface RestoreReport {
  head: ArchiveHead;
  counts: RecordCounts;
  /** What the archive holds of rights, whether it came in or stayed out. */
  rights: BroughtRights;
  /** Ids of the state's own keys to the API that stayed. */
  keptKeys: string[];
  /** What was there before; null when there was nothing. */
  keptAs: string | null;
}

/**
 * Makes the state what the archive holds: all of it, or, for the archive of one connector, what belongs to that connector. The state
 * changes in one step after the whole archive has been read and proved. Throws `ARCHIVE_*`, `STATE_NOT_EMPTY`, `STATE_LOCKED` and what
 * writing the state throws; nothing has changed then.
 */
export async function restoreArchive(options: RestoreOptions, signal: AbortSignal): Promise<RestoreReport> {
  const { file, state, overwrite, withKeys = true, tree = {}, clock } = options;
  const rights = new AccessRights(withKeys, tree);
  const keptKeys: string[] = [];
  const archive = await ArchiveReader.open(file, signal);
  try {
    const { head, counts } = archive;
    const fill = async (add: (entry: StateEntry) => void) => {
      if (!withKeys && head.connectorId === null) await keepKeys(state, keptKeys, add);
      await readAll(archive, signal, (entry) => {
        const taken = rights.pass(entry);
        if (taken !== null) add(taken);
      });
    };
    const keptAs = await replaceState({ ...state, clock, overwrite, connectorId: head.connectorId, fill });
    return { head, counts, rights: rights.found, keptKeys, keptAs };
  } finally {
    await archive.close();
  }
}

/** Reads the whole archive and proves it; without a configuration every place of a connector's own is elsewhere. Changes nothing. Throws `ARCHIVE_*`. */
export async function checkArchive(
  file: string,
  signal: AbortSignal,
): Promise<Pick<RestoreReport, "head" | "counts" | "rights">> {
  const archive = await ArchiveReader.open(file, signal);
  const rights = new AccessRights(false, {});
  try {
    await readAll(archive, signal, (entry) => void rights.pass(entry));
    const { head, counts } = archive;
    return { head, counts, rights: rights.found };
  } finally {
    await archive.close();
  }
}

/** Hands over the keys to the API that the state has, and their ids; none where it cannot be read. */
async function keepKeys(state: StatePlace, ids: string[], add: (entry: StateEntry) => void): Promise<void> {
  if (((await sizeOf(state.path)) ?? 0) === 0) return;
  const snapshot = await openSnapshot(state).catch(() => null);
  try {
    for (const entry of snapshot?.entries() ?? []) {
      if (entry.section !== "records" || entry.record.collection !== "api-key") continue;
      ids.push(entry.record.id);
      add(entry);
    }
  } finally {
    snapshot?.close();
  }
}

async function readAll(
  archive: ArchiveReader,
  signal: AbortSignal,
  take: (entry: StateEntry) => void,
): Promise<void> {
  for await (const read of archive.records()) {
    signal.throwIfAborted();
    if (!isStateEntry(read)) continue;
    requireOwn(read, archive.head.connectorId);
    take(read);
  }
}

/** The archive of one connector holds what belongs to it, and nothing that everybody has. */
function requireOwn(entry: StateEntry, connectorId: string | null): void {
  if (connectorId === null || connectorOf(entry) === connectorId) return;
  const message = `the archive is not what was written: it is of connector "${connectorId}" and holds more`;
  throw new ConnectorError("ARCHIVE_DAMAGED", message);
}
