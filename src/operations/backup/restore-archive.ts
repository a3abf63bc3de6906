import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import type { Clock } from "../../kernel/util/clock.ts";
import { openSnapshot, type StatePlace } from "../../state/open-state.ts";
import { connectorOf } from "../../state/ownership.ts";
import { type AddEntry, replaceState } from "../../state/replace-state.ts";
import { isStateEntry, type StateEntry } from "../../state/state-content.ts";
import type { ArchiveHead, RecordCounts } from "../archive/archive-format.ts";
import { ArchiveReader } from "../archive/archive-reader.ts";
import { AccessRights, type BroughtRights } from "./access-rights.ts";

export interface RestoreOptions {
  file: string;
  state: StatePlace;
  /** Replace the state's content within the archive's scope; it is kept under another name. */
  overwrite: boolean;
  /**
   * False: without the archive's API keys and its connectors' secrets, with connectors of other servers or folders disabled, and
   * with the state's own keys kept. Default true: everything in the archive; the command passes false unless asked.
   */
  withKeys?: boolean;
  /** The settings of the configuration file: the known servers and folders. */
  tree?: unknown;
  clock: Clock;
}

export interface RestoreReport {
  head: ArchiveHead;
  counts: RecordCounts;
  /** The access rights in the archive, restored or left out. */
  rights: BroughtRights;
  /** Ids of the state's own API keys that were kept. */
  keptKeys: string[];
  /** Path of the previous content; null when there was none. */
  keptAs: string | null;
}

/**
 * Restores the state from an archive: all of it, or, from the archive of one connector, what belongs to that connector. The state
 * changes atomically after the whole archive was read and verified. Throws `ARCHIVE_*`, `STATE_NOT_EMPTY`, `STATE_LOCKED` and write
 * errors of the state; nothing has changed then.
 */
export async function restoreArchive(options: RestoreOptions, signal: AbortSignal): Promise<RestoreReport> {
  const { file, state, overwrite, withKeys = true, tree = {}, clock } = options;
  const rights = new AccessRights(withKeys, tree);
  const keptKeys: string[] = [];
  const archive = await ArchiveReader.open(file, signal);
  try {
    const { head, counts } = archive;
    const fill = async (add: AddEntry) => {
      if (!withKeys && head.connectorId === null) await keepKeys(state, keptKeys, add);
      await readAll(archive, signal, (entry) => {
        const taken = rights.pass(entry);
        if (taken !== null) return add(taken);
      });
    };
    const keptAs = await replaceState({ ...state, clock, overwrite, connectorId: head.connectorId, fill });
    return { head, counts, rights: rights.found, keptKeys, keptAs };
  } finally {
    await archive.close();
  }
}

/**
 * Reads and verifies the whole archive; without a configuration every server or folder of a connector counts as unknown. Changes
 * nothing. Throws `ARCHIVE_*`.
 */
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

/** The API keys of the state, and their ids; none if it cannot be read. */
async function keepKeys(state: StatePlace, ids: string[], add: AddEntry): Promise<void> {
  const snapshot = await openSnapshot(state).catch(() => null);
  try {
    for await (const entry of snapshot?.entries() ?? []) {
      if (entry.section !== "records" || entry.record.collection !== "api-key") continue;
      ids.push(entry.record.id);
      await add(entry);
    }
  } finally {
    await snapshot?.close();
  }
}

async function readAll(archive: ArchiveReader, signal: AbortSignal, take: AddEntry): Promise<void> {
  for await (const read of archive.records()) {
    signal.throwIfAborted();
    if (!isStateEntry(read)) continue;
    requireOwn(read, archive.head.connectorId);
    await take(read);
  }
}

/** The archive of one connector holds only what belongs to it. */
function requireOwn(entry: StateEntry, connectorId: string | null): void {
  if (connectorId === null || connectorOf(entry) === connectorId) return;
  const message = `the archive is not what was written: it is of connector "${connectorId}" and holds more`;
  throw new ConnectorError("ARCHIVE_DAMAGED", message);
}
