import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ConnectorError } from "../../../../kernel/errors/connector-error.ts";
import { replaceWith } from "../../../../kernel/util/durable-file.ts";
import { plural } from "../../../../kernel/util/readable.ts";
import type { EmbeddingModel } from "../models/models.ts";
import { readingFolder } from "./folder-errors.ts";
import type { Stores } from "./open-stores.ts";

/** Settings of a folder that LightRAG's own files do not record. A LightRAG server ignores this file. */
export interface FolderSettings {
  /** Version of this file. */
  format: number;
  embedding: { id: string; dimension: number };
}

const format = 1;
const fileName = "memory_connector.json";

/** Compares the recorded embedding model of a folder with the one to be used. Throws `DIRECT_EMBEDDING_CHANGED`. */
export async function checkRecordedEmbedding(
  folder: string,
  model: Pick<EmbeddingModel, "id" | "dimension">,
): Promise<void> {
  const recorded = await readSettings(folder);
  if (recorded !== undefined && recorded.embedding.id !== model.id)
    throw embeddingChanged(folder, `the model ${recorded.embedding.id}`, model);
}

/** Compares the vectors of a folder with the embedding model to be used. Throws `DIRECT_EMBEDDING_CHANGED`. */
export function checkEmbedding(
  folder: string,
  recorded: FolderSettings | undefined,
  stores: Stores,
  model: Pick<EmbeddingModel, "id" | "dimension">,
): void {
  if (recorded !== undefined && recorded.embedding.id !== model.id) {
    throw embeddingChanged(folder, `the model ${recorded.embedding.id}`, model);
  }
  for (const vectors of [stores.chunkVectors, stores.entityVectors, stores.relationVectors]) {
    if (vectors.dimension !== model.dimension) {
      throw embeddingChanged(folder, `a model of ${plural(vectors.dimension, "dimension")}`, model);
    }
  }
}

/** For a folder that names no model: a new one, or one that a LightRAG server made. */
export async function recordSettings(
  folder: string,
  { id, dimension }: Pick<EmbeddingModel, "id" | "dimension">,
): Promise<void> {
  const settings: FolderSettings = { format, embedding: { id, dimension } };
  const text = `${JSON.stringify(settings, null, 2)}\n`;
  await replaceWith(join(folder, fileName), (temporary) => writeFile(temporary, text));
}

function embeddingChanged(
  folder: string,
  made: string,
  model: Pick<EmbeddingModel, "id" | "dimension">,
): ConnectorError {
  const configured = `${model.id} of ${plural(model.dimension, "dimension")}`;
  return new ConnectorError(
    "DIRECT_EMBEDDING_CHANGED",
    `${folder} was made with ${made}, not with ${configured}`,
    {
      subject: folder,
    },
  );
}

function newer(folder: string, found: number): ConnectorError {
  const message = `${folder} has layout ${found}, and this version knows layouts up to ${format}`;
  return new ConnectorError("DIRECT_FOLDER_NEWER", message, { subject: folder });
}

/** Undefined for a folder without them. Throws `DIRECT_FOLDER_NEWER` for a layout that this version does not know. */
export async function readSettings(folder: string): Promise<FolderSettings | undefined> {
  const path = join(folder, fileName);
  return readingFolder(path, async () => {
    const text = await readFile(path, "utf8").catch(ignoreMissing);
    if (text === undefined) return undefined;
    const settings: Partial<FolderSettings> = JSON.parse(text);
    if (typeof settings.format === "number" && settings.format > format) throw newer(folder, settings.format);
    if (typeof settings.embedding?.id !== "string")
      throw new SyntaxError("it does not name an embedding model");
    return settings as FolderSettings;
  });
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}
