import * as fc from "fast-check";
import { expect, test } from "vitest";
import { errorCodes } from "../../src/kernel/errors/codes.ts";
import { listAuditEntries } from "../../src/operations/audit/list-audit-entries.ts";
import { listErrors } from "../../src/operations/errors/list-errors.ts";
import { findEntities, getEntity } from "../../src/operations/knowledge/get-entity.ts";
import { queryKnowledge } from "../../src/operations/knowledge/query-knowledge.ts";
import { findMemory } from "../../src/operations/memories/get-memory.ts";
import { listMemories } from "../../src/operations/memories/list-memories.ts";
import { places } from "../../src/operations/memories/places.ts";
import { filterOf as memoriesOf, queryOf } from "../memories/memory-filter.ts";
import { questionOf } from "../pages/ask/question.ts";
import { filterOf as auditOf, queryOf as auditQueryOf } from "../pages/audit/audit-filter.tsx";
import { pages } from "./pages.ts";
import { readingOf } from "./reading.ts";
import { placeOf } from "./router.ts";

const known = { connectors: new Set(["nina", "museum"]) };
const readsAt = (address: string) => pages.find((page) => page.address === address)?.reads ?? [];
const read = (address: string, search: string) =>
  readingOf(placeOf(`#${address}?${search}`).query, readsAt(address), known);
const leftOut = (address: string, search: string) =>
  read(address, search).leftOut.map(({ part, why }) => `${part}, ${why}`);

test.each([
  ["/", "show=fine&id=ni&page=2", []],
  [
    "/",
    "show=well&page=0&page=2",
    ["show=well, none of needs you, waits, at work, fine, at rest", "page=0, no number of a page"],
  ],
  [
    "/timeline",
    "year=&constructor=1&month=2025-13",
    ["constructor=1, nothing that this page reads", "month=2025-13, no month such as 2025-01"],
  ],
  ["/timeline", "year=2024&month=2025-03", ["month=2025-03, no month of 2024"]],
  ["/memories", "tag=a&tag=b&tag=a", ["tag=b, one too many", "tag=a, one too many"]],
  ["/memories", "connector=nobody&connector=nina", ["connector=nobody, no connector of this service"]],
  ["/memories", "since=2026-02-30&until=2026-02-28", ["since=2026-02-30, no day or time of a calendar"]],
  ["/memories", "until=2025-01-01&since=2025-01-02", ["until=2025-01-01, before since"]],
  [
    "/ask",
    "since=2025-01-02T10:00:00Z&until=2025-01-02T10:59:00%2B01:00",
    ["until=2025-01-02T10:59:00+01:00, before since"],
  ],
  ["/service/audit", "since=2025-01-02&until=2025-01-02", []],
  ["/memories", "since=0999-12-31&until=1000-01-01", []],
  ["/memories", "since=soon&until=2025-01-01", ["since=soon, no day or time of a calendar"]],
  ["/memories", "since=soon", ["since=soon, no day or time of a calendar"]],
  ["/memories", "near=99,200", ["near=99,200, no town and no latitude and longitude such as 38.71,-9.14"]],
  ["/memories", "radius=5", ["radius=5, of no use without near"]],
  ["/memories", "near=1,2&radius=-5", ["radius=-5, no number above 0, up to 20100"]],
  ["/memories", `tag=${"x".repeat(101)}`, [`tag=${"x".repeat(101)}, longer than 100 characters`]],
  ["/memories", "area=0.1:38.75:-9.2", ["area=0.1:38.75:-9.2, no area such as 0.1:38.7:-9.2"]],
  ["/ask", "q=Who%3F&mode=abc", ["mode=abc, none of mix, hybrid, local, global, naive"]],
  ["/memories", "status=undead", ["status=undead, nothing that can be chosen here"]],
  ["/memories", "id=m1&tag=boat&connector=nina", ["tag=boat, of no use beside id"]],
  ["/graph", "entity=Ines&entity=Rui&hide=%01", ["hide=\u0001, without a word"]],
  ["/runs/:runId", "tab=1", ["tab=1, nothing that this page reads"]],
])("at %s?%s is left out, and why: %j", (address, search, expected) => {
  expect(leftOut(address, search)).toEqual(expected);
});

test("what a page goes by has no spaces around it, and as many values as it reads", () => {
  expect(read("/memories", "tag=%20boat%20&person=&tag=sail").said.toString()).toBe("tag=boat");
  expect(read("/graph", "entity=Ines&entity=Rui").said.getAll("entity")).toEqual(["Ines", "Rui"]);
});

