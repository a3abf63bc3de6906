import { existsSync } from "node:fs";
import { UndirectedGraph } from "graphology";
import { noFile } from "./file-image.ts";
import type { Attributes, GraphMlSink } from "./graph-ml.ts";
import { readGraphMl } from "./graph-ml-reader.ts";
import { type WrittenEdge, type WrittenNode, writeGraphMl } from "./graph-ml-writer.ts";
import type { GraphReader, RelationOf } from "./readers.ts";
import type { EntityAttributes, RelationAttributes } from "./records.ts";
import type { ReplacementFile } from "./replacement-file.ts";
import type { StoredFile } from "./stored-file.ts";

type Graph = UndirectedGraph<EntityAttributes, RelationAttributes>;

/** LightRAG's graph file and the graph itself, which is held in memory whole. */
export class GraphStore implements GraphReader, StoredFile {
  readonly path: string;
  readonly #graph: Graph = new UndirectedGraph({ multi: false, allowSelfLoops: false });
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
    return this.#graph.order;
  }

  get edgeCount(): number {
    return this.#graph.size;
  }

  *names(): IterableIterator<string> {
    for (const { node } of this.#graph.nodeEntries()) yield node;
  }

  entity(name: string): Readonly<EntityAttributes> | undefined {
    return this.#graph.hasNode(name) ? this.#graph.getNodeAttributes(name) : undefined;
  }

  relation(a: string, b: string): Readonly<RelationAttributes> | undefined {
    return this.#graph.hasEdge(a, b) ? this.#graph.getEdgeAttributes(a, b) : undefined;
  }

  relationsOf(name: string): RelationOf[] {
    if (!this.#graph.hasNode(name)) return [];
    return this.#graph.mapEdges(name, (_edge, attributes, source, target) => ({
      source,
      target,
      attributes,
    }));
  }

  degree(name: string): number {
    return this.#graph.hasNode(name) ? this.#graph.degree(name) : 0;
  }

  *relations(): IterableIterator<RelationOf> {
    for (const { source, target, attributes } of this.#graph.edgeEntries())
      yield { source, target, attributes };
  }

  setEntity(name: string, attributes: EntityAttributes): void {
    this.#graph.mergeNode(name);
    this.#graph.replaceNodeAttributes(name, attributes);
    this.dirty = true;
  }

  /** Also removes its relations. */
  deleteEntity(name: string): void {
    if (!this.#graph.hasNode(name)) return;
    this.#graph.dropNode(name);
    this.dirty = true;
  }

  /** Both ends must be there. */
  setRelation(a: string, b: string, attributes: RelationAttributes): void {
    this.#graph.mergeEdge(a, b);
    this.#graph.replaceEdgeAttributes(a, b, attributes);
    this.dirty = true;
  }

  deleteRelation(a: string, b: string): void {
    if (!this.#graph.hasEdge(a, b)) return;
    this.#graph.dropEdge(a, b);
    this.dirty = true;
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

  #sink(): GraphMlSink {
    return {
      node: (name, attributes) => {
        this.#graph.mergeNode(name, { ...bareEntity(name), ...attributes });
      },
      edge: (source, target, attributes) => {
        if (source === target) return;
        for (const name of [source, target]) {
          if (!this.#graph.hasNode(name)) this.#graph.addNode(name, bareEntity(name));
        }
        this.#graph.mergeEdge(source, target, { ...bareRelation, ...attributes });
      },
    };
  }

  *#writtenNodes(): Iterable<WrittenNode> {
    for (const { node, attributes } of this.#graph.nodeEntries()) {
      yield { name: node, attributes: attributes as unknown as Attributes };
    }
  }

  *#writtenEdges(): Iterable<WrittenEdge> {
    for (const { source, target, attributes } of this.#graph.edgeEntries()) {
      yield { source, target, attributes: attributes as unknown as Attributes };
    }
  }
}

/** What a node of another tool lacks. */
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

/** What an edge of another tool lacks. */
const bareRelation: RelationAttributes = {
  weight: 1,
  description: "",
  keywords: "",
  source_id: "",
  file_path: "",
  created_at: 0,
  truncate: "",
};
