import type { getEntity } from "../../../src/operations/knowledge/get-entity.ts";
import type { Answer } from "../../api/endpoint.ts";

export type EntityView = Answer<typeof getEntity>;

export interface Edge {
  source: string;
  target: string;
  weight: number;
}

export interface Neighbourhood {
  /** Opened ones first, each once. */
  names: readonly string[];
  edges: readonly Edge[];
  /** Neighbours for which there is no room. */
  left: number;
}

/** How many neighbours of each opened entity are drawn, those said most often first. */
const mostOfEach = 24;

/** Opened entities with their neighbours, without those that are hidden. */
export function neighbourhoodOf(views: readonly EntityView[], hidden: ReadonlySet<string>): Neighbourhood {
  const names = new Set(views.map(({ entity }) => entity.name));
  const edges = new Map<string, Edge>();
  let left = 0;
  for (const { relations, counts } of views) {
    const shown = relations.filter(({ source, target }) => !hidden.has(source) && !hidden.has(target));
    const others = counts.relations - relations.length;
    left += others + Math.max(0, shown.length - mostOfEach);
    for (const { source, target, weight } of shown.slice(0, mostOfEach)) {
      names.add(source).add(target);
      edges.set(JSON.stringify([source, target].toSorted()), { source, target, weight });
    }
  }
  return { names: [...names], edges: [...edges.values()], left };
}
