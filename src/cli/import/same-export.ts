import { existsSync } from "node:fs";
import { join } from "node:path";
import { readConfig } from "../../config/read-config.ts";
import { beginningOf } from "../../domain/facets.ts";
import type { LedgerRow } from "../../domain/ledger-row.ts";
import type { Memory } from "../../domain/memory.ts";
import { batchesOf } from "../../kernel/util/collections.ts";
import { openState } from "../../state/open-state.ts";
import type { StateManager } from "../../state/state-manager.ts";
import { type ImportedSource, importConfigFile, importedSources } from "./import-folder.ts";

/** What tells a memory from others of its id. */
export interface ItemMark {
  /** Of the memory, in milliseconds since the epoch; null where nobody says it. */
  at: number | null;
  /** See `beginningOf`. */
  text: string | null;
  /** Characters of its words. */
  length: number;
}

export function markOf(memory: Memory): ItemMark {
  const isSaid = memory.timeSource !== "first_seen" && memory.timeSource !== "file_date";
  return {
    at: isSaid ? Date.parse(memory.createdAt) : null,
    text: beginningOf(memory),
    length: memory.transcript.length,
  };
}

/** Programs that give ids which no other export of theirs has: with them, one memory in common is enough. */
const withOwnIds = ["day_one", "google_keep", "telegram", "whatsapp", "chatgpt", "claude", "jrnl"];
const rowsAtOnce = 500;

/**
 * The earlier import of which this one is another copy, at another place or under another name; null where there is none. A memory is known by its id, with its own time or its
 * words: by one of them where the program gives ids of its own, else by more than half of the smaller one.
 */
export async function sameExport(
  folder: string,
  { source }: ImportedSource,
  marks: ReadonlyMap<string, ItemMark>,
): Promise<({ id: string } & ImportedSource) | null> {
  const file = join(folder, importConfigFile);
  if (!existsSync(file) || marks.size === 0) return null;
  const others = importedSources(folder).filter(
    (other) => other.source.type === source.type && other.source.path !== source.path,
  );
  const { config } = readConfig({ path: file, environment: {}, workingFolder: folder });
  const state = await openState({ ...config.state, readOnly: true });
  try {
    for (const { id, context_id: contextId, source: earlier, timezone } of others) {
      const inCommon = await countInCommon(state, { connectorId: id, contextId }, marks);
      const needed = withOwnIds.includes(String(source.format))
        ? 1
        : Math.min(marks.size, await rowsIn(state, id)) / 2 + 0.5;
      if (inCommon >= needed) return { id, source: earlier, timezone };
    }
    return null;
  } finally {
    await state.close();
  }
}

async function countInCommon(
  state: StateManager,
  scope: { connectorId: string; contextId: string },
  marks: ReadonlyMap<string, ItemMark>,
): Promise<number> {
  let inCommon = 0;
  for await (const ids of batchesOf(marks.keys(), rowsAtOnce)) {
    const rows = await state.getRows(scope, ids);
    inCommon += ids.filter((id) => isSame(rows.get(id), marks.get(id))).length;
  }
  return inCommon;
}

function isSame(row: LedgerRow | undefined, mark: ItemMark | undefined): boolean {
  if (row === undefined || mark === undefined) return false;
  return (
    (mark.at !== null && row.memoryCreatedAt === mark.at) || (row.text !== null && row.text === mark.text)
  );
}

async function rowsIn(state: StateManager, connectorId: string): Promise<number> {
  return Object.values(await state.countRows(connectorId)).reduce((sum, count) => sum + count, 0);
}
