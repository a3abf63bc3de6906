import { existsSync } from "node:fs";
import { ConnectorError } from "../../../../kernel/errors/connector-error.ts";
import type { EmbeddingModel } from "../models/models.ts";
import { folderError } from "./folder-errors.ts";
import { FileMarks } from "./foreign-writers.ts";
import { closeStores, loadStores } from "./load-stores.ts";
import type { StoreReaders } from "./readers.ts";

/** How often reading is retried because of a concurrent checkpoint before another cause is assumed. */
const maxAttempts = 5;

/** A folder that is open for reading. It is a snapshot of the moment of opening, while the writer continues. */
export interface FolderView {
  stores: StoreReaders;
  close(): void;
}

/**
 * Opens a folder for reading, concurrently with its writer: nothing is locked and nothing is changed. Throws
 * `DIRECT_FOLDER_MISSING`, and what `Folder.open` throws except for the lock.
 */
export async function openFolderView(
  path: string,
  embedding: Pick<EmbeddingModel, "id" | "dimension">,
  signal?: AbortSignal,
): Promise<FolderView> {
  if (!existsSync(path)) {
    throw new ConnectorError("DIRECT_FOLDER_MISSING", `there is no folder ${path}`, { subject: path });
  }
  for (let attempt = 1; ; attempt++) {
    try {
      return await readOnce(path, embedding, signal);
    } catch (thrown) {
      const error = folderError(thrown, path);
      if (attempt === maxAttempts || !isCheckpoint(error)) throw error;
    }
  }
}

async function readOnce(
  path: string,
  embedding: Pick<EmbeddingModel, "id" | "dimension">,
  signal?: AbortSignal,
): Promise<FolderView> {
  const marks = new FileMarks();
  const { stores } = await loadStores(path, embedding, marks, signal);
  try {
    marks.check();
  } catch (error) {
    closeStores(stores);
    throw error;
  }
  return { stores, close: () => closeStores(stores) };
}

/** The files were replaced while they were read. */
function isCheckpoint(error: Error): boolean {
  return error instanceof ConnectorError && error.code === "DIRECT_FOLDER_CHANGED";
}
