import { describe, expect, it } from "vitest";
import { firstPages, listAll } from "../../../test/support/memory-api-client.ts";
import { makeApiMemories } from "../../../test/support/memory-api-data.ts";
import { sourceInProcess } from "../../../test/support/memory-api-in-process.ts";
import type { MemoryApiSimulator } from "../../../test/support/memory-api-simulator.ts";

const idsOf = (count: number) => makeApiMemories(count).map(({ id }) => id);
const limitsAsked = (api: MemoryApiSimulator) => firstPages(api).map(({ query }) => Number(query.limit));

describe("a listing without paging", () => {
  it("shows a small context in one request with key, limit and range", async () => {
    const { api, client } = sourceInProcess();
    api.put("CTX", ...makeApiMemories(42));
    const { ids, pages, truncated } = await listAll(client, { range: "week" });
    expect(ids).toEqual(idsOf(42));
    expect(truncated).toBeNull();
    expect(pages).toHaveLength(1);
    expect(firstPages(api)).toEqual([
      { method: "GET", path: "/memory/CTX", query: { limit: "100", range: "week" }, status: 200 },
    ]);
  });

  it("shows an empty context as one empty page", async () => {
    const { api, client } = sourceInProcess();
    api.put("CTX");
    expect(await listAll(client)).toMatchObject({ ids: [], truncated: null, pages: [{ memories: [] }] });
  });

  it("asks with larger limits until a page is not full", async () => {
    const { api, client } = sourceInProcess();
    api.put("CTX", ...makeApiMemories(234));
    const { ids, truncated } = await listAll(client, { range: "week", limit: 10 });
    expect(ids).toEqual(idsOf(234));
    expect(truncated).toBeNull();
    expect(limitsAsked(api)).toEqual([10, 100, 1_000]);
  });

  it("says that it is truncated when the page is full at the largest limit", async () => {
    const { api, client } = sourceInProcess({}, { maxLimit: 300 });
    api.put("CTX", ...makeApiMemories(301));
    const { ids, truncated } = await listAll(client);
    expect(ids).toHaveLength(300);
    expect(truncated?.reason).toContain("300 memories came for a limit of 300");
  });

  it.each([50, 100, 256])("says that it is truncated when the server caps at %i in silence", async (cap) => {
    const { api, client } = sourceInProcess({ cap });
    api.put("CTX", ...makeApiMemories(cap + 1));
    const { ids, truncated } = await listAll(client);
    expect(ids).toHaveLength(cap);
    expect(truncated?.reason).toContain(`set server_cap to ${cap}`);
  });

  it("says so too when the context happens to have the size of a cap: nothing tells the two apart", async () => {
    const { api, client } = sourceInProcess();
    api.put("CTX", ...makeApiMemories(50));
    expect((await listAll(client)).truncated).not.toBeNull();
  });

  it("believes a server that is said to have no cap", async () => {
    const { api, client } = sourceInProcess({}, { serverCap: "none" });
    api.put("CTX", ...makeApiMemories(50));
    expect((await listAll(client)).truncated).toBeNull();
  });

  it("is complete when a wider range shows more than the supposed cap", async () => {
    const { api, client } = sourceInProcess();
    api.put("CTX", ...makeApiMemories(100));
    api.put("CTX", { id: "old", created_at: "2025-12-20T00:00:00Z" });
    const { ids, truncated } = await listAll(client, { range: "day", limit: 1_000 });
    expect(ids).toEqual(idsOf(100));
    expect(truncated).toBeNull();
    expect(api.requests.map(({ query }) => query.range)).toEqual(["day", "week", "month"]);
  });

  it("is complete when another context of the server has shown more than the supposed cap", async () => {
    const { api, client } = sourceInProcess();
    api.put("BIG", ...makeApiMemories(65));
    api.put("CTX", ...makeApiMemories(64));
    await listAll(client, { contextId: "BIG" });
    expect((await listAll(client)).truncated).toBeNull();
  });

  it("stays truncated when the server has no wider range to ask for", async () => {
    const { api, client } = sourceInProcess({ cap: 100 });
    api.put("CTX", ...makeApiMemories(200));
    const refused = { kind: "status", status: 422 } as const;
    api.inject(undefined, undefined, undefined, refused, refused);
    expect((await listAll(client, { range: "week", limit: 10 })).truncated).not.toBeNull();
  });

  it("keeps what it has when the server refuses a larger limit, and says so", async () => {
    const { api, client } = sourceInProcess({ refuseAbove: 200 });
    api.put("CTX", ...makeApiMemories(150));
    const { ids, truncated } = await listAll(client);
    expect(ids).toEqual(idsOf(100));
    expect(truncated?.reason).toContain("the server fails with a limit of 1000");
    expect(truncated?.reason).toContain("limit is too large");
  });

  it("keeps what it has when the server breaks at a larger limit or at the wider range that would prove it whole", async () => {
    const { api, client } = sourceInProcess({ cap: 100 });
    api.put("CTX", ...makeApiMemories(150));
    api.faultFor = ({ query }) => (query.range === "week" ? undefined : { kind: "status", status: 500 });
    expect(await listAll(client, { range: "week" })).toMatchObject({ ids: { length: 100 }, truncated: {} });
    api.faultFor = ({ query }) => (query.limit === "1000" ? { kind: "cut-json" } : undefined);
    expect((await listAll(client)).truncated?.reason).toContain("the server fails with a limit of 1000");
  });

  it("keeps the longer answer when a larger limit shows less", async () => {
    const { api, client } = sourceInProcess();
    api.put("CTX", ...makeApiMemories(150));
    api.beforeAnswer = ({ query }) => {
      api.behaviour.cap = Number(query.limit) > 500 ? 10 : undefined;
    };
    const { ids, truncated } = await listAll(client);
    expect(ids).toHaveLength(100);
    expect(truncated?.reason).toContain("only 10 for a limit of 1000");
  });

  it("is truncated when the server's own count is larger than its list", async () => {
    const { api, client } = sourceInProcess({ cap: 77, count: "total" });
    api.put("CTX", ...makeApiMemories(80));
    expect((await listAll(client)).truncated?.reason).toContain("counts 80 memories and shows 77");
  });

  it("fails whole when the key is taken back between two limits", async () => {
    const { api, client } = sourceInProcess();
    api.put("CTX", ...makeApiMemories(150));
    api.inject(undefined, { kind: "status", status: 401 });
    await expect(listAll(client)).rejects.toMatchObject({ code: "SOURCE_UNAUTHORIZED" });
  });
});

