import { existsSync } from "node:fs";
import { noFile } from "./file-image.ts";
import { Graph } from "./graph.ts";
import type { Attributes, GraphMlSink } from "./graph-ml.ts";
import { readGraphMl } from "./graph-ml-reader.ts";
import { type WrittenEdge, type WrittenNode, writeGraphMl } from "./graph-ml-writer.ts";
import type { GraphReader, RelationOf } from "./readers.ts";
import type { EntityAttributes, RelationAttributes } from "./records.ts";
import type { ReplacementFile, StoredFile } from "./replacement-file.ts";

/** LightRAG's graph file and the graph itself, which is completely in memory. */
export class GraphStore implements GraphReader, StoredFile {
  readonly path: string;
  readonly #graph = new Graph();
  dirty = false;
  image = noFile;

  private constructor(path: string) {
    this.path = path;
  }

  /** Throws `SyntaxError` when the file is not well-formed. */
  static async open(path: string): Promise<GraphStore> {
    const store = new GraphStore(path);
    if (existsSync(path)) store.image = await readGraphMl(path, store.#sink());
    return store;
  }

  get nodeCount(): number {
    return this.#graph.nodeCount;
  }

  get edgeCount(): number {
    return this.#graph.edgeCount;
  }

  names(): IterableIterator<string> {
    return this.#graph.names();
  }

  entity(name: string): Readonly<EntityAttributes> | undefined {
    return this.#graph.node(name);
  }

  relation(a: string, b: string): Readonly<RelationAttributes> | undefined {
    return this.#graph.edge(a, b);
  }

  relationsOf(name: string): RelationOf[] {
    return this.#graph.edgesOf(name);
  }

  degree(name: string): number {
    return this.#graph.degree(name);
  }

  relations(): IterableIterator<RelationOf> {
    return this.#graph.edges();
  }

  setEntity(name: string, attributes: EntityAttributes): void {
    this.#graph.setNode(name, attributes);
    this.dirty = true;
  }

  /** Also removes its relations. */
  deleteEntity(name: string): void {
    if (this.#graph.deleteNode(name)) this.dirty = true;
  }

  /** Both ends should exist; a missing one is created without content. */
  setRelation(a: string, b: string, attributes: RelationAttributes): void {
    this.#graph.setEdge(a, b, attributes, bareEntity);
    this.dirty = true;
  }

  deleteRelation(a: string, b: string): void {
    if (this.#graph.deleteEdge(a, b)) this.dirty = true;
  }

  async write(out: ReplacementFile): Promise<void> {
    await writeGraphMl({ nodes: () => this.#writtenNodes(), edges: () => this.#writtenEdges() }, out);
    this.image = out.image;
  }

  published(): void {
    this.dirty = false;
  }

  close(): void {
    this.#graph.clear();
  }

  /** A name that occurs twice has the attributes of both. */
  #sink(): GraphMlSink {
    const graph = this.#graph;
    return {
      node: (name, attributes) => {
        graph.setNode(name, { ...bareEntity(name), ...graph.node(name), ...attributes });
      },
      edge: (source, target, attributes) => {
        if (source === target) return;
        const merged = { ...bareRelation, ...graph.edge(source, target), ...attributes };
        graph.setEdge(source, target, merged, bareEntity);
      },
    };
  }

  *#writtenNodes(): Iterable<WrittenNode> {
    for (const { name, attributes } of this.#graph.nodes()) yield { name, attributes: written(attributes) };
  }

  *#writtenEdges(): Iterable<WrittenEdge> {
    for (const { source, target, attributes } of this.#graph.edges()) {
      yield { source, target, attributes: written(attributes) };
    }
  }
}

function written(attributes: object): Attributes {
  return attributes as Attributes;
}

/** Defaults for a node that another tool wrote. */
function bareEntity(name: string): EntityAttributes {
  return {
    entity_id: name,
    entity_type: "UNKNOWN",
    description: "",
    source_id: "",
    file_path: "",
    created_at: 0,
    truncate: "",
  };
}

/** Defaults for an edge that another tool wrote. */
const bareRelation: RelationAttributes = {
  weight: 1,
  description: "",
  keywords: "",
  source_id: "",
  file_path: "",
  created_at: 0,
  truncate: "",
};
