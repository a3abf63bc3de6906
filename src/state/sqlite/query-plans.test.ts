import { DatabaseSync } from "node:sqlite";
import { expect, onTestFinished, test } from "vitest";
import { newRow } from "../../domain/ledger.ts";
import { ageCursor, keyCursor, newestCursor, runCursor } from "../cursor.ts";
import { type CountQuery, timeUnitMs } from "../memory-query.ts";
import type { RowQuery } from "../state-manager.ts";
import { migrate } from "./migrations.ts";
import { SqliteLedgerTable } from "./sqlite-ledger-table.ts";
import { SqliteMemoryIndex } from "./sqlite-memory-index.ts";
import { SqliteRunTable } from "./sqlite-run-table.ts";
import { SqliteSyncStateTable } from "./sqlite-sync-state-table.ts";
import { SqliteValueTable } from "./sqlite-value-table.ts";

/** A database that remembers every text it was asked to prepare. */
function watchedDatabase() {
  const database = new DatabaseSync(":memory:");
  onTestFinished(() => database.close());
  migrate(database, ":memory:");
  const texts = new Set<string>();
  const prepare = database.prepare.bind(database);
  database.prepare = (sql: string) => {
    texts.add(sql);
    return prepare(sql);
  };
  const plan = (sql: string) =>
    prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .all()
      .map((step) => String(step.detail));
  return { database, plans: () => new Map([...texts].map((sql) => [sql, plan(sql)])) };
}

