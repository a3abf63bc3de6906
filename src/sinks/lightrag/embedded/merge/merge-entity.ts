import { strip } from "../../clean-text.ts";
import type { EntityMention } from "../extraction/parse-answer.ts";
import type { EntityAttributes } from "../storage/records.ts";
import { ChunkIds } from "./chunk-ids.ts";
import { joinList, type Knowledge, splitList } from "./knowledge.ts";
import type { KnowledgeStage } from "./knowledge-stage.ts";
import { maxSourceIds, mergeFilePaths, mergeFragments, mostFrequent, withinLimit } from "./merge-lists.ts";

/** An entity as a document changes it, its description still in fragments. */
export interface EntityDraft {
  name: string;
  fragments: string[];
  /** All but the description. */
  attributes: Omit<EntityAttributes, "description" | "created_at">;
}

/**
 * Merges a document's statements about one entity into the knowledge (contract §10.2) and records its chunks. Undefined when the
 * entity has reached its limit: the graph is then unchanged.
 */
export function draftEntity(
  name: string,
  mentions: readonly EntityMention[],
  stage: KnowledgeStage,
): EntityDraft | undefined {
  const existing = stage.entity(name);
  const known = knownEntityChunks(stage, name);
  const chunkIds = mentions.map(({ chunkId }) => chunkId);
  noteChunks(stage, name, known, chunkIds);
  const all = known.with(chunkIds);
  const sourceIds = all.first(maxSourceIds);
  const counted = withinLimit(mentions, known, sourceIds);
  if (counted.length === 0) return undefined;
  const fragments = mergeFragments(storedFragments(existing), counted);
  const paths = counted.map(({ fileSource }) => fileSource);
  return {
    name,
    fragments: fragments.length > 0 ? fragments : [`Entity ${name}`],
    attributes: {
      entity_id: name,
      entity_type: mergedType(counted, existing),
      source_id: joinList(sourceIds),
      file_path: joinList(mergeFilePaths(existing?.file_path ?? "", paths)),
      truncate: sourceIds.length < all.size ? "KEEP Old" : "",
    },
  };
}

/** The recorded chunks of an entity, or those that its node names when a LightRAG before 1.4.9.4 recorded none. */
export function knownEntityChunks(knowledge: Knowledge, name: string): ChunkIds {
  return knowledge.entityChunks(name) ?? ChunkIds.of(splitList(knowledge.entity(name)?.source_id ?? ""));
}

/** A first record must begin with the chunks that the node names. */
export function noteChunks(
  stage: KnowledgeStage,
  name: string,
  known: ChunkIds,
  chunkIds: readonly string[],
): void {
  if (stage.entityChunks(name) === undefined) stage.setEntityChunks(name, [...known.with(chunkIds)]);
  else stage.addEntityChunks(name, known.missing(chunkIds));
}

function storedFragments(existing: Readonly<EntityAttributes> | undefined): string[] {
  return splitList(strip(existing?.description ?? ""));
}

/** A stored type counts once, after the new ones: a single document with another type can change it. */
function mergedType(
  mentions: readonly EntityMention[],
  existing: Readonly<EntityAttributes> | undefined,
): string {
  const types = mentions.map(({ type }) => type);
  if (existing !== undefined) types.push(storedType(existing.entity_type));
  return mostFrequent(types) ?? "UNKNOWN";
}

/** Older versions of LightRAG stored lists of types. */
function storedType(type: string): string {
  if (!type.includes(",")) return strip(type) === "" ? "UNKNOWN" : type;
  const first = type
    .split(",")
    .map(strip)
    .find((part) => part !== "");
  return first ?? "UNKNOWN";
}