describe.each([
  { style: "offset", server: "offset" },
  { style: "page", server: "page" },
  { style: "page", server: "page-from-0" },
  { style: "cursor", server: "cursor" },
] as const)("a listing by $style on a server that pages by $server", ({ style, server }) => {
  const source = (cap: number) => sourceInProcess({ cap, paging: server }, { paging: style });

  it.each([0, 1, 9, 10, 11, 20, 29, 30, 67])("shows each of %i memories once", async (count) => {
    const { api, client } = await source(10);
    api.put("CTX", ...makeApiMemories(count));
    const { ids, truncated } = await listAll(client, { limit: 10 });
    expect(ids.toSorted()).toEqual(idsOf(count).toSorted());
    expect(truncated).toBeNull();
  });

  it("yields its pages as they come", async () => {
    const { api, client } = await source(50);
    api.put("CTX", ...makeApiMemories(120));
    const listing = client.listRange(
      { contextId: "CTX", range: "all", limit: 50 },
      new AbortController().signal,
    );
    const first = await listing[Symbol.asyncIterator]().next();
    expect(first.value.memories).toHaveLength(50);
    expect(
      api.requests.filter(({ query }) => "offset" in query || "page" in query || "cursor" in query),
    ).toEqual([]);
  });

  it("misses nothing old and repeats nothing when new memories push the list on between pages", async () => {
    const { api, client } = await source(10);
    const old = makeApiMemories(40);
    api.put("CTX", ...old);
    let arrivals = 0;
    api.beforeAnswer = () => {
      arrivals++;
      api.put("CTX", {
        id: `new${arrivals}`,
        created_at: new Date(Date.UTC(2026, 0, 1) + arrivals).toISOString(),
      });
    };
    const { ids } = await listAll(client, { limit: 10 });
    expect(new Set(ids).size).toBe(ids.length);
    expect(old.filter(({ id }) => !ids.includes(id))).toEqual([]);
  });

  it("does not hold a malformed item against the rest, and shows it once", async () => {
    const { api, client } = await source(50);
    api.put("CTX", ...makeApiMemories(75), { id: "bad", created_at: "2025-12-31T23:59:30Z", transcript: 7 });
    const { ids, pages } = await listAll(client, { limit: 50 });
    expect(ids).toHaveLength(75);
    expect(pages.flatMap(({ malformed }) => malformed.map(({ id }) => id))).toEqual(["bad"]);
  });
});

