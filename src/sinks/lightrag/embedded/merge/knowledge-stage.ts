import type { Change, ProvenanceStoreName } from "../storage/changes.ts";
import { pairKey } from "../storage/keys.ts";
import type { RelationOf } from "../storage/readers.ts";
import type { EntityAttributes, RelationAttributes } from "../storage/records.ts";
import { ChunkIds } from "./chunk-ids.ts";
import type { Knowledge } from "./knowledge.ts";

export interface StagedRelation {
  source: string;
  target: string;
  attributes: RelationAttributes | null;
}

type StagedChunks = { added: string[] } | { replaced: string[] | null };

/**
 * Knowledge with uncommitted changes: they are visible here, and are committed or dropped together. Stages nest, so that one
 * document of a group can fail without the others.
 */
export class KnowledgeStage implements Knowledge {
  readonly #below: Knowledge;
  readonly #entities = new Map<string, EntityAttributes | null>();
  readonly #relations = new Map<string, StagedRelation>();
  /** The keys of the staged relations of an entity. */
  readonly #relationsOf = new Map<string, Set<string>>();
  readonly #entityChunks = new Map<string, StagedChunks>();
  readonly #relationChunks = new Map<string, StagedChunks>();

  constructor(below: Knowledge) {
    this.#below = below;
  }

  entity(name: string): Readonly<EntityAttributes> | undefined {
    const staged = this.#entities.get(name);
    return staged === undefined ? this.#below.entity(name) : (staged ?? undefined);
  }

  relation(a: string, b: string): Readonly<RelationAttributes> | undefined {
    const staged = this.#relations.get(pairKey(a, b));
    return staged === undefined ? this.#below.relation(a, b) : (staged.attributes ?? undefined);
  }

  relationsOf(name: string): RelationOf[] {
    const staged = Array.from(this.#relationsOf.get(name) ?? [], (key) => this.#relations.get(key)).filter(
      (relation) => relation !== undefined,
    );
    const below = this.#below
      .relationsOf(name)
      .filter(({ source, target }) => !this.#relations.has(pairKey(source, target)));
    return [...below, ...staged.filter(isThere)];
  }

  entityChunks(name: string): ChunkIds | undefined {
    return chunksAbove(this.#below.entityChunks(name), this.#entityChunks.get(name));
  }

  relationChunks(key: string): ChunkIds | undefined {
    return chunksAbove(this.#below.relationChunks(key), this.#relationChunks.get(key));
  }

  /** The changed entities; null for a deleted one. */
  stagedEntities(): Iterable<[string, EntityAttributes | null]> {
    return this.#entities;
  }

  /** The changed relations; null attributes for a deleted one. */
  stagedRelations(): Iterable<StagedRelation> {
    return this.#relations.values();
  }

  setEntity(name: string, attributes: EntityAttributes): void {
    this.#entities.set(name, attributes);
  }

  /** Its relations must have been deleted. */
  deleteEntity(name: string): void {
    this.#entities.set(name, null);
  }

  setRelation(source: string, target: string, attributes: RelationAttributes): void {
    this.#stageRelation({ source, target, attributes });
  }

  deleteRelation(source: string, target: string): void {
    this.#stageRelation({ source, target, attributes: null });
  }

  #stageRelation(relation: StagedRelation): void {
    const { source, target } = relation;
    const key = pairKey(source, target);
    this.#relations.set(key, relation);
    for (const name of [source, target]) {
      const keys = this.#relationsOf.get(name) ?? new Set();
      this.#relationsOf.set(name, keys.add(key));
    }
  }

  /** Adds ids that are not in the list. */
  addEntityChunks(name: string, ids: readonly string[]): void {
    stageAdded(this.#entityChunks, name, ids);
  }

  addRelationChunks(key: string, ids: readonly string[]): void {
    stageAdded(this.#relationChunks, key, ids);
  }

  /** `null` deletes the list. */
  setEntityChunks(name: string, ids: string[] | null): void {
    this.#entityChunks.set(name, { replaced: ids });
  }

  setRelationChunks(key: string, ids: string[] | null): void {
    this.#relationChunks.set(key, { replaced: ids });
  }

  /** Applies the changes of a nested stage. */
  absorb(above: KnowledgeStage): void {
    for (const [name, attributes] of above.#entities) this.#entities.set(name, attributes);
    for (const relation of above.#relations.values()) this.#stageRelation(relation);
    absorbChunks(this.#entityChunks, above.#entityChunks);
    absorbChunks(this.#relationChunks, above.#relationChunks);
  }

  /** The changes of the graph and its provenance, without vectors. `time` in whole seconds since the epoch. */
  changes(time: number): Change[] {
    return [
      ...[...this.#entities].map(([name, attributes]): Change => ({ kind: "entity", name, attributes })),
      ...[...this.#relations.values()].map((relation): Change => ({ kind: "relation", ...relation })),
      ...[...this.#entityChunks].map(([key, chunks]) => chunkChange("entity_chunks", key, chunks, time)),
      ...[...this.#relationChunks].map(([key, chunks]) => chunkChange("relation_chunks", key, chunks, time)),
    ];
  }
}

function isThere(staged: StagedRelation): staged is StagedRelation & { attributes: RelationAttributes } {
  return staged.attributes !== null;
}

function chunksAbove(below: ChunkIds | undefined, staged: StagedChunks | undefined): ChunkIds | undefined {
  if (staged === undefined) return below;
  if ("added" in staged) return (below ?? ChunkIds.of([])).with(staged.added);
  return staged.replaced === null ? undefined : ChunkIds.of(staged.replaced);
}

function stageAdded(staged: Map<string, StagedChunks>, key: string, ids: readonly string[]): void {
  if (ids.length === 0) return;
  const existing = staged.get(key);
  if (existing === undefined) staged.set(key, { added: [...ids] });
  else if ("added" in existing) existing.added.push(...ids);
  else staged.set(key, { replaced: [...(existing.replaced ?? []), ...ids] });
}

function absorbChunks(target: Map<string, StagedChunks>, above: Map<string, StagedChunks>): void {
  for (const [key, chunks] of above) {
    if ("added" in chunks) stageAdded(target, key, chunks.added);
    else target.set(key, chunks);
  }
}

function chunkChange(store: ProvenanceStoreName, key: string, chunks: StagedChunks, time: number): Change {
  return "added" in chunks
    ? { kind: "provenance-append", store, key, chunkIds: chunks.added, time }
    : { kind: "provenance", store, key, chunkIds: chunks.replaced, time };
}
