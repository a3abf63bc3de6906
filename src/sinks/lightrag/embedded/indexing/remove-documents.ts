import type { ConnectorError } from "../../../../kernel/errors/connector-error.ts";
import { ExtractiveSummariser } from "../merge/extractive-summariser.ts";
import { storedKnowledge } from "../merge/knowledge.ts";
import { KnowledgeStage } from "../merge/knowledge-stage.ts";
import type { Change } from "../storage/changes.ts";
import { removeRecord, seconds } from "./document-records.ts";
import type { IndexingContext } from "./indexing-context.ts";
import { purgeChanges } from "./purge-document.ts";
import { RefusedTexts, TolerantEmbedding, TolerantSummariser } from "./tolerant-models.ts";
import { vectorChanges } from "./vector-changes.ts";

/**
 * Deletes documents with everything that only they support, and rebuilds what others support as well (contract §5). Unknown ids are
 * skipped. Either all are deleted, or none when it throws. A rebuilt text that a model refuses does not block the deletion: it is
 * built without the model. Resolves to these refusals.
 */
export async function removeDocuments(
  documentIds: readonly string[],
  context: IndexingContext,
  signal: AbortSignal,
): Promise<readonly ConnectorError[]> {
  const { folder, clock, askModels, ...models } = context;
  const { stores } = folder;
  const known = documentIds.filter((id) => stores.documentStatus.has(id));
  if (known.length === 0) return [];
  const refused = new RefusedTexts(askModels);
  const plain = new ExtractiveSummariser(models.tokenizer);
  const merging = {
    ...models,
    summariser: new TolerantSummariser(models.summariser, plain, refused),
    embedding: new TolerantEmbedding(models.embedding, refused),
  };
  const time = seconds(clock.now());
  const stage = new KnowledgeStage(storedKnowledge(stores));
  const records = await purgeChanges(known, stores, { ...merging, stage, time, signal });
  for (const id of known) records.push(removeRecord("doc_status", id), removeRecord("full_docs", id));
  const vectors = await vectorChanges([], stage, { ...merging, stores, time, signal });
  await folder.commit([
    ...stage.changes(time),
    ...vectors,
    ...records,
    ...cachedSummaries(stores.answers.keys()),
  ]);
  return refused.errors;
}

/** Cached summaries may quote deleted documents without naming them: they are dropped, and requested again on demand. */
function cachedSummaries(keys: Iterable<string>): Change[] {
  const summaries = [...keys].filter((key) => key.startsWith("default:summary:"));
  return summaries.map((key) => removeRecord("llm_response_cache", key));
}
