import { compareCodePoints } from "../../../../kernel/util/code-point-order.ts";
import { strip } from "../../clean-text.ts";
import type { RelationMention } from "../extraction/parse-answer.ts";
import { relationKey } from "../storage/keys.ts";
import type { EntityAttributes, RelationAttributes } from "../storage/records.ts";
import { ChunkIds } from "./chunk-ids.ts";
import { joinList, type Knowledge, splitList } from "./knowledge.ts";
import type { KnowledgeStage } from "./knowledge-stage.ts";
import { knownEntityChunks, noteChunks } from "./merge-entity.ts";
import { maxSourceIds, mergeFilePaths, mergeFragments, withinLimit } from "./merge-lists.ts";

/** A relation as a document changes it, its description still in fragments. */
export interface RelationDraft {
  source: string;
  target: string;
  fragments: string[];
  /** All but the description. */
  attributes: Omit<RelationAttributes, "description" | "created_at">;
  chunkIds: ChunkIds;
}

/**
 * Merges a document's statements about one relation into the knowledge (contract §10.3) and records its chunks. `source` and
 * `target` are in the order of the relation's key. Undefined when the relation has reached its limit: the graph is then unchanged.
 */
export function draftRelation(
  source: string,
  target: string,
  mentions: readonly RelationMention[],
  stage: KnowledgeStage,
): RelationDraft | undefined {
  const existing = stage.relation(source, target);
  const key = relationKey(source, target);
  const known = knownRelationChunks(stage, source, target);
  const newIds = mentions.map(({ chunkId }) => chunkId);
  const all = known.with(newIds);
  if (stage.relationChunks(key) === undefined) stage.setRelationChunks(key, [...all]);
  else stage.addRelationChunks(key, known.missing(newIds));
  const sourceIds = all.first(maxSourceIds);
  const counted = withinLimit(mentions, known, sourceIds);
  if (counted.length === 0) return undefined;
  const paths = counted.map(({ fileSource }) => fileSource);
  return {
    source,
    target,
    fragments: mergeFragments(splitList(existing?.description ?? ""), counted),
    chunkIds: all,
    attributes: {
      weight: mergedWeight(existing, counted, sourceIds),
      // LightRAG splits a stored list at its separator as well, and a model's keywords only at commas.
      keywords: mergeKeywords([
        ...splitList(existing?.keywords ?? ""),
        ...counted.map(({ keywords }) => keywords),
      ]).join(","),
      source_id: joinList(sourceIds),
      file_path: joinList(mergeFilePaths(existing?.file_path ?? "", paths)),
      truncate: sourceIds.length < all.size ? "KEEP Old" : "",
    },
  };
}

/** Ids that LightRAG writes for manually created relations: they are not evidence. */
const noEvidence = new Set(["manual_creation", "UNKNOWN"]);

/** The recorded chunks of a relation, or those that its edge names when none were recorded. */
export function knownRelationChunks(knowledge: Knowledge, source: string, target: string): ChunkIds {
  const noted = knowledge.relationChunks(relationKey(source, target));
  const ids = noted ?? splitList(knowledge.relation(source, target)?.source_id ?? "");
  const hasPlaceholder = [...noEvidence].some((id) => noted?.has(id));
  if (noted !== undefined && !hasPlaceholder) return noted;
  return ChunkIds.of([...ids].filter((id) => !noEvidence.has(id)));
}

/** Distinct keywords in the order of their code points. */
export function mergeKeywords(lists: readonly string[]): string[] {
  const words = lists.flatMap((list) => list.split(",")).map(strip);
  return [...new Set(words)].filter((word) => word !== "").toSorted(compareCodePoints);
}

/** Adds one for each uncounted chunk, and is never less than the evidence. */
function mergedWeight(
  existing: Readonly<RelationAttributes> | undefined,
  mentions: readonly RelationMention[],
  sourceIds: readonly string[],
): number {
  const counted = new Set(splitList(existing?.source_id ?? ""));
  const added = mentions.filter(({ chunkId }) => !counted.has(chunkId)).length;
  return Math.max((existing?.weight ?? 0) + added, new Set(sourceIds).size);
}

/** Makes sure that both ends of a relation exist and name its chunks. */
export function ensureEnds(
  draft: RelationDraft,
  description: string,
  time: number,
  stage: KnowledgeStage,
): void {
  for (const name of [draft.source, draft.target]) {
    const entity = stage.entity(name);
    if (entity === undefined) createEnd(name, draft, description, time, stage);
    else extendEnd(name, entity, draft, stage);
  }
}

/** An end that no text describes gets the relation's description and sources. */
function createEnd(
  name: string,
  draft: RelationDraft,
  description: string,
  time: number,
  stage: KnowledgeStage,
): void {
  stage.setEntity(name, {
    entity_id: name,
    source_id: draft.attributes.source_id,
    description,
    entity_type: "UNKNOWN",
    file_path: draft.attributes.file_path,
    created_at: time,
    truncate: "",
  });
  stage.setEntityChunks(name, [...draft.chunkIds]);
}

/** An existing end gets the relation's chunks, but not its file paths, as in LightRAG. */
function extendEnd(
  name: string,
  entity: Readonly<EntityAttributes>,
  draft: RelationDraft,
  stage: KnowledgeStage,
): void {
  const known = knownEntityChunks(stage, name);
  const sourceIds = splitList(draft.attributes.source_id);
  if (known.missing(sourceIds).length > 0) noteChunks(stage, name, known, sourceIds);
  const limited = joinList(known.with(sourceIds).first(maxSourceIds));
  if (limited !== entity.source_id) stage.setEntity(name, { ...entity, source_id: limited });
}
