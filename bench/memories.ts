import { join } from "node:path";
import { newRow } from "../src/domain/ledger.ts";
import type { LedgerRow } from "../src/domain/ledger-row.ts";
import { systemClock } from "../src/kernel/util/clock.ts";
import { listMemories } from "../src/operations/memories/list-memories.ts";
import { places } from "../src/operations/memories/places.ts";
import { timeline } from "../src/operations/memories/timeline.ts";
import type { Operation } from "../src/operations/operation.ts";
import type { OperationContext } from "../src/operations/operation-context.ts";
import { openState } from "../src/state/open-state.ts";
import { buildSqliteState } from "../src/state/sqlite/sqlite-transfer.ts";
import type { StateManager } from "../src/state/state-manager.ts";
import { type Figure, median } from "./support/figures.ts";
import { BenchFolder } from "./support/world.ts";

const rows = Number(process.env.BENCH_MEMORIES ?? 1_000_000);
const many = rows.toLocaleString("en");
const repeats = 7;
const dayMs = 86_400_000;
const connectorId = "bench";

/** Questions over a ledger of a million memories, or as many as BENCH_MEMORIES says, from eleven years, most of them from one town. */
export async function measureMemories(): Promise<Figure[]> {
  using folder = new BenchFolder();
  const path = join(folder.path, "state.db");
  const filled = await fillLedger(path);
  const figure = { what: `fill of a ledger with ${many} memories`, value: filled, unit: "s", target: null };
  return [figure, ...(await measureQuestions(path))];
}

export async function measureQuestions(path: string): Promise<Figure[]> {
  const state = await openState({ backend: "sqlite", path, readOnly: true });
  try {
    const asked = [
      ["timeline by day", timeline, { by: "day", timezone: "Europe/Berlin" }],
      [
        "timeline of 500 days of one context",
        timeline,
        { by: "day", timezone: "Europe/Lisbon", contextId: "main", limit: 500 },
      ],
      [
        "timeline of 500 days, counts alone",
        timeline,
        { by: "day", timezone: "Europe/Lisbon", limit: 500, top: 0 },
      ],
      ["timeline of a year by week", timeline, { by: "week", timezone: "Europe/Lisbon", limit: 53 }],
      ["timeline by month", timeline, { by: "month", timezone: "Asia/Kolkata", limit: 500 }],
      ["places of 1 km", places, { size: "0.01" }],
      ["places of 100 km", places, { size: "1", limit: 500 }],
      ["memories by tag", listMemories, { tag: "tag 7" }],
      ["memories around a place", listMemories, { near: "38.71,-9.14", radiusKm: 5 }],
      [
        "memories of a rare tag, around a place",
        listMemories,
        { tag: "rare 7", near: "38.71,-9.14", radiusKm: 30 },
      ],
    ] as const;
    const figures: Figure[] = [];
    for (const [what, operation, input] of asked)
      figures.push(await measure(state, what, operation as unknown as Operation, input));
    return figures;
  } finally {
    await state.close();
  }
}

async function measure(
  state: StateManager,
  what: string,
  operation: Operation,
  given: object,
): Promise<Figure> {
  const connector = { id: connectorId, timezone: "Europe/Lisbon", transformation: {} };
  const services = { state, connectors: { configs: () => [connector] }, connector: () => connector };
  const context = { services, signal: new AbortController().signal } as unknown as OperationContext;
  const input = operation.input.parse(given);
  // All is read from the page cache: on a quiet machine this is the time by the clock, and on another one it can be compared.
  const ms: number[] = [];
  for (let turn = 0; turn < repeats; turn += 1) {
    const began = process.cpuUsage();
    await operation.run(context, input);
    const { user, system } = process.cpuUsage(began);
    ms.push((user + system) / 1000);
  }
  return {
    what: `${what}, of ${many} memories: processor time`,
    value: median(ms),
    unit: "ms",
    target: { below: 200 },
    details: { ms },
  };
}

export async function fillLedger(path: string): Promise<number> {
  const began = performance.now();
  const builder = buildSqliteState(path);
  for (let at = 0; at < rows; at += 1) builder.add({ section: "ledger", record: rowOf(at) });
  await builder.finish();
  builder.close();
  return (performance.now() - began) / 1000;
}

function rowOf(at: number): LedgerRow {
  const key = { connectorId, contextId: "main", memoryId: `m${at}` };
  // Multiplied by primes, so that time, place and tags have nothing to do with each other.
  const spread = (prime: number) => ((at * prime) % rows) / rows;
  return {
    ...newRow(key, `${connectorId}--m${at}.md`, systemClock.now()),
    status: at % 100 === 0 ? "dead" : "processed",
    version: 1,
    documentId: `doc-${at}`,
    memoryCreatedAt: Date.UTC(2014, 0, 1) + Math.floor(spread(611_953) * 4000 * dayMs),
    location: placeOf(at, spread(104_729), spread(1_299_709)),
    facets: {
      place: ["Lisbon", "Portugal"],
      tags: [`tag ${at % 50}`, `rare ${at % 20_000}`],
      people: at % 3 === 0 ? [`person ${at % 300}`] : [],
    },
  };
}

/** Nine of ten around one town. */
function placeOf(at: number, up: number, right: number) {
  if (at % 10 === 0) return { lat: up * 140 - 70, lon: right * 360 - 180 };
  return { lat: 38.6 + up * 0.3, lon: -9.4 + right * 0.4 };
}
