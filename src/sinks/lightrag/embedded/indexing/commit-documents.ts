import {
  type ConnectorError,
  isConnectorError,
  toConnectorError,
} from "../../../../kernel/errors/connector-error.ts";
import { compareCodePoints } from "../../../../kernel/util/code-point-order.ts";
import { storedKnowledge } from "../merge/knowledge.ts";
import { KnowledgeStage } from "../merge/knowledge-stage.ts";
import { collectMentions, type DocumentMentions, mergeDocument } from "../merge/merge-document.ts";
import { ModelProbe } from "../models/model-probe.ts";
import type { Change } from "../storage/changes.ts";
import type { DocumentStatusRecord } from "../storage/records.ts";
import type { Chunk } from "../text/chunking.ts";
import {
  failedStatus,
  processedStatus,
  putRecord,
  putStatus,
  seconds,
  type WorkDone,
} from "./document-records.ts";
import type { ExtractedDocument } from "./extract-document.ts";
import type { IndexingContext } from "./indexing-context.ts";
import { purgeChanges } from "./purge-document.ts";
import { vectorChanges } from "./vector-changes.ts";

/** A document whose extraction has finished. */
export interface FinishedExtraction {
  documentId: string;
  startedAt: number;
  outcome: { extracted: ExtractedDocument } | { error: unknown };
}

/**
 * Merges documents in their order and commits them together: one pass of the embedding model and one write for all. Each ends as
 * `processed` or `failed`, and a failed one leaves nothing in the graph. Throws when the folder cannot be written or the signal
 * aborts; the documents are then unchanged.
 */
export async function commitDocuments(
  group: readonly FinishedExtraction[],
  context: IndexingContext,
  signal: AbortSignal,
): Promise<void> {
  const draft = new GroupDraft(context, signal);
  for (const finished of group) await draft.add(finished);
  try {
    await draft.commit();
  } catch (error) {
    signal.throwIfAborted();
    if (isConnectorError(error) && endsPipeline(error)) throw error;
    await afterFailedVectors(group, error, context, signal);
  }
}

/** A folder that cannot be written, and vectors that do not fit into it, are not the fault of a document: all remain unchanged. */
function endsPipeline({ code }: ConnectorError): boolean {
  return code.startsWith("DIRECT_") || code === "MODEL_DIMENSION_CHANGED";
}

/** A text that the model refuses must not fail the others; a model that is down fails all. */
async function afterFailedVectors(
  group: readonly FinishedExtraction[],
  error: unknown,
  context: IndexingContext,
  signal: AbortSignal,
): Promise<void> {
  const probe = new ModelProbe(context.askModels);
  if (group.length > 1 && !(await probe.isUnavailable(toConnectorError(error), signal))) {
    for (const finished of group) await commitDocuments([finished], context, signal);
    return;
  }
  const draft = new GroupDraft(context, signal, probe);
  for (const finished of group) await draft.add({ ...finished, outcome: { error } });
  await draft.commit();
}

/** The changes of a group of documents, until they are committed. */
class GroupDraft {
  readonly #context: IndexingContext;
  readonly #signal: AbortSignal;
  readonly #stage: KnowledgeStage;
  readonly #now: number;
  readonly #probe: ModelProbe;
  readonly #records: Change[] = [];
  readonly #chunks: Chunk[] = [];

  constructor(context: IndexingContext, signal: AbortSignal, probe = new ModelProbe(context.askModels)) {
    this.#context = context;
    this.#signal = signal;
    this.#stage = new KnowledgeStage(storedKnowledge(context.folder.stores));
    this.#now = context.clock.now();
    this.#probe = probe;
  }

  async add(finished: FinishedExtraction): Promise<void> {
    const accepted = this.#context.folder.stores.documentStatus.get(finished.documentId);
    if (accepted === undefined) return;
    try {
      if ("error" in finished.outcome) throw finished.outcome.error;
      await this.#merge(finished, finished.outcome.extracted, accepted);
    } catch (thrown) {
      this.#signal.throwIfAborted();
      await this.#fail(finished, toConnectorError(thrown), accepted);
    }
  }

  #workSince(startedAt: number): WorkDone {
    return { startedAt, endedAt: this.#now, chunking: this.#context.chunking };
  }

  async #fail(
    { documentId, startedAt }: FinishedExtraction,
    error: ConnectorError,
    accepted: DocumentStatusRecord,
  ): Promise<void> {
    const modelUnavailable = await this.#probe.isUnavailable(error, this.#signal);
    this.#signal.throwIfAborted();
    const failure = { code: error.code, message: error.message, modelUnavailable };
    const status = failedStatus(accepted, failure, this.#workSince(startedAt));
    this.#records.push(putStatus(documentId, status));
  }

  async commit(): Promise<void> {
    const time = seconds(this.#now);
    const { folder, tokenizer, embedding, chunking } = this.#context;
    const vectors = await vectorChanges(this.#chunks, this.#stage, {
      stores: folder.stores,
      tokenizer,
      embedding,
      chunking,
      time,
      signal: this.#signal,
    });
    await folder.commit([...this.#stage.changes(time), ...vectors, ...this.#records]);
  }

  /** A document that an interrupted LightRAG server had begun is removed first. */
  async #merge(
    { documentId, startedAt }: FinishedExtraction,
    { chunks, statements }: ExtractedDocument,
    accepted: DocumentStatusRecord,
  ): Promise<void> {
    const stage = new KnowledgeStage(this.#stage);
    const { folder, tokenizer, summariser } = this.#context;
    const time = seconds(this.#now);
    const merge = { tokenizer, summariser, stage, time, signal: this.#signal };
    const purged = accepted.chunks_list?.length ? await purgeChanges([documentId], folder.stores, merge) : [];
    const mentions = collectMentions(statements);
    await mergeDocument(mentions, merge);
    this.#stage.absorb(stage);
    this.#chunks.push(...chunks);
    const ids = chunks.map(({ id }) => id);
    this.#records.push(
      ...purged,
      ...contributionChanges(documentId, chunks, mentions, time),
      putStatus(documentId, processedStatus(accepted, ids, this.#workSince(startedAt))),
    );
  }
}

/** The records of a document's chunks and of its contribution to the graph, from which a deletion starts. */
function contributionChanges(
  documentId: string,
  chunks: readonly Chunk[],
  mentions: DocumentMentions,
  time: number,
): Change[] {
  const pairs = [...mentions.relations.values()].map(({ pair }) => pair);
  const names = [...new Set([...mentions.entities.keys(), ...pairs.flat()])].toSorted(compareCodePoints);
  const sortedPairs = pairs.toSorted(([a, b], [c, d]) => compareCodePoints(a, c) || compareCodePoints(b, d));
  return [
    ...chunks.map(({ id, record }) => putRecord("text_chunks", id, record, time)),
    putRecord("full_entities", documentId, { entity_names: names, count: names.length }, time),
    putRecord("full_relations", documentId, { relation_pairs: sortedPairs, count: pairs.length }, time),
  ];
}
