import type { ArchiveRecord } from "../archive/write-archive.ts";
import { entityJson, relationJson } from "../json/knowledge-json.ts";
import type { KnowledgeGraph } from "../lightrag/knowledge-reader.ts";

/** What one LightRAG knows. */
export interface SinkGraph {
  /** Where it is; for people. URL without secrets, or folder. */
  sink: string;
  graph: KnowledgeGraph;
}

/** The graphs as records: all entities, then all relations, each with the LightRAG that it is from. */
export async function* graphRecords(graphs: readonly SinkGraph[]): AsyncGenerator<ArchiveRecord> {
  for (const { sink, graph } of graphs) {
    for (const entity of graph.entities) yield { kind: "entities", record: { sink, ...entityJson(entity) } };
  }
  for (const { sink, graph } of graphs) {
    for (const relation of graph.relations) {
      yield { kind: "relations", record: { sink, ...relationJson(relation) } };
    }
  }
}
