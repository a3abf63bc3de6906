import type { EntityJson, RelationJson } from "../operations/knowledge/knowledge-json.ts";
import { writeGraphMl } from "../sinks/lightrag/embedded/storage/graph-ml-writer.ts";

/** The graph as GraphML, with LightRAG's attribute names and its separator between the values of a list. */
export async function graphMl(graph: {
  entities: readonly EntityJson[];
  relations: readonly RelationJson[];
}): Promise<string> {
  const pieces: string[] = [];
  const out = {
    write: async (text: string) => {
      pieces.push(text);
    },
  };
  const written = { nodes: () => graph.entities.map(node), edges: () => graph.relations.map(edge) };
  await writeGraphMl(written, out);
  return pieces.join("").trimEnd();
}

const separator = "<SEP>";

function node({ name, type, descriptions, fileSources }: EntityJson) {
  const attributes = {
    entity_id: name,
    entity_type: type,
    description: descriptions.join(separator),
    file_path: fileSources.join(separator),
  };
  return { name, attributes };
}

function edge({ source, target, keywords, descriptions, weight, fileSources }: RelationJson) {
  const attributes = {
    weight,
    keywords: keywords.join(","),
    description: descriptions.join(separator),
    file_path: fileSources.join(separator),
  };
  return { source, target, attributes };
}
