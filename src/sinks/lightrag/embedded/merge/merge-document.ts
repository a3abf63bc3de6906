import type { EntityMention, ParsedAnswer, RelationMention } from "../extraction/parse-answer.ts";
import { orderedPair, pairKey } from "../storage/keys.ts";
import type { KnowledgeStage } from "./knowledge-stage.ts";
import { type DescriptionMerger, mergeDescriptions } from "./merge-descriptions.ts";
import { draftEntity, type EntityDraft } from "./merge-entity.ts";
import { draftRelation, ensureEnds, type RelationDraft } from "./merge-relation.ts";

export interface MergeContext extends DescriptionMerger {
  stage: KnowledgeStage;
  /** Whole seconds since the epoch. */
  time: number;
  signal: AbortSignal;
}

/** All statements of a document's chunks, by entity and by pair, in the order of first occurrence. */
export interface DocumentMentions {
  entities: Map<string, EntityMention[]>;
  relations: Map<string, PairMentions>;
}

interface PairMentions {
  pair: [string, string];
  mentions: RelationMention[];
}

export function collectMentions(answers: readonly ParsedAnswer[]): DocumentMentions {
  const collected: DocumentMentions = { entities: new Map(), relations: new Map() };
  for (const { entities, relations } of answers) {
    for (const [name, mentions] of entities) {
      collected.entities.set(name, [...(collected.entities.get(name) ?? []), ...mentions]);
    }
    for (const mentions of relations.values()) collectRelation(collected, mentions);
  }
  return collected;
}

function collectRelation({ relations }: DocumentMentions, mentions: readonly RelationMention[]): void {
  const [first] = mentions;
  if (first === undefined) return;
  const pair = orderedPair(first.source, first.target);
  const key = pairKey(...pair);
  relations.set(key, { pair, mentions: [...(relations.get(key)?.mentions ?? []), ...mentions] });
}

/**
 * Merges a document into the stage: entities first, then relations, which may create entities. Summaries are requested
 * concurrently; the merge itself is in the order of the text, so that the graph is deterministic.
 */
export async function mergeDocument(
  { entities, relations }: DocumentMentions,
  context: MergeContext,
): Promise<void> {
  const { stage } = context;
  const entityDrafts = [...entities].map(([name, mentions]) => draftEntity(name, mentions, stage));
  for (const { draft, description } of await describeAll(entityDrafts, describeEntity, context)) {
    stage.setEntity(draft.name, { ...draft.attributes, description, created_at: context.time });
  }
  const relationDrafts = [...relations.values()].map(({ pair: [source, target], mentions }) =>
    draftRelation(source, target, mentions, stage),
  );
  for (const { draft, description } of await describeAll(relationDrafts, describeRelation, context)) {
    ensureEnds(draft, description, context.time, stage);
    stage.setRelation(draft.source, draft.target, {
      ...draft.attributes,
      description,
      created_at: context.time,
    });
  }
}

async function describeAll<Draft extends EntityDraft | RelationDraft>(
  drafts: readonly (Draft | undefined)[],
  describe: (draft: Draft, context: MergeContext) => Promise<string>,
  context: MergeContext,
): Promise<{ draft: Draft; description: string }[]> {
  const changed = drafts.filter((draft) => draft !== undefined);
  return Promise.all(changed.map(async (draft) => ({ draft, description: await describe(draft, context) })));
}

function describeEntity({ name, fragments }: EntityDraft, context: MergeContext): Promise<string> {
  return mergeDescriptions(context, { kind: "Entity", name }, fragments, context.signal);
}

function describeRelation(
  { source, target, fragments }: RelationDraft,
  context: MergeContext,
): Promise<string> {
  const name = `(${source}, ${target})`;
  return mergeDescriptions(context, { kind: "Relation", name }, fragments, context.signal);
}
