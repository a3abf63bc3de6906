import { storedKnowledge } from "../merge/knowledge.ts";
import { KnowledgeStage } from "../merge/knowledge-stage.ts";
import type { Change } from "../storage/changes.ts";
import { removeRecord, seconds } from "./document-records.ts";
import type { IndexingContext } from "./indexing-context.ts";
import { purgeChanges } from "./purge-document.ts";
import { vectorChanges } from "./vector-changes.ts";

/**
 * Deletes documents with everything that only they support, and makes anew what others support too (contract §5). Ids that the
 * folder does not have are passed over. All of them go, or none when it throws.
 */
export async function removeDocuments(
  documentIds: readonly string[],
  { folder, clock, ...merging }: IndexingContext,
  signal: AbortSignal,
): Promise<void> {
  const { stores } = folder;
  const known = documentIds.filter((id) => stores.documentStatus.has(id));
  if (known.length === 0) return;
  const time = seconds(clock.now());
  const stage = new KnowledgeStage(storedKnowledge(stores));
  const records: Change[] = [];
  for (const id of known) {
    records.push(...(await purgeChanges(id, stores, { ...merging, stage, time, signal })));
    records.push(removeRecord("doc_status", id), removeRecord("full_docs", id));
  }
  const vectors = await vectorChanges([], stage, { ...merging, stores, time, signal });
  await folder.commit([
    ...stage.changes(time),
    ...vectors,
    ...records,
    ...cachedSummaries(stores.answers.keys()),
  ]);
}

/** Summaries may quote what was deleted, and say nothing of whom they quote: they are asked for anew when they are needed. */
function cachedSummaries(keys: Iterable<string>): Change[] {
  const summaries = [...keys].filter((key) => key.startsWith("default:summary:"));
  return summaries.map((key) => removeRecord("llm_response_cache", key));
}
