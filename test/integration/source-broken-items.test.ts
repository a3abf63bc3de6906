import { describe, expect, it } from "vitest";
import { listAll, startSource } from "../support/memory-api-client.ts";
import { makeApiMemories } from "../support/memory-api-data.ts";
import type { MemoryApiFault } from "../support/memory-api-faults.ts";

const good = Array.from({ length: 5 }, (_, n) => `m${n}`);

/** What is listed by a source that answers the first `times` requests with the fault. */
async function listWith(
  fault: MemoryApiFault,
  settings: Parameters<typeof startSource>[1] = {},
  times = Number.POSITIVE_INFINITY,
) {
  const { api, client } = await startSource({}, settings);
  api.put("CTX", ...makeApiMemories(good.length));
  let left = times;
  api.faultFor = () => (left-- > 0 ? fault : undefined);
  const listed = await listAll(client);
  return {
    ...listed,
    ids: listed.ids.toSorted(),
    malformed: listed.pages.flatMap(({ malformed }) => malformed),
    api,
  };
}

describe("one item that cannot be read is one malformed item, with its position and its id", () => {
  const kinds: [item: string, id: string | null, problem: RegExp][] = [
    ['{"id":"b","created_at":"2025-01-01","location_lat":NaN}', "b", /not JSON/u],
    ['{"id":"b","created_at":"2025-01-01",}', "b", /not JSON/u],
    ["{'id':'b','created_at':'2025-01-01'}", "b", /not JSON/u],
    ['{"id":"b","transcript":"a\nb"}', "b", /not JSON/u],
    ['{"id":"b","transcript":"\\x"}', "b", /not JSON/u],
    ['{"id":"b","transcript":"never ends', "b", /where it ends is not clear/u],
    ['{"id":"b","created_at":"2025-01-01"', "b", /where it ends is not clear/u],
    ['{"id":"b","tags":[1}', "b", /where it ends is not clear/u],
    [`{"id":"b","x":${"[".repeat(100_000)}${"]".repeat(100_000)}}`, "b", /where it ends|nested deeper/u],
    ['{"id":"b","id":"c","created_at":"2025-01-01"}', null, /names "id" twice/u],
    ['{"id":"b","created_at":"2025-01-01","title":"x","title":"y"}', "b", /names "title" twice/u],
    ["null", null, /is null/u],
    ["7", null, /is a number/u],
    ['"text"', null, /is a string/u],
    ["[]", null, /is a list/u],
    ['{"id":"b","created_at":"2025-01-01","transcript":7}', "b", /transcript: is a number/u],
    ['{"id":"b","created_at":"2025-01-01","transcript":"cut \\ud83d"}', "b", /unpaired surrogate/u],
    ['{"id":{},"created_at":"2025-01-01"}', null, /id: is an object/u],
    ['{"id":1e400,"created_at":"2025-01-01"}', null, /id: is a number that cannot be read exactly/u],
    ['{"id":"","created_at":"2025-01-01"}', null, /id: is empty/u],
  ];

  it.each(kinds)("%.60s", async (item, id, problem) => {
    for (const at of [0, 2, 5]) {
      const { ids, malformed } = await listWith({ kind: "raw-items", items: [item], at });
      expect(ids).toEqual(good);
      expect(malformed).toMatchObject([{ id, position: at + 1 }]);
      expect(malformed[0]?.problems.join()).toMatch(problem);
    }
  });

  it("is one that is too large, read past while the others go on", async () => {
    const fault = { kind: "large-item", id: "b", bytes: 70_000_000 } as const;
    const { ids, malformed, truncated } = await listWith(fault, { timeoutMs: 60_000 }, 1);
    expect(ids).toEqual(good);
    expect(malformed).toMatchObject([{ id: "b", position: 1, code: "MEMORY_TOO_LARGE" }]);
    expect(truncated).toBeNull();
  });

  it("is none where the number is only too long for JavaScript", async () => {
    const item = (id: string) => `{"id":${id},"created_at":"2025-01-01","location_lat":1e400}`;
    const { ids, malformed } = await listWith({
      kind: "raw-items",
      items: ["653247040368672768", "1.0", "-0"].map(item),
    });
    expect(malformed).toEqual([]);
    expect(ids).toEqual(["0", "1", "653247040368672768", ...good]);
  });
});

describe("a list that breaks off", () => {
  it.each(["end", "reset"] as const)("gives the items before its %s, and is not complete", async (how) => {
    const { ids, malformed, truncated, api } = await listWith({ kind: "cut-list", items: 3, how });
    expect(ids).toEqual(["m0", "m1", "m2"]);
    expect(malformed).toEqual([]);
    expect(truncated?.reason).toContain("ends in the middle of the list, behind item 3");
    expect(api.requests.length).toBeGreaterThan(3);
  });

  it("before its first item is an error, as what is no list is", async () => {
    await expect(listWith({ kind: "cut-list", items: 0, how: "end" })).rejects.toMatchObject({
      code: "SOURCE_BAD_ANSWER",
    });
    for (const body of ["[]", "{}", '"x"', '{"memories":5}'])
      await expect(listWith({ kind: "body", body })).rejects.toMatchObject({ code: "SOURCE_BAD_ANSWER" });
  });
});

describe("the good form wins", () => {
  it.each(["good first", "broken first"])("on whatever page it is: %s", async (order) => {
    const { api, client } = await startSource({ paging: "cursor", cap: 3 }, { paging: "cursor" });
    const memories = makeApiMemories(6);
    api.put("CTX", ...memories);
    const broken = '{"id":"m5","created_at":"soon"}';
    const brokenLast = '{"id":"m0","created_at":"soon"}';
    api.faultFor = ({ query }) => {
      const isFirst = query.cursor === undefined;
      if (order === "broken first")
        return isFirst ? { kind: "raw-items", items: [broken], at: 1 } : undefined;
      return isFirst ? undefined : { kind: "raw-items", items: [brokenLast], at: 1 };
    };
    const { ids, pages } = await listAll(client, { limit: 3 });
    expect(ids.toSorted()).toEqual(memories.map(({ id }) => id).toSorted());
    expect(pages.flatMap(({ malformed }) => malformed)).toEqual([]);
  });

  it("and of two good forms the newer one, by name", async () => {
    const form = (text: string, updated: string) =>
      JSON.stringify({ id: "m1", created_at: "2025-01-01", updated_at: updated, transcript: text });
    const items = [form("new", "2031-01-02"), form("old", "2031-01-01")];
    const { ids, pages } = await listWith({ kind: "raw-items", items });
    expect(ids).toEqual(good);
    expect(pages[0]).toMatchObject({ ambiguous: ["m1"] });
    expect(pages[0]?.memories.find(({ id }) => id === "m1")?.transcript).toBe("new");
  });

  it("and between pages the one that is read first, by name", async () => {
    const { api, client } = await startSource({ paging: "cursor", cap: 3 }, { paging: "cursor" });
    api.put("CTX", ...makeApiMemories(6));
    const other = JSON.stringify({ id: "m1", created_at: "2025-01-01", transcript: "other" });
    api.faultFor = ({ query }) =>
      query.cursor === undefined ? undefined : { kind: "raw-items", items: [other], at: 1 };
    const { pages } = await listAll(client, { limit: 3 });
    const shown = pages.flatMap(({ memories }) => memories).filter(({ id }) => id === "m1");
    expect(shown.map(({ transcript }) => transcript)).toEqual(["This is memory number 1."]);
    expect(pages.flatMap(({ ambiguous = [] }) => ambiguous)).toEqual(["m1"]);
  });
});
