import type { KnowledgeGraph } from "../../sinks/lightrag/knowledge-reader.ts";
import type { ArchiveRecord } from "../archive/write-archive.ts";
import { type EntityJson, entityJson, type RelationJson, relationJson } from "../knowledge/knowledge-json.ts";

/** What one LightRAG knows. */
export interface SinkGraph {
  /** Where it is; for people. URL without secrets, or folder. */
  sink: string;
  graph: KnowledgeGraph;
}

/** The graphs as records: all entities, then all relations, each with the LightRAG that it is from. */
export async function* graphRecords(graphs: readonly SinkGraph[]): AsyncGenerator<ArchiveRecord> {
  for (const { sink, graph } of graphs) {
    for (const entity of graph.entities) yield recordOf("entities", sink, entityJson(entity, noNotes));
  }
  for (const { sink, graph } of graphs) {
    for (const each of graph.relations) yield recordOf("relations", sink, relationJson(each, noNotes));
  }
}

const noNotes = new Map();

/** Without the memories: the ledger in the same archive leads to them. */
function recordOf(
  kind: "entities" | "relations",
  sink: string,
  { memoryIds: _, ...known }: EntityJson | RelationJson,
): ArchiveRecord {
  return { kind, record: { sink, ...known } };
}
