import { join } from "node:path";
import { fileSourceOf } from "../src/documents/file-source.ts";
import { newRow } from "../src/domain/ledger.ts";
import { MemoryScope } from "../src/operations/knowledge/memory-scope.ts";
import { createBuiltinEmbedder } from "../src/sinks/lightrag/embedded/builtin/embedder.ts";
import { DirectKnowledgeReader } from "../src/sinks/lightrag/embedded/query/direct-knowledge-reader.ts";
import type { Change, VectorEntry } from "../src/sinks/lightrag/embedded/storage/changes.ts";
import { Folder } from "../src/sinks/lightrag/embedded/storage/folder.ts";
import type { QueryFilter } from "../src/sinks/lightrag/knowledge-reader.ts";
import { openState } from "../src/state/open-state.ts";
import { buildSqliteState } from "../src/state/sqlite/sqlite-transfer.ts";
import { memoryChunk } from "../test/support/memory-chunks.ts";
import { type Figure, median } from "./support/figures.ts";
import { BenchFolder } from "./support/world.ts";

const memories = Number(process.env.BENCH_MEMORIES ?? 200_000);
const entities = 1000;
const perCommit = 2000;
const repeats = 5;
const connectorId = "bench";
const contextId = "main";
const start = Date.UTC(2014, 0, 1);
const minuteMs = 60_000;
const words = [
  "kayak",
  "walnut",
  "harbour",
  "lantern",
  "pottery",
  "saffron",
  "glacier",
  "tandem",
  "violin",
  "meadow",
];

const idOf = (at: number) => `m${at}`;
const timeOf = (at: number) => start + at * 10 * minuteMs;
const entityOf = (at: number) => `entity ${at % entities}`;

/** What a filter costs a question over a folder of direct mode: one that all memories pass, one that few pass. */
export async function measureFilteredQuestions(): Promise<Figure[]> {
  using place = new BenchFolder();
  const embedding = createBuiltinEmbedder();
  const path = join(place.path, "state.db");
  const folder = await fillFolder(join(place.path, "lightrag"), embedding);
  await fillLedger(path);
  const state = await openState({ backend: "sqlite", path, readOnly: true });
  const reader = new DirectKnowledgeReader(folder.stores, { embedding });
  const signal = new AbortController().signal;
  const ask = async (within: QueryFilter | undefined) => {
    const question = "Who took the kayak and the violin to the harbour?";
    await reader.query({ question, mode: "mix", topK: 10, chunkTopK: 10, answer: false, within }, signal);
  };
  const scope = (since: number) => new MemoryScope(state, [{ connectorId, since }]);
  try {
    const plain = await milliseconds(() => ask(undefined));
    const wide = await milliseconds(() => ask(scope(start)));
    const narrow = await milliseconds(() => ask(scope(timeOf(memories - 200))));
    const of = `of ${memories.toLocaleString("en")} memories`;
    return [
      { what: `a question, ${of}`, value: plain, unit: "ms", target: null },
      {
        what: `with a filter that all pass, beside one without, ${of}`,
        value: wide / plain,
        unit: "×",
        target: { below: 1.5 },
        details: { ms: wide },
      },
      { what: `with a filter that 200 pass, ${of}`, value: narrow, unit: "ms", target: { below: plain } },
    ];
  } finally {
    await state.close();
    await folder.abandon();
  }
}

/** The median; the first question, which builds the index of words, is not one of them. */
async function milliseconds(ask: () => Promise<void>): Promise<number> {
  await ask();
  const ms: number[] = [];
  for (let turn = 0; turn < repeats; turn += 1) {
    const began = performance.now();
    await ask();
    ms.push(performance.now() - began);
  }
  return median(ms);
}

async function fillFolder(
  path: string,
  embedding: ReturnType<typeof createBuiltinEmbedder>,
): Promise<Folder> {
  const folder = await Folder.open(path, embedding);
  for (let at = 0; at < memories; at += perCommit) {
    const batch = Array.from({ length: Math.min(perCommit, memories - at) }, (_, step) => at + step);
    await folder.commit(batch.flatMap((each) => chunkChanges(each, embedding.dimension)));
  }
  for (let at = 0; at < entities; at += 1) await folder.commit(entityChanges(at, embedding.dimension));
  await folder.checkpoint();
  return folder;
}

function chunkChanges(at: number, dimension: number): Change[] {
  const said = `Nora: ${words[at % 10]}, ${words[(at * 7) % 10]} and the number ${at} of ${entityOf(at)}.`;
  const value = memoryChunk(idOf(at), new Date(timeOf(at)).toISOString(), said, contextId);
  const { content, full_doc_id, file_path } = value;
  const payload = { content, full_doc_id, file_path };
  return [
    { kind: "record", store: "text_chunks", key: idOf(at), value },
    { kind: "vector", store: "chunks", id: idOf(at), entry: vectorEntry(at, payload, dimension) },
  ];
}

function entityChanges(at: number, dimension: number): Change[] {
  const name = entityOf(at);
  const chunkIds = Array.from({ length: Math.floor(memories / entities) }, (_, step) =>
    idOf(at + step * entities),
  );
  const files = chunkIds.slice(0, 50).map((id) => fileSourceOf(contextId, id));
  const attributes = {
    ...{ entity_id: name, entity_type: "thing", description: `what is said of ${name}`, truncate: "" },
    ...{ source_id: chunkIds.slice(0, 50).join("<SEP>"), file_path: files.join("<SEP>"), created_at: 1 },
  };
  const payload = { entity_name: name, content: name, source_id: "", file_path: "" };
  return [
    { kind: "entity", name, attributes },
    { kind: "provenance", store: "entity_chunks", key: name, chunkIds, time: 1 },
    { kind: "vector", store: "entities", id: `ent-${at}`, entry: vectorEntry(at, payload, dimension) },
  ];
}

/** Every one near to the question, by a different measure. */
function vectorEntry(at: number, payload: object, dimension: number): VectorEntry {
  const vector = new Float32Array(dimension).map((_, step) => 1 + Math.sin(at * 31 + step * step));
  return { payload, vector, createdAt: 1 };
}

async function fillLedger(path: string): Promise<void> {
  const builder = buildSqliteState(path);
  for (let at = 0; at < memories; at += 1) {
    const key = { connectorId, contextId, memoryId: idOf(at) };
    const row = newRow(key, fileSourceOf(contextId, idOf(at)), timeOf(at));
    const delivered = {
      status: "processed",
      version: 1,
      documentId: `doc-${at}`,
      memoryCreatedAt: timeOf(at),
    } as const;
    builder.add({ section: "ledger", record: { ...row, ...delivered } });
  }
  await builder.finish();
  builder.close();
}