test("until connectors are known, none is said not to be there", () => {
  const { said } = readingOf(new URLSearchParams("connector=x"), readsAt("/errors"), { connectors: null });
  expect(said.get("connector")).toBe("x");
});

/** What a page asks the service for by what it goes by: an operation with its input, as it is in a query. */
type Asked = readonly [{ input: { safeParse(input: unknown): { success: boolean } } }, object];

const questionsAt: ReadonlyMap<string, (said: URLSearchParams) => Asked[]> = new Map([
  [
    "/memories",
    (said: URLSearchParams): Asked[] => {
      const filter = memoriesOf(said);
      return filter.id === undefined
        ? [[listMemories, queryOf(filter)]]
        : [[findMemory, { memoryId: filter.id, connectorId: filter.connector }]];
    },
  ],
  [
    "/ask",
    (said: URLSearchParams): Asked[] => {
      const question = questionOf(said);
      return question === null ? [] : [[queryKnowledge, question]];
    },
  ],
  ["/service/audit", (said: URLSearchParams): Asked[] => [[listAuditEntries, auditQueryOf(auditOf(said))]]],
  [
    "/errors",
    (said: URLSearchParams): Asked[] => [
      [
        listErrors,
        {
          connectorId: said.get("connector") ?? undefined,
          codes: said.has("code") ? said.getAll("code") : undefined,
        },
      ],
    ],
  ],
  [
    "/places",
    (said: URLSearchParams): Asked[] => [
      [places, { connectorId: said.get("connector") ?? undefined, size: said.get("size") ?? undefined }],
    ],
  ],
  [
    "/graph",
    (said: URLSearchParams): Asked[] => [
      ...said.getAll("entity").map((name): Asked => [getEntity, { name }]),
      ...said.getAll("find").map((contains): Asked => [findEntities, { contains }]),
    ],
  ],
]);

const someCodes = Object.keys(errorCodes).slice(0, 5);

/** Values that mean something somewhere, and all kinds that mean nothing; codes of errors the service alone knows. */
const values = fc.oneof(
  fc.string({ unit: "binary", maxLength: 12 }).filter((value) => !/^\s*[A-Z][A-Z0-9_]*\s*$/u.test(value)),
  fc.constantFrom(...someCodes, "nina", "museum", "dead", "not_live", "mix", "0.1", "run", "run.trigger"),
  fc.constantFrom(
    "2025-09-05",
    "2026-02-30",
    "2025-09-05T10:00:00Z",
    "2025-09-05T25:00:00Z",
    "2025-09-05T10:00+02:00",
  ),
  fc.constantFrom(
    "2025-09-05T10:00:00+23:59",
    "2025-09-05T10:00:00+24:00",
    "2025-09-05T24:00:00Z",
    "0000-01-01",
    "9999-12-31",
  ),
  fc.constantFrom(
    "38.71,-9.14",
    "38.71 , -9.14",
    "90.1,0",
    "Lisbon",
    "x".repeat(101),
    "é".repeat(501),
    "😀".repeat(100),
    "a".repeat(10_001),
  ),
  fc.constantFrom(
    "5",
    "0",
    "-1",
    "1e3",
    "20100",
    "20101",
    "0.1:38.7:-9.2",
    "1:38:-10",
    "0.01:38.71:-9.14",
    "1:-0:0",
    "0.1:38.0:1",
  ),
  fc.constantFrom(" ", "\u0000", "\u200b", "\ud800", "constructor", "__proto__"),
  fc
    .tuple(
      fc.constantFrom("1", "0.1", "0.01", "2"),
      fc.float({ noNaN: true }),
      fc.integer({ min: -181, max: 181 }),
    )
    .map((parts) => parts.join(":")),
);

test.each([...questionsAt.keys()])(
  "what the page at %s goes by is never what the service refuses",
  (address) => {
    const names = readsAt(address).map(({ name }) => name);
    const said = fc.array(fc.tuple(fc.constantFrom(...names), values), { maxLength: 8 });
    fc.assert(
      fc.property(said, (pairs) => {
        const { said: goneBy } = readingOf(new URLSearchParams(pairs), readsAt(address), known);
        for (const [{ input }, asked] of questionsAt.get(address)?.(goneBy) ?? [])
          expect([asked, input.safeParse(asked)]).toMatchObject([asked, { success: true }]);
      }),
      { numRuns: 2_000 },
    );
  },
);