describe("paging that the server does not have", () => {
  it.each(["offset", "page", "cursor"] as const)(
    "by %s is told from real pages, and the list is truncated",
    async (paging) => {
      const { api, client } = sourceInProcess({ cap: 50 }, { paging });
      api.put("CTX", ...makeApiMemories(120));
      const { ids, truncated } = await listAll(client, { limit: 50 });
      expect(ids).toEqual(idsOf(50));
      expect(truncated?.reason).toMatch(/does not seem to have this way of paging|names no next_cursor/);
      expect(api.requests.length).toBeLessThanOrEqual(5);
    },
  );
});

describe("paging by page", () => {
  it("ends where the server answers a page after the last one with 404", async () => {
    const { api, client } = sourceInProcess({ cap: 50, paging: "page" }, { paging: "page" });
    api.put("CTX", ...makeApiMemories(100));
    api.faultFor = ({ query }) => (Number(query.page) > 2 ? { kind: "status", status: 404 } : undefined);
    const { ids, truncated } = await listAll(client, { limit: 50 });
    expect(ids).toEqual(idsOf(100));
    expect(truncated).toBeNull();
  });

  it("fails when a page cannot be had, after those before it", async () => {
    const { api, client } = sourceInProcess({ cap: 50, paging: "page" }, { paging: "page" });
    api.put("CTX", ...makeApiMemories(200));
    api.faultFor = ({ query }) => (query.page === "3" ? { kind: "status", status: 500 } : undefined);
    const seen: string[] = [];
    const listing = client.listRange(
      { contextId: "CTX", range: "all", limit: 50 },
      new AbortController().signal,
    );
    const reading = async () => {
      for await (const page of listing) seen.push(...page.memories.map(({ id }) => id));
    };
    await expect(reading()).rejects.toMatchObject({ code: "SOURCE_UNAVAILABLE" });
    expect(seen).toEqual(idsOf(100));
  });
});

describe("paging by offset", () => {
  it.each([[["m0"]], [["m0", "m1", "m2", "m70"]]])(
    "steps back when %j are removed between two pages, so that none slips through",
    async (removed) => {
      const { api, client } = sourceInProcess({ cap: 50, paging: "offset" }, { paging: "offset" });
      api.put("CTX", ...makeApiMemories(200));
      api.beforeAnswer = ({ query }) => {
        if (query.offset === "98") for (const id of removed) api.remove("CTX", id);
      };
      const { ids, truncated } = await listAll(client, { limit: 50 });
      expect(ids.toSorted()).toEqual(idsOf(200).toSorted());
      expect(truncated).toBeNull();
    },
  );

  it("gives up, and says so, on a list that never comes to rest", async () => {
    const { api, client } = sourceInProcess({ cap: 10, paging: "offset" }, { paging: "offset" });
    api.put("CTX", ...makeApiMemories(30));
    let round = 0;
    api.beforeAnswer = () => {
      round++;
      api.clear("CTX");
      api.put("CTX", ...makeApiMemories(30).map((memory) => ({ ...memory, id: `r${round}-${memory.id}` })));
    };
    const { truncated } = await listAll(client, { limit: 10 });
    expect(truncated?.reason).toContain("changed faster");
    expect(api.requests.length).toBeLessThan(60);
  });
});

describe("paging by cursor", () => {
  it("ends a server whose cursors go in circles", async () => {
    const { api, client } = sourceInProcess({}, { paging: "cursor" });
    const page = (id: string, cursor: string) => ({
      kind: "body" as const,
      contentType: "application/json",
      body: JSON.stringify({
        memories: makeApiMemories(1).map((memory) => ({ ...memory, id })),
        next_cursor: cursor,
      }),
    });
    api.put("CTX");
    api.inject(page("a", "x"), page("b", "y"), page("c", "x"));
    const { ids, truncated } = await listAll(client);
    expect(ids).toEqual(["a", "b", "c"]);
    expect(truncated?.reason).toContain("the same memories again for the next cursor");
  });

  it("ends a server whose cursors lead to nothing new for ever", async () => {
    const { api, client } = sourceInProcess({}, { paging: "cursor" });
    api.put("CTX");
    let cursors = 0;
    api.faultFor = () => ({
      kind: "body",
      body: JSON.stringify({ memories: [], next_cursor: `c${cursors++}` }),
    });
    expect((await listAll(client)).truncated?.reason).toContain("changed faster");
    expect(api.requests.length).toBeLessThan(30);
  });
});
