import { expect, test } from "vitest";
import { documentIdOf } from "../document-id.ts";
import type { GraphAnswer } from "./knowledge-wire.ts";
import { chunksNamedIn } from "./named-chunks.ts";

const fileSource = "m1@CTX.md";
const documentId = documentIdOf("1.5", { fileSource, text: "" });
const document = { fileSource, documentId };
const other = "doc-00000000000000000000000000000000-chunk-000";
const chunk = (order: number) => `${documentId}-chunk-00${order}`;

function graph(
  nodes: Record<string, { source_id?: string; file_path?: string; truncate?: string }>,
  edges: GraphAnswer["edges"] = [],
): GraphAnswer {
  return { nodes: Object.entries(nodes).map(([id, properties]) => ({ id, properties })), edges };
}

test("of a server of 1.5 the chunks are those that its graph names, in their order, with what was found in each", () => {
  const answer = graph(
    {
      Zoë: { source_id: `${chunk(1)}<SEP>${other}<SEP>${chunk(0)}`, file_path: "other.md" },
      Nora: { source_id: chunk(0), file_path: fileSource },
      Ines: { source_id: other, file_path: "other.md" },
    },
    [{ source: "Zoë", target: "Nora", properties: { source_id: chunk(1), keywords: "friends" } }],
  );
  const found = chunksNamedIn(answer, document);
  expect(found).toMatchObject({
    isTold: false,
    complete: true,
    chunks: [
      { id: chunk(0), order: 0, text: null, entities: [{ name: "Zoë" }, { name: "Nora" }], relations: [] },
      { id: chunk(1), order: 1, entities: [{ name: "Zoë" }], relations: [{ source: "Zoë", target: "Nora" }] },
    ],
  });
});

test("of an older server the chunks are known that name nothing of another document; of the rest it is said that some may be missing", () => {
  const alone = graph({ Zoë: { source_id: "chunk-a<SEP>chunk-b", file_path: fileSource } });
  expect(chunksNamedIn(alone, document)).toMatchObject({
    complete: true,
    chunks: [{ id: "chunk-a", order: null }, { id: "chunk-b" }],
  });
  const shared = graph({
    Zoë: { source_id: "chunk-a<SEP>chunk-b", file_path: `${fileSource}<SEP>other.md` },
  });
  expect(chunksNamedIn(shared, document)).toMatchObject({ complete: false, chunks: [] });
});

test.each([
  ["the graph is cut", { ...graph({}), is_truncated: true }],
  ["an entity's list of chunks is cut", graph({ Zoë: { source_id: other, truncate: "FIFO 200/300" } })],
])("where %s, chunks may be missing", (_, answer) => {
  expect(chunksNamedIn(answer, document)).toMatchObject({ complete: false, chunks: [] });
});
