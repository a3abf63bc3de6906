import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ConnectorError } from "../../../errors/connector-error.ts";
import { replaceWith } from "../../../util/durable-file.ts";
import type { EmbeddingModel } from "../models/models.ts";
import { readingFolder } from "./folder-errors.ts";
import type { Stores } from "./open-stores.ts";

/** What LightRAG's own files do not say of a folder. A LightRAG server ignores this file. */
export interface FolderSettings {
  /** Version of this file. */
  format: 1;
  embedding: { id: string; dimension: number };
}

const fileName = "memory_connector.json";

/**
 * Compares the folder with the embedding model that is to be used on it, and records the model in a folder that names none: a
 * new one, or one that a LightRAG server made. Throws `DIRECT_EMBEDDING_CHANGED`.
 */
export async function settleEmbedding(
  folder: string,
  stores: Stores,
  model: Pick<EmbeddingModel, "id" | "dimension">,
): Promise<void> {
  const recorded = await readSettings(folder);
  if (recorded !== undefined && recorded.embedding.id !== model.id) {
    throw embeddingChanged(folder, `the model ${recorded.embedding.id}`, model);
  }
  for (const vectors of [stores.chunkVectors, stores.entityVectors, stores.relationVectors]) {
    if (vectors.dimension !== model.dimension) {
      throw embeddingChanged(folder, `a model of ${vectors.dimension} dimensions`, model);
    }
  }
  if (recorded === undefined) await writeSettings(folder, model);
}

function embeddingChanged(
  folder: string,
  made: string,
  model: Pick<EmbeddingModel, "id" | "dimension">,
): ConnectorError {
  const configured = `${model.id} of ${model.dimension} dimensions`;
  return new ConnectorError(
    "DIRECT_EMBEDDING_CHANGED",
    `${folder} was made with ${made}, not with ${configured}`,
    {
      subject: folder,
    },
  );
}

async function readSettings(folder: string): Promise<FolderSettings | undefined> {
  const path = join(folder, fileName);
  return readingFolder(path, async () => {
    const text = await readFile(path, "utf8").catch(ignoreMissing);
    if (text === undefined) return undefined;
    const settings: Partial<FolderSettings> = JSON.parse(text);
    if (typeof settings.embedding?.id !== "string")
      throw new SyntaxError("it does not name an embedding model");
    return settings as FolderSettings;
  });
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}

function writeSettings(folder: string, { id, dimension }: FolderSettings["embedding"]): Promise<void> {
  const settings: FolderSettings = { format: 1, embedding: { id, dimension } };
  const text = `${JSON.stringify(settings, null, 2)}\n`;
  return replaceWith(join(folder, fileName), (temporary) => writeFile(temporary, text));
}