test("a page of documents begins where the one before has ended, and not at the first of them", () => {
  const { database, plans } = watchedDatabase();
  useEveryQuestion(database);
  const later = [...plans()].filter(([sql]) => sql.includes("json_group_array") && sql.includes("> (:age"));
  expect(later.length).toBeGreaterThan(1);
  for (const [sql, steps] of later)
    expect(steps.join("; "), sql).toMatch(
      /\((?:connector_id=\? AND status=\?|facet_id=\?) AND \(age,\w+(?:,\w+)?\)>/u,
    );
});

const scope = { connectorId: "c", contextId: "x" };
const key = { ...scope, memoryId: "m" };

function useEveryQuery(database: DatabaseSync): void {
  const ledger = new SqliteLedgerTable(database);
  ledger.save({ ...ledger.save(newRow(key, "f", 0)), attempts: 1 });
  ledger.get(scope, "m");
  ledger.isFinished(scope, "m");
  ledger.counts("c");
  ledger.group(scope, "day~place");
  ledger.oldestUnfinished(scope);
  ledger.waiting(scope);
  ledger.earliestAttempt("c", ["failed"]);
  const queries: Partial<RowQuery>[] = [
    {},
    { contextId: "x" },
    { statuses: ["failed", "dead"], dueBefore: 5 },
  ];
  const place = { age: 0, contextId: "", memoryId: "" };
  const cursors = {
    key: keyCursor.encode(place),
    oldest: ageCursor.encode(place),
    newest: newestCursor.encode(place),
  };
  for (const query of queries) {
    for (const order of ["key", "oldest", "newest"] as const) {
      ledger.page({ connectorId: "c", order, ...query }, { limit: 5 });
      ledger.page({ connectorId: "c", order, ...query }, { limit: 5, after: cursors[order] });
    }
  }
  useEveryQuestion(database);
  ledger.remove(key);
  ledger.removeSome("c", 5);
  const states = new SqliteSyncStateTable(database);
  states.get(scope);
  states.removeConnector("c");
  const runs = new SqliteRunTable(database);
  runs.list({ limit: 5 });
  runs.list({ limit: 5, connectorId: "c", after: runCursor.encode({ startedAt: 0, runId: "" }) });
  runs.pruneEndedBefore(5, 5);
  runs.olderThan("c", 5, 5);
  const values = new SqliteValueTable(database);
  values.put("k", 1, 5);
  values.get("k");
  values.forget({ before: 5, keep: 5 });
}

function useEveryQuestion(database: DatabaseSync): void {
  const ledger = new SqliteLedgerTable(database);
  const facets = { place: ["Lisbon"], tags: ["kayak"], people: ["Nora"] };
  const location = { lat: 38.71, lon: -9.14 };
  const row = { ...newRow({ ...scope, memoryId: "n" }, "f", 0), memoryCreatedAt: 0, location, facets };
  ledger.save({ ...row, text: "the old kayak" });
  expect([ledger.hasLongerTexts(12), ledger.hasLongerTexts(13)]).toEqual([true, false]);
  ledger.cutTexts(13);
  const memories = new SqliteMemoryIndex(database);
  const near = { centre: location, radiusKm: 5 };
  const tag = { kind: "tag", key: "kayak" } as const;
  const after = newestCursor.encode({ age: 5, contextId: "", memoryId: "" });
  const questions = [{ facets: [tag] }, { near }, { words: ["kayak"] }, { words: ["kayak"], facets: [tag] }];
  for (const question of questions) {
    expect(memories.search({ connectorId: "c", ...question }, { limit: 5 }).rows).toHaveLength(1);
    expect(memories.search({ connectorId: "c", ...question }, { limit: 5, after }).rows).toHaveLength(1);
  }
  for (const question of [{ since: -5 }, { contextId: "x", until: 5 }, { facets: [tag], since: -5 }]) {
    let page = memories.documents({ connectorId: "c", ...question }, { limit: 1 });
    let found = page.documents.length;
    while (page.next !== null) {
      page = memories.documents({ connectorId: "c", ...question }, { limit: 1, after: page.next });
      found += page.documents.length;
    }
    expect(found).toBe(1);
  }
  const span = { from: 0, to: timeUnitMs };
  expect(memories.countInSpan({ connectorId: "c" }, span)).toMatchObject({ discovered: 1 });
  expect(memories.newestUnitBefore({ connectorId: "c" }, timeUnitMs)).toBe(0);
  const top = memories.topFacets({ connectorId: "c" }, { span, kinds: ["tag"], limit: 3, looked: 5 });
  expect(top).toEqual({ facets: [{ ...tag, name: "kayak", count: 1 }], looked: 1 });
  expect(memories.pageFacets("c", { kind: "area", size: "1", limit: 5 })).toMatchObject([{ count: 1 }]);
  expect(memories.countFacets("c", "area", ["1:38:-10"])).toMatchObject([{ count: 1 }]);
}

test("every query is answered through an index, so that its cost does not follow the size of the ledger", () => {
  const { database, plans } = watchedDatabase();
  useEveryQuery(database);
  expect(plans().size).toBeGreaterThan(25);
  for (const [sql, steps] of plans()) {
    const scans = steps.filter((step) =>
      /^SCAN (ledger|payload|run|sync_state|facet|memory_|kept_text\b)/.test(step),
    );
    // The newest runs of all connectors are read from the end of an index.
    const whole = scans.filter((step) => !step.endsWith("USING INDEX run_by_start"));
    expect(whole, sql).toEqual([]);
  }
});

test("the index of a query has every column that the query compares with one value, unless its answer is a single page", () => {
  const { database, plans } = watchedDatabase();
  useEveryQuery(database);
  const whole = [...plans()].filter(([sql]) => /^(SELECT|UPDATE|DELETE)/u.test(sql) && !/LIMIT/u.test(sql));
  expect(whole.length).toBeGreaterThan(10);
  for (const [sql, steps] of whole) {
    const [, where = ""] = sql.split(/\bWHERE\b/u);
    const compared = ["connector_id", "context_id", "memory_id", "group_key", "run_id"].filter((column) =>
      new RegExp(`\\b${column} = \\?`, "u").test(where),
    );
    const used = steps.flatMap((step) => [...step.matchAll(/(\w+)=\?/gu)].map(([, column]) => column));
    expect(used, sql).toEqual(expect.arrayContaining(compared));
  }
});

test("pages are read in the order of an index and only the rows of one page are ever sorted", () => {
  const { database, plans } = watchedDatabase();
  useEveryQuery(database);
  const pages = [...plans()].filter(
    ([sql]) =>
      sql.includes("LIMIT :limit") && !/json_group_array|memory_facet|kept_word|FROM facet/u.test(sql),
  );
  expect(pages.length).toBe(18);
  for (const [sql, steps] of pages) {
    const walks = sql.split("SELECT id FROM (SELECT id").length - 1;
    expect(
      steps.filter((step) => /SEARCH ledger USING COVERING INDEX|SEARCH ledger USING INDEX/.test(step))
        .length,
      sql,
    ).toBe(walks);
    expect(steps.filter((step) => step.includes("TEMP B-TREE FOR ORDER BY")).length, sql).toBe(1);
  }
});

test("a period has its memories by status, in any time zone, and nothing of them stays", () => {
  const { database } = watchedDatabase();
  const ledger = new SqliteLedgerTable(database);
  const memories = new SqliteMemoryIndex(database);
  const times = [-1, 0, 95, 96, 500, 2_879, 2_880];
  const at = (unit: number) => unit * timeUnitMs;
  const rowAt = (unit: number) => ({
    ...newRow({ ...scope, memoryId: `m${unit}` }, "f", 0),
    memoryCreatedAt: at(unit) + 5,
  });
  const saved = times.map((unit) => ledger.save(rowAt(unit)));
  ledger.save({ ...rowAt(500), memoryId: "day", groupKey: "day" });
  ledger.save({ ...rowAt(500), memoryId: "timeless", memoryCreatedAt: null });
  const counted = (from: number, to: number) =>
    memories.countInSpan({ connectorId: "c" }, { from: at(from), to: at(to) }).discovered;
  expect([counted(0, 2_880), counted(95, 2_881), counted(-1, 96), counted(490, 600)]).toEqual([5, 5, 3, 1]);
  for (const row of saved.slice(0, 3)) ledger.save({ ...row, status: "dead" });
  for (const row of saved.slice(3)) ledger.save({ ...row, status: "processed" });
  const whole = { from: at(-96), to: Number.MAX_SAFE_INTEGER };
  expect(memories.countInSpan({ connectorId: "c" }, whole)).toMatchObject({
    processed: 4,
    dead: 3,
    discovered: 0,
  });
  const inDay = { from: at(96), to: at(191) };
  expect(memories.countInSpan({ connectorId: "c" }, inDay)).toMatchObject({ processed: 1, dead: 0 });
  expect(memories.countInSpan({ connectorId: "c", statuses: ["dead"] }, whole)).toMatchObject({
    processed: 0,
  });
  expect(memories.countInSpan({ connectorId: "c", contextId: "other" }, whole)).toMatchObject({ dead: 0 });
  const newest = (before: number, rest: Partial<CountQuery> = {}) =>
    memories.newestUnitBefore({ connectorId: "c", ...rest }, before);
  expect([newest(Number.MAX_SAFE_INTEGER), newest(at(2_880)), newest(at(500)), newest(at(-1))]).toEqual([
    at(2_880),
    at(2_879),
    at(96),
    null,
  ]);
  expect(newest(at(2_880), { statuses: ["dead"] })).toBe(at(95));
  expect([newest(at(96), { contextId: "other" }), newest(at(96), { statuses: [] })]).toEqual([null, null]);
  for (const unit of times) ledger.remove({ ...scope, memoryId: `m${unit}` });
  expect(database.prepare("SELECT * FROM memory_day").all()).toEqual([]);
});

test("the areas with the most memories are read from the end of an index, and no others", () => {
  const { database, plans } = watchedDatabase();
  useEveryQuery(database);
  const pages = [...plans()].filter(([sql]) => sql.includes("= :size"));
  expect(pages.length).toBe(1);
  for (const [, steps] of pages)
    expect(steps).toEqual([expect.stringMatching(/^SEARCH facet USING INDEX facet_busiest_areas \(/u)]);
});
