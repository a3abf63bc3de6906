import { setImmediate as nextTurn } from "node:timers/promises";
import type { EntityMention, ParsedAnswer, RelationMention } from "../extraction/parse-answer.ts";
import { relationKey } from "../storage/keys.ts";
import type { EntityAttributes, RelationAttributes } from "../storage/records.ts";
import { joinList, splitList } from "./knowledge.ts";
import { mergeDescriptions } from "./merge-descriptions.ts";
import type { MergeContext } from "./merge-document.ts";
import { boundFilePaths, maxSourceIds, mostFrequent } from "./merge-lists.ts";
import { mergeKeywords } from "./merge-relation.ts";

/** Entities and relations that have lost some of their sources. */
export interface Remainders {
  /** Entity name to the remaining chunks that mention it. */
  entities: ReadonlyMap<string, readonly string[]>;
  relations: readonly { source: string; target: string; chunkIds: readonly string[] }[];
}

export interface RebuildContext extends MergeContext {
  /** The statements of a chunk; undefined when they are no longer available. */
  statements: (chunkId: string) => ParsedAnswer | undefined;
}

/**
 * Rebuilds entities and relations from the statements of their remaining chunks, by LightRAG's rules (contract §5). Without any
 * statements, the old text is kept and only the sources are corrected. Throws the reason of the signal between two of them.
 */
export async function rebuildKnowledge(remainders: Remainders, context: RebuildContext): Promise<void> {
  for (const [name, chunkIds] of remainders.entities) {
    await rebuildEntity(name, chunkIds, context);
    await letOthersWork(context.signal);
  }
  for (const { source, target, chunkIds } of remainders.relations) {
    await rebuildRelation(source, target, chunkIds, context);
    await letOthersWork(context.signal);
  }
}

/** Built-in models answer at once: without a pause nothing else, and no signal, would be heard until all is rebuilt. */
async function letOthersWork(signal: AbortSignal): Promise<void> {
  await nextTurn();
  signal.throwIfAborted();
}

async function rebuildEntity(
  name: string,
  chunkIds: readonly string[],
  context: RebuildContext,
): Promise<void> {
  const { stage } = context;
  const current = stage.entity(name);
  if (current === undefined) return;
  stage.setEntityChunks(name, [...chunkIds]);
  const sourceIds = chunkIds.slice(0, maxSourceIds);
  const mentions = sourceIds.flatMap((chunkId) => context.statements(chunkId)?.entities.get(name) ?? []);
  const content =
    mentions.length > 0
      ? await fromMentions(name, mentions, context)
      : await fromRelations(name, current, context);
  stage.setEntity(name, {
    ...current,
    ...content,
    source_id: joinList(sourceIds),
    created_at: context.time,
    truncate: mentions.length > 0 ? truncation(sourceIds, chunkIds) : "",
  });
}

type EntityContent = Pick<EntityAttributes, "description" | "entity_type" | "file_path">;

async function fromMentions(
  name: string,
  mentions: readonly EntityMention[],
  context: RebuildContext,
): Promise<EntityContent> {
  const descriptions = distinct(mentions.map(({ description }) => description));
  return {
    entity_type: mostFrequent(mentions.map(({ type }) => type)) ?? "UNKNOWN",
    description: await mergeDescriptions(context, { kind: "Entity", name }, descriptions, context.signal),
    file_path: filePathsOf(mentions),
  };
}

/** An entity that no remaining text describes is built from its relations. */
async function fromRelations(
  name: string,
  current: Readonly<EntityAttributes>,
  context: RebuildContext,
): Promise<EntityContent> {
  const relations = context.stage.relationsOf(name).map(({ attributes }) => attributes);
  const descriptions = distinct(
    relations.map(({ description }) => description).filter((text) => text !== ""),
  );
  const paths = distinct(relations.flatMap(({ file_path }) => splitList(file_path)));
  const subject = { kind: "Entity", name } as const;
  return {
    entity_type: current.entity_type,
    description:
      descriptions.length > 0
        ? await mergeDescriptions(context, subject, descriptions, context.signal)
        : current.description,
    file_path: paths.length > 0 ? joinList(paths) : current.file_path,
  };
}

async function rebuildRelation(
  source: string,
  target: string,
  chunkIds: readonly string[],
  context: RebuildContext,
): Promise<void> {
  const { stage } = context;
  const current = stage.relation(source, target);
  if (current === undefined) return;
  const sourceIds = chunkIds.slice(0, maxSourceIds);
  const mentions = sourceIds.flatMap((chunkId) =>
    relationMentions(context.statements(chunkId), source, target),
  );
  const content = mentions.length > 0 ? await relationContent(source, target, mentions, context) : {};
  stage.setRelationChunks(relationKey(source, target), [...chunkIds]);
  stage.setRelation(source, target, {
    ...current,
    ...content,
    weight: Math.max(mentions.length === 0 ? current.weight : mentions.length, sourceIds.length),
    source_id: joinList(sourceIds),
    truncate: truncation(sourceIds, chunkIds),
  });
}

async function relationContent(
  source: string,
  target: string,
  mentions: readonly RelationMention[],
  context: RebuildContext,
): Promise<Pick<RelationAttributes, "description" | "keywords" | "file_path">> {
  const descriptions = distinct(mentions.map(({ description }) => description));
  const subject = { kind: "Relation", name: `${source}-${target}` } as const;
  return {
    description: await mergeDescriptions(context, subject, descriptions, context.signal),
    // LightRAG joins with a space here and without one in a merge.
    keywords: mergeKeywords(mentions.map(({ keywords }) => keywords)).join(", "),
    file_path: filePathsOf(mentions),
  };
}

/** Both directions: a relation has none. */
function relationMentions(said: ParsedAnswer | undefined, source: string, target: string): RelationMention[] {
  const keys = [`${source}\u0000${target}`, `${target}\u0000${source}`];
  return keys.flatMap((key) => said?.relations.get(key) ?? []);
}

function filePathsOf(mentions: readonly { fileSource: string }[]): string {
  return joinList(boundFilePaths(distinct(mentions.map(({ fileSource }) => fileSource))));
}

function truncation(kept: readonly string[], all: readonly string[]): string {
  return kept.length < all.length ? `KEEP ${kept.length}/${all.length}` : "";
}

function distinct(items: readonly string[]): string[] {
  return [...new Set(items)];
}
