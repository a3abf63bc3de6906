import type { RelationOf } from "./readers.ts";
import type { EntityAttributes, RelationAttributes } from "./records.ts";

interface Node {
  attributes: EntityAttributes;
  /** By the name at the other end. */
  edges: Map<string, Edge>;
}

interface Edge {
  readonly source: string;
  readonly target: string;
  attributes: RelationAttributes;
}

/**
 * An undirected graph without loops, at most one edge between two nodes, in order of insertion. Names are keys of maps only: people
 * or models write them, and a plain object already has `constructor` and `__proto__` and sorts `9` before `10`.
 */
export class Graph {
  readonly #nodes = new Map<string, Node>();
  readonly #edges = new Set<Edge>();

  get nodeCount(): number {
    return this.#nodes.size;
  }

  get edgeCount(): number {
    return this.#edges.size;
  }

  names(): IterableIterator<string> {
    return this.#nodes.keys();
  }

  *nodes(): Generator<{ name: string; attributes: EntityAttributes }> {
    for (const [name, { attributes }] of this.#nodes) yield { name, attributes };
  }

  edges(): IterableIterator<RelationOf> {
    return this.#edges.values();
  }

  node(name: string): EntityAttributes | undefined {
    return this.#nodes.get(name)?.attributes;
  }

  edge(a: string, b: string): RelationAttributes | undefined {
    return this.#edge(a, b)?.attributes;
  }

  edgesOf(name: string): RelationOf[] {
    return [...(this.#nodes.get(name)?.edges.values() ?? [])];
  }

  degree(name: string): number {
    return this.#nodes.get(name)?.edges.size ?? 0;
  }

  setNode(name: string, attributes: EntityAttributes): void {
    const node = this.#nodes.get(name);
    if (node === undefined) this.#nodes.set(name, { attributes, edges: new Map() });
    else node.attributes = attributes;
  }

  /** `makeEnd` creates a missing end. */
  setEdge(
    source: string,
    target: string,
    attributes: RelationAttributes,
    makeEnd: (name: string) => EntityAttributes,
  ): void {
    if (source === target) throw new Error("a graph without loops has no edge from a node to itself");
    const known = this.#edge(source, target);
    if (known !== undefined) {
      known.attributes = attributes;
      return;
    }
    const edge = { source, target, attributes };
    this.#edges.add(edge);
    this.#end(source, makeEnd).edges.set(target, edge);
    this.#end(target, makeEnd).edges.set(source, edge);
  }

  /** Also removes its edges. */
  deleteNode(name: string): boolean {
    for (const { source, target } of this.edgesOf(name)) this.deleteEdge(source, target);
    return this.#nodes.delete(name);
  }

  deleteEdge(a: string, b: string): boolean {
    const edge = this.#edge(a, b);
    if (edge === undefined) return false;
    this.#nodes.get(a)?.edges.delete(b);
    this.#nodes.get(b)?.edges.delete(a);
    return this.#edges.delete(edge);
  }

  clear(): void {
    this.#nodes.clear();
    this.#edges.clear();
  }

  #edge(a: string, b: string): Edge | undefined {
    return this.#nodes.get(a)?.edges.get(b);
  }

  #end(name: string, makeEnd: (name: string) => EntityAttributes): Node {
    const known = this.#nodes.get(name);
    if (known !== undefined) return known;
    const made = { attributes: makeEnd(name), edges: new Map<string, Edge>() };
    this.#nodes.set(name, made);
    return made;
  }
}
