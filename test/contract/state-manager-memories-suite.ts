import { readFileSync, statSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { type AreaSize, distanceKm } from "../../src/domain/areas.ts";
import { type Facets, noFacets } from "../../src/domain/facets.ts";
import { isGroup, type LedgerRow, ledgerStatuses } from "../../src/domain/ledger-row.ts";
import { foldText } from "../../src/kernel/util/text.ts";
import { facetsOfRow, memoryMatcher } from "../../src/state/memory-matches.ts";
import { type FacetKind, type MemoryQuery, timeUnitMs } from "../../src/state/memory-query.ts";
import type { StateManager } from "../../src/state/state-manager.ts";
import { pendingRow, scope } from "./state-manager-samples.ts";
import { capabilitiesOfStore, makeStore, type StoreName } from "./state-manager-store.ts";

const { connectorId } = scope;

const spots = [
  { lat: 38.7139, lon: -9.1334 },
  { lat: 38.7071, lon: -9.1355 },
  { lat: 38.69, lon: -9.42 },
  { lat: -17.8, lon: 179.99 },
  { lat: -17.8, lon: -179.99 },
  { lat: 90, lon: 0 },
  { lat: 0, lon: 0 },
  { lat: 0.29, lon: -0.01 },
];
const facets = fc.record({
  place: fc.subarray(["Alfama", "Lisbon", "PORTUGAL"]),
  tags: fc.subarray(["Kayak", "café", "雨"]),
  people: fc.subarray(["Zoë", "nora"]),
});
const text = fc.constantFrom(
  null,
  "Nora mends the old kayak in Lisbon",
  "The CAFÉ was closed; a kayak",
  "雨の日",
  'a "quoted" word',
);
const anyRow = fc
  .record({
    contextId: fc.constantFrom("a", "b"),
    memoryId: fc.constantFrom("m", "n", "é", "😀", "10", "9", "x", "y"),
    status: fc.constantFrom(...ledgerStatuses),
    memoryCreatedAt: fc.option(fc.integer({ min: -3, max: 3 }).map((units) => units * timeUnitMs + 7)),
    location: fc.option(fc.constantFrom(...spots)),
    documentId: fc.constantFrom(null, "doc"),
    isGroup: fc.integer({ min: 0, max: 9 }).map((one) => one === 0),
    facets,
    text,
  })
  .map(({ isGroup: group, ...parts }): LedgerRow => {
    const row = { ...pendingRow({ memoryId: parts.memoryId }), ...parts };
    return group ? { ...row, groupKey: row.memoryId } : row;
  });
const someRows = fc.uniqueArray(anyRow, {
  maxLength: 16,
  selector: (row) => JSON.stringify([row.contextId, row.memoryId]),
});
const moment = fc.integer({ min: -3, max: 4 }).map((units) => units * timeUnitMs + 7);
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const anyFacet = fc.constantFrom<{ kind: FacetKind; key: string }>(
  { kind: "tag", key: "kayak" },
  { kind: "tag", key: "cafe" },
  { kind: "tag", key: "nobody has it" },
  { kind: "person", key: "zoe" },
  { kind: "place", key: "portugal" },
  { kind: "area", key: "0.1:38.7:-9.2" },
  { kind: "area", key: "1:-18:179" },
);
const anyQuery: fc.Arbitrary<MemoryQuery> = fc.record({
  connectorId: fc.constant(connectorId),
  contextId: optional(fc.constantFrom("a", "b")),
  statuses: optional(fc.subarray([...ledgerStatuses])),
  since: optional(moment),
  until: optional(moment),
  facets: optional(fc.array(anyFacet, { maxLength: 2 })),
  near: optional(
    fc.record({ centre: fc.constantFrom(...spots), radiusKm: fc.constantFrom(0.5, 5, 30, 400, 9000) }),
  ),
  words: optional(fc.subarray(["kayak", "old", "雨", '"quoted"', "a", "cafe"], { maxLength: 2 })),
});

/** The answer that a query must have, worked out the slow way. */
function expected(rows: readonly LedgerRow[], query: MemoryQuery): string[] {
  const { contextId, statuses, since, until, near, words = [], facets: wanted = [] } = query;
  return rows
    .filter((row) => !isGroup(row))
    .filter((row) => contextId === undefined || row.contextId === contextId)
    .filter((row) => statuses === undefined || statuses.includes(row.status))
    .filter(({ memoryCreatedAt: at }) => since === undefined || at === null || at >= since)
    .filter(({ memoryCreatedAt: at }) => until === undefined || at === null || at <= until)
    .filter(({ memoryCreatedAt: at }) => (since ?? until) === undefined || at !== null)
    .filter(({ location }) => !near || (location && distanceKm(location, near.centre) <= near.radiusKm))
    .filter(({ status, documentId }) => !near || status !== "deleted" || documentId !== null)
    .filter((row) => words.every((word) => foldText(row.text ?? "").includes(word)))
    .filter((row) =>
      wanted.every(({ kind, key }) => facetsOfRow(row).some((one) => one.kind === kind && one.key === key)),
    )
    .map(keyOf);
}

const keyOf = (row: LedgerRow) => JSON.stringify([row.contextId, row.memoryId]);

async function found(state: StateManager, query: MemoryQuery, limit: number): Promise<LedgerRow[]> {
  const rows: LedgerRow[] = [];
  let after: string | null = null;
  do {
    const page = await state.searchMemories(query, { limit, after });
    expect(page.rows.length).toBeLessThanOrEqual(limit);
    rows.push(...page.rows);
    after = page.next;
  } while (after !== null);
  return rows;
}

/** The documents of the same memories, as their own pages give them. */
async function foundDocuments(state: StateManager, query: MemoryQuery, limit: number): Promise<string[]> {
  const names: string[] = [];
  let after: string | null = null;
  do {
    const page = await state.pageMemoryDocuments(query, { limit, after });
    expect(page.documents.length).toBeLessThanOrEqual(limit);
    names.push(...page.documents.map(nameOf));
    after = page.next;
  } while (after !== null);
  return names.toSorted();
}

const nameOf = ({
  contextId,
  groupKey,
  fileSource,
}: Pick<LedgerRow, "contextId" | "groupKey" | "fileSource">) =>
  JSON.stringify(groupKey === null ? fileSource : [contextId, groupKey, fileSource]);

/** Every row in a new version, so that what is known of the old one has to go. */
async function replaceAll(state: StateManager, rows: readonly LedgerRow[]): Promise<void> {
  const stored: LedgerRow[] = [];
  for (const contextId of ["a", "b"]) {
    const ids = rows.filter((row) => row.contextId === contextId).map(({ memoryId }) => memoryId);
    stored.push(...(await state.getRows({ connectorId, contextId }, ids)).values());
  }
  const versions = new Map(stored.map((row) => [keyOf(row), row.version]));
  await state.saveRows(rows.map((row) => ({ ...row, version: versions.get(keyOf(row)) ?? 0 })));
}

async function requireTrueTimes(state: StateManager): Promise<void> {
  const short = Array.from({ length: 8 }, (_, at) => [at - 4, at - 2] as const);
  // Of days of UTC: all of one and two, and parts of those beside them.
  const long = [
    [-96, 96] as const,
    [0, 96] as const,
    [-97, 1] as const,
    [-1, 300] as const,
    [-300, 97] as const,
  ];
  for (const [first, end] of [...short, ...long]) {
    const span = { from: first * timeUnitMs, to: end * timeUnitMs };
    const counts = await state.countInSpan({ connectorId }, span);
    for (const status of ledgerStatuses) {
      const query = { connectorId, statuses: [status], since: span.from, until: span.to - 1 };
      expect(counts[status]).toBe((await found(state, query, 50)).length);
    }
  }
}

async function requireTrueFacets(state: StateManager): Promise<void> {
  for (const kind of ["tag", "person", "place", "area"] as const) {
    for (const { key, count } of await state.pageFacets(connectorId, { kind, limit: 100 })) {
      const rows = await found(state, { connectorId, facets: [{ kind, key }] }, 50);
      expect(count).toBe(rows.length);
      expect(count).toBeGreaterThan(0);
    }
  }
}

export function stateManagerMemoriesSuite(backend: StoreName): void {
  const openState = async () => {
    const state = await makeStore(backend).open();
    await state.keepTexts(200);
    return state;
  };
  const row = (memoryId: string, parts: Partial<LedgerRow> = {}): LedgerRow => ({
    ...pendingRow({ memoryId }),
    ...parts,
  });

  describe(`${backend}: memories`, () => {
    test("any question about memories is answered by exactly those that match, newest first, also after rows have changed", async () => {
      const state = await openState();
      await fc.assert(
        fc.asyncProperty(
          someRows,
          someRows,
          fc.array(fc.tuple(anyQuery, fc.integer({ min: 1, max: 5 })), { minLength: 4, maxLength: 4 }),
          async (before, rows, queries) => {
            await state.resetConnector(connectorId);
            await state.saveRows(before);
            await replaceAll(state, rows);
            const later = new Map([...before, ...rows].map((each) => [keyOf(each), each]));
            for (const [query, limit] of queries) {
              const shown = await found(state, query, limit);
              expect(shown.map(keyOf).toSorted()).toEqual(expected([...later.values()], query).toSorted());
              const matching = [...later.values()].filter(memoryMatcher(query));
              expect(matching.map(keyOf).toSorted()).toEqual(shown.map(keyOf).toSorted());
              expect(await foundDocuments(state, query, limit)).toEqual(shown.map(nameOf).toSorted());
              const ages = shown.map(({ memoryCreatedAt }) => memoryCreatedAt ?? Number.POSITIVE_INFINITY);
              expect(ages).toEqual(ages.toSorted((a, b) => b - a));
            }
          },
        ),
        { numRuns: 80 },
      );
    });

    test("a memory that is gone everywhere is near nothing, however wide the circle", async () => {
      const state = await openState();
      const location = { lat: 38.71, lon: -9.14 };
      await state.saveRows([row("gone", { status: "deleted", documentId: null, location })]);
      for (const radiusKm of [1, 9000])
        expect(await found(state, { connectorId, near: { centre: location, radiusKm } }, 5)).toEqual([]);
    });

    test("a memory is found by nothing once it is gone everywhere, and by all of it when it comes back as it was", async () => {
      const state = await openState();
      const facet = { kind: "tag" as const, key: "kayak" };
      const described = { facets: { ...noFacets, tags: ["Kayak"] }, location: { lat: 38.71, lon: -9.14 } };
      let [saved] = await state.saveRows([row("m", described)]);
      for (const status of ["deleted", "deleted", "pending", "submitting", "deleted", "pending"] as const) {
        if (saved === undefined) throw new Error("nothing was saved");
        [saved] = await state.saveRows([{ ...saved, status }]);
        const expected = status === "deleted" ? [] : ["m"];
        const shown = await found(state, { connectorId, facets: [facet] }, 5);
        expect(shown.map(({ memoryId }) => memoryId)).toEqual(expected);
        await requireTrueFacets(state);
      }
    });

    test("what is counted is what a search finds, whatever rows went through", async () => {
      const state = await openState();
      await fc.assert(
        fc.asyncProperty(someRows, someRows, async (before, rows) => {
          await state.resetConnector(connectorId);
          await state.saveRows(before);
          await replaceAll(state, rows);
          await requireTrueTimes(state);
          await requireTrueFacets(state);
        }),
        { numRuns: 25 },
      );
    });

    test("areas of one size come with the most memories first, in pages", async () => {
      const state = await openState();
      const areas = (size: AreaSize, after?: { count: number; key: string }) =>
        state.pageFacets(connectorId, { kind: "area", size, limit: 2, after });
      await state.saveRows([
        row("5", { location: { lat: 38.71, lon: -9.14 } }),
        row("6", { location: { lat: 38.72, lon: -9.14 } }),
        row("7", { location: { lat: 38.95, lon: -9.14 } }),
        row("8", { location: { lat: -1.5, lon: 0.5 } }),
      ]);
      expect(await areas("1")).toMatchObject([
        { key: "1:38:-10", count: 3 },
        { key: "1:-2:0", count: 1 },
      ]);
      expect(await areas("0.1")).toMatchObject([
        { key: "0.1:38.7:-9.2", count: 2 },
        { key: "0.1:-1.5:0.5", count: 1 },
      ]);
      expect(await areas("0.1", { count: 1, key: "0.1:-1.5:0.5" })).toMatchObject([{ key: "0.1:38.9:-9.2" }]);
    });

    test("facets come most frequent first, in pages, and those of a span from its own memories", async () => {
      const state = await openState();
      const tagged = (memoryId: string, units: number, ...tags: string[]) =>
        row(memoryId, {
          memoryCreatedAt: units * timeUnitMs,
          facets: { ...noFacets, tags } satisfies Facets,
        });
      await state.saveRows([
        tagged("1", 0, "a", "b"),
        tagged("2", 1, "B"),
        tagged("3", 2, "c"),
        tagged("4", 3, "C"),
      ]);
      const all = await state.pageFacets(connectorId, { kind: "tag", limit: 10 });
      expect(all.map(({ key, count }) => [key, count])).toEqual([
        ["b", 2],
        ["c", 2],
        ["a", 1],
      ]);
      const after = { count: 2, key: "b" };
      const behind = await state.pageFacets(connectorId, { kind: "tag", limit: 1, after });
      expect(behind).toMatchObject([{ kind: "tag", key: "c", count: 2 }]);
      const ask = { span: { from: 0, to: 2 * timeUnitMs }, kinds: ["tag"] as const, limit: 1, looked: 100 };
      expect(await state.topFacets({ connectorId, contextId: scope.contextId }, ask)).toMatchObject({
        facets: [{ key: "b", count: 2 }],
        looked: 2,
      });
      expect(await state.topFacets({ connectorId }, { ...ask, looked: 1 })).toMatchObject({
        facets: [{ key: "b", count: 1 }],
        looked: 1,
      });
      expect(await state.newestUnitBefore({ connectorId }, 3 * timeUnitMs)).toBe(2 * timeUnitMs);
      expect(await state.newestUnitBefore({ connectorId }, 0)).toBeNull();
    });

    test("of words there is kept what the setting allows, and nothing of them stays when it allows less", async () => {
      const store = makeStore(backend);
      const state = await store.open();
      onTestFinished(() => state.close());
      await state.saveRows([row("before", { text: "the secret kayak" })]);
      expect((await state.getRows(scope, ["before"])).get("before")?.text).toBeNull();
      await state.keepTexts(13);
      const [saved] = await state.saveRows([row("after", { text: "the secret kayak 😀" })]);
      expect(saved?.text).toBe("the secret ka");
      expect(await found(state, { connectorId, words: ["secret"] }, 5)).toEqual([saved]);
      expect(await state.keepTexts(4)).toBe(true);
      expect(await found(state, { connectorId, words: ["secret"] }, 5)).toEqual([]);
      expect((await state.getRows(scope, ["after"])).get("after")?.text).toBe("the ");
      expect(await state.keepTexts(0)).toBe(true);
      expect((await state.getRows(scope, ["after"])).get("after")?.text).toBeNull();
    });

    test("texts are cut whole, however many there are, and a cut that was interrupted before files were written anew is finished", async () => {
      const store = makeStore(backend);
      const state = await store.open({ keepText: 50 });
      await state.saveRows(
        Array.from({ length: 1201 }, (_, at) => row(`m${at}`, { text: "the secret kayak" })),
      );
      expect(await state.keepTexts(0)).toBe(true);
      const texts = (await found(state, { connectorId }, 500)).map(({ text: kept }) => kept);
      expect(new Set(texts)).toEqual(new Set([null]));
      // As after a crash here.
      await state.close();
      const again = await store.open();
      expect(await again.keepTexts(0)).toBe(true);
      await again.expunge();
      expect(await again.keepTexts(0)).toBe(false);
    });

    test.runIf(capabilitiesOfStore(backend).file)(
      "opening a state in which no text is too long writes nothing",
      async () => {
        const store = makeStore(backend);
        const state = await store.open({ keepText: 50 });
        await state.saveRows([row("m", { text: "the secret kayak" })]);
        await state.close();
        const before = readFileSync(store.path);
        const changed = statSync(store.path, { bigint: true }).mtimeNs;
        await (await store.open({ keepText: 50 })).close();
        expect(readFileSync(store.path).equals(before)).toBe(true);
        expect(statSync(store.path, { bigint: true }).mtimeNs).toBe(changed);
      },
    );
  });
}
