import type { Pieces } from "../../../../kernel/util/pieces.ts";
import type { QueryKeywords, QueryMode } from "../../knowledge-reader.ts";
import { pairKey, relationVectorId } from "../storage/keys.ts";
import type { SearchedStores } from "../storage/readers.ts";
import { chunkIdsOfEntity, chunkIdsOfRelation } from "./look-up.ts";
import { type GraphEvidence, leastSimilarity } from "./rank-chunks.ts";

export interface Scored<Value> {
  value: Value;
  score: number;
}

export type Pair = readonly [source: string, target: string];

/** What was found in the graph, best first, and its evidence for chunks. */
export interface GraphFindings {
  entities: string[];
  relations: Pair[];
  evidence: GraphEvidence[];
}

export interface GraphQuestion {
  keywords: QueryKeywords;
  /** Vectors of the low and of the high keywords. */
  low: Float32Array;
  high: Float32Array;
}

/**
 * In pieces, LightRAG's searches in the graph: `local` finds entities and then their relations, `global` finds relations and then their ends,
 * `hybrid` and `mix` interleave the two, `naive` does not use the graph.
 */
export function* searchGraph(
  stores: SearchedStores,
  mode: QueryMode,
  question: GraphQuestion,
  topK: number,
): Pieces<GraphFindings> {
  if (mode === "naive") return { entities: [], relations: [], evidence: [] };
  const local = mode === "global" ? nothing : yield* searchLocal(stores, question, topK);
  const global = mode === "local" ? nothing : yield* searchGlobal(stores, question, topK);
  return {
    entities: interleave(local.entities, global.entities, (name) => name).slice(0, topK),
    relations: interleave(local.relations, global.relations, ([a, b]) => pairKey(a, b)).slice(0, topK),
    evidence: [...local.evidence, ...global.evidence],
  };
}

const nothing: GraphFindings = { entities: [], relations: [], evidence: [] };

function* searchLocal(
  stores: SearchedStores,
  { keywords, low }: GraphQuestion,
  topK: number,
): Pieces<GraphFindings> {
  const found = yield* findEntities(stores, keywords, low, topK);
  const entities = found.map(({ value }) => value);
  const evidence = evidenceOf(found, (name) => chunkIdsOfEntity(stores, name));
  return { entities, relations: yield* relationsOf(stores, entities, low), evidence: [evidence] };
}

function* searchGlobal(stores: SearchedStores, { high }: GraphQuestion, topK: number): Pieces<GraphFindings> {
  const near = yield* stores.relationVectors.nearest(high, topK, leastSimilarity);
  const found = near.flatMap(({ id, score }): Scored<Pair>[] => {
    const payload = stores.relationVectors.payload(id);
    return payload === undefined ? [] : [{ value: [payload.src_id, payload.tgt_id], score }];
  });
  const relations = found.map(({ value }) => value);
  const evidence = evidenceOf(found, ([a, b]) => chunkIdsOfRelation(stores, a, b));
  return { entities: [...new Set(relations.flat())], relations, evidence: [evidence] };
}

/** Entities that the question names come first, then those with the nearest vectors. */
function* findEntities(
  stores: SearchedStores,
  keywords: QueryKeywords,
  vector: Float32Array,
  topK: number,
): Pieces<Scored<string>[]> {
  const named = keywords.low
    .filter((name) => stores.graph.entity(name) !== undefined)
    .map((value) => ({ value, score: 1 }));
  const matches = yield* stores.entityVectors.nearest(vector, topK, leastSimilarity);
  const near = matches.flatMap(({ id, score }) => {
    const payload = stores.entityVectors.payload(id);
    return payload === undefined ? [] : [{ value: payload.entity_name, score }];
  });
  const known = new Set(named.map(({ value }) => value));
  return [...named, ...near.filter(({ value }) => !known.has(value))].slice(0, topK);
}

/** The relations of entities, those nearest to the question first. */
function* relationsOf(
  stores: SearchedStores,
  entities: readonly string[],
  vector: Float32Array,
): Pieces<Pair[]> {
  const pairs = new Map<string, Scored<Pair>>();
  for (const name of entities)
    for (const { source, target } of stores.graph.relationsOf(name)) {
      const key = pairKey(source, target);
      if (pairs.has(key)) continue;
      const own = stores.relationVectors.vector(relationVectorId(source, target));
      pairs.set(key, { value: [source, target], score: similarity(own, vector) });
      yield;
    }
  return [...pairs.values()].sort((a, b) => b.score - a.score).map(({ value }) => value);
}

function similarity(a: Float32Array | undefined, b: Float32Array): number {
  return a?.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0) ?? 0;
}

/** A term that occurs in many chunks is weak evidence for any one of them. */
function evidenceOf<Value>(
  found: readonly Scored<Value>[],
  chunksOf: (value: Value) => readonly string[],
): GraphEvidence {
  const evidence = new Map<string, number>();
  for (const { value, score } of found) {
    const chunks = chunksOf(value);
    const share = score / Math.log(2 + chunks.length);
    for (const id of chunks) evidence.set(id, (evidence.get(id) ?? 0) + share);
  }
  return evidence;
}

/** Interleaves two lists; each key once. */
function interleave<Value>(
  first: readonly Value[],
  second: readonly Value[],
  keyOf: (value: Value) => string,
): Value[] {
  const merged = new Map<string, Value>();
  for (let i = 0; i < Math.max(first.length, second.length); i++) {
    for (const value of [first[i], second[i]]) {
      if (value !== undefined && !merged.has(keyOf(value))) merged.set(keyOf(value), value);
    }
  }
  return [...merged.values()];
}
