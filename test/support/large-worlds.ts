import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { newRow } from "../../src/domain/ledger.ts";
import type { LedgerRow } from "../../src/domain/ledger-row.ts";
import { buildSqliteState } from "../../src/state/sqlite/sqlite-transfer.ts";

const hourMs = 3_600_000;

/** Fills the ledger of a connector with memories, one an hour, before its service starts. `m0` is the oldest. */
export async function fillLedger(folder: string, connectorId: string, count: number): Promise<void> {
  const builder = buildSqliteState(join(folder, "memory_sync_state.db"));
  try {
    for (let at = 0; at < count; at += 1) builder.add({ section: "ledger", record: rowOf(connectorId, at) });
    await builder.finish();
  } finally {
    builder.close();
  }
}

function rowOf(connectorId: string, at: number): LedgerRow {
  const key = { connectorId, contextId: connectorId.toUpperCase(), memoryId: `m${at}` };
  return {
    ...newRow(key, `m${at}@${key.contextId}.md`, Date.UTC(2026, 0, 1)),
    status: at % 100 === 0 ? "dead" : "processed",
    version: 1,
    documentId: `doc-${at}`,
    memoryCreatedAt: Date.UTC(2014, 0, 1) + at * hourMs,
    text: `Number ${at}: the boat came back late, and Ana had mended the sail by then. `.repeat(3),
    facets: { place: ["Lisbon", "Portugal"], tags: [`tag ${at % 50}`], people: [`person ${at % 300}`] },
  };
}

/** Writes a graph into a folder of direct mode: `Hub` with `spokes` neighbours, and others in a chain. */
export async function fillGraph(folder: string, entities: number, spokes: number): Promise<void> {
  const path = join(folder, "lightrag");
  await mkdir(path, { recursive: true });
  const file = createWriteStream(join(path, "graph_chunk_entity_relation.graphml"));
  await pipeline(Readable.from(graphMl(entities, spokes)), file);
}

function* graphMl(entities: number, spokes: number): Generator<string> {
  const nameOf = (at: number) => (at === 0 ? "Hub" : `Entity ${at}`);
  yield '<?xml version="1.0" encoding="UTF-8"?><graphml xmlns="http://graphml.graphdrawing.org/xmlns">';
  for (const name of ["entity_id", "entity_type", "description", "source_id", "file_path"])
    yield `<key id="${name}" for="node" attr.name="${name}" attr.type="string"/>`;
  yield '<key id="weight" for="edge" attr.name="weight" attr.type="double"/><graph edgedefault="undirected">';
  for (let at = 0; at < entities; at += 1) {
    const of = {
      entity_id: nameOf(at),
      entity_type: "person",
      description: `What is said of ${nameOf(at)}.`,
    };
    yield `<node id="${nameOf(at)}">${Object.entries({ ...of, source_id: "chunk-1", file_path: "m1@NINA.md" })
      .map(([key, value]) => `<data key="${key}">${value}</data>`)
      .join("")}</node>`;
  }
  for (let at = 1; at < entities; at += 1) {
    yield `<edge source="${nameOf(at - 1)}" target="${nameOf(at)}"><data key="weight">1.0</data></edge>`;
    if (at > 1 && at <= spokes)
      yield `<edge source="Hub" target="${nameOf(at)}"><data key="weight">${(at % 7) + 2}.0</data></edge>`;
  }
  yield "</graph></graphml>";
}
