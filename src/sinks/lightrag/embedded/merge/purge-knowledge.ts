import { relationKey } from "../storage/keys.ts";
import { type Knowledge, splitList } from "./knowledge.ts";
import type { KnowledgeStage } from "./knowledge-stage.ts";
import { knownEntityChunks } from "./merge-entity.ts";
import { knownRelationChunks } from "./merge-relation.ts";
import { type RebuildContext, type Remainders, rebuildKnowledge } from "./rebuild-knowledge.ts";

/** What a document may have contributed to; anything else is skipped. */
export interface Contribution {
  chunkIds: readonly string[];
  entities: readonly string[];
  relations: readonly (readonly [string, string])[];
}

/**
 * Removes a document's contribution from the stage: what only it supports is deleted, what others support is rebuilt without it
 * (contract §5).
 */
export async function purgeKnowledge(contribution: Contribution, context: RebuildContext): Promise<void> {
  const { stage } = context;
  const gone = new Set(contribution.chunkIds);
  const entities = remainingEntities(contribution, gone, stage);
  const relations = remainingRelations(contribution, gone, stage);
  for (const { source, target, chunkIds } of relations) {
    if (chunkIds.length === 0) deleteRelation(source, target, stage);
  }
  for (const [name, chunkIds] of entities) if (chunkIds.length === 0) deleteEntity(name, stage);
  await rebuildKnowledge(
    {
      entities: new Map([...entities].filter(([, chunkIds]) => chunkIds.length > 0)),
      relations: relations.filter(({ chunkIds }) => chunkIds.length > 0),
    },
    context,
  );
}

/** The affected entities and the remaining chunks that mention them; empty when there are none. */
function remainingEntities(
  { entities }: Contribution,
  gone: ReadonlySet<string>,
  knowledge: Knowledge,
): Remainders["entities"] {
  const remaining = new Map<string, string[]>();
  for (const name of entities) {
    const entity = knowledge.entity(name);
    if (entity === undefined) continue;
    const known = knownEntityChunks(knowledge, name);
    const left = known.without(gone);
    if (left.length < known.size || known.size === 0 || names(entity.source_id, gone))
      remaining.set(name, left);
  }
  return remaining;
}

function remainingRelations(
  { relations }: Contribution,
  gone: ReadonlySet<string>,
  knowledge: Knowledge,
): Remainders["relations"] {
  return relations.flatMap(([source, target]) => {
    const relation = knowledge.relation(source, target);
    if (relation === undefined) return [];
    const known = knownRelationChunks(knowledge, source, target);
    const left = known.without(gone);
    const affected = left.length < known.size || known.size === 0 || names(relation.source_id, gone);
    return affected ? [{ source, target, chunkIds: left }] : [];
  });
}

function names(sourceId: string, gone: ReadonlySet<string>): boolean {
  return splitList(sourceId).some((chunkId) => gone.has(chunkId));
}

function deleteRelation(source: string, target: string, stage: KnowledgeStage): void {
  stage.deleteRelation(source, target);
  stage.setRelationChunks(relationKey(source, target), null);
}

function deleteEntity(name: string, stage: KnowledgeStage): void {
  for (const { source, target } of stage.relationsOf(name)) deleteRelation(source, target, stage);
  stage.deleteEntity(name);
  stage.setEntityChunks(name, null);
}
