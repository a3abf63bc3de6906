import { join } from "node:path";
import { inTurns } from "../../../../kernel/util/pieces.ts";
import { letHeapGrow } from "../../../../kernel/util/v8.ts";
import type { EmbeddingModel } from "../models/models.ts";
import { applyChange } from "./apply-change.ts";
import { BaseFiles } from "./base-files.ts";
import type { Change } from "./changes.ts";
import { readingFolder } from "./folder-errors.ts";
import { checkEmbedding, type FolderSettings, readSettings } from "./folder-settings.ts";
import type { FileMarks } from "./foreign-writers.ts";
import { journalName, readJournal } from "./journal.ts";
import { openStores, type Stores, storedFiles } from "./open-stores.ts";

export interface LoadedFolder {
  settings: FolderSettings | undefined;
  stores: Stores;
  /** The size of the journal's whole part. */
  journalBytes: number;
}

/**
 * Loads a folder: its files, with the journal applied to them. Nothing is written. Throws `DIRECT_FOLDER_DAMAGED`,
 * `DIRECT_FOLDER_NEWER`, `DIRECT_FOLDER_CHANGED`, `DIRECT_EMBEDDING_CHANGED`.
 */
export async function loadStores(
  folder: string,
  embedding: Pick<EmbeddingModel, "id" | "dimension">,
  marks: FileMarks,
  signal?: AbortSignal,
): Promise<LoadedFolder> {
  const keepSmallAgain = letHeapGrow();
  try {
    return await load(folder, embedding, marks, signal);
  } finally {
    keepSmallAgain();
  }
}

async function load(
  folder: string,
  embedding: Pick<EmbeddingModel, "id" | "dimension">,
  marks: FileMarks,
  signal?: AbortSignal,
): Promise<LoadedFolder> {
  const settings = await readSettings(folder);
  const stores = await openStores(folder, embedding.dimension, marks, signal);
  try {
    checkEmbedding(folder, settings, stores, embedding);
    const journalBytes = await replayJournal(folder, stores, signal);
    return { settings, stores, journalBytes };
  } catch (error) {
    closeStores(stores);
    throw error;
  }
}

async function replayJournal(folder: string, stores: Stores, signal?: AbortSignal): Promise<number> {
  const base = new BaseFiles();
  const replay = (changes: readonly Change[]) => {
    for (const change of changes) {
      if (change.kind === "files") base.note(change);
      else applyChange(stores, change);
    }
  };
  const bytes = await readingFolder(join(folder, journalName), (path) =>
    inTurns(readJournal(path, replay), signal),
  );
  base.check(storedFiles(stores));
  return bytes;
}

export function closeStores(stores: Stores): void {
  for (const file of storedFiles(stores)) file.close();
}
