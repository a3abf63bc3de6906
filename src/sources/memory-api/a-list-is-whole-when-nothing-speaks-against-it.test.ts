import { describe, expect, it } from "vitest";
import { listAll } from "../../../test/support/memory-api-client.ts";
import { makeApiMemories } from "../../../test/support/memory-api-data.ts";
import { sourceInProcess } from "../../../test/support/memory-api-in-process.ts";
import { says } from "../../../test/support/memory-api-spellings.ts";
import { type ListingLore, toListingLore } from "./listing-lore.ts";

const spellings = Object.keys(says) as (keyof typeof says)[];

describe("a server that shows 20 of 47 and says so", () => {
  it.each(spellings)(
    "by %s is not believed to have shown all, and the setting that helps is named",
    async (spelling) => {
      const { api, client } = sourceInProcess({ cap: 20, says: spelling, count: "absent" });
      api.put("CTX", ...makeApiMemories(47));
      const { ids, truncated } = await listAll(client);
      expect(ids).toHaveLength(20);
      expect(truncated?.reason).toContain("set paging to");
    },
  );
});

describe("a server that shows all 47 and says so", () => {
  it.each(spellings)("by %s is believed", async (spelling) => {
    const { api, client } = sourceInProcess({ says: spelling, count: "absent" });
    api.put("CTX", ...makeApiMemories(47));
    expect((await listAll(client)).truncated).toBeNull();
  });
});

describe("a server that answers 200 and speaks of a failure", () => {
  it.each([
    { success: false },
    { error: { message: "shard 2 is down" } },
    { errors: [{ message: "timed out" }] },
    { status: "partial" },
  ])("by %j is not believed to have shown all; what it shows is delivered", async (body) => {
    const { api, client } = sourceInProcess({ says: () => ({ body }) }, { serverCap: "none" });
    api.put("CTX", ...makeApiMemories(47));
    const { ids, truncated } = await listAll(client);
    expect(ids).toHaveLength(47);
    expect(truncated?.reason).toContain("speaks of a failure of the server");
  });

  it("on one page of several is not believed either", async () => {
    const says = ({ start }: { start: number }) => ({ body: { timed_out: start > 15 } });
    const { api, client } = sourceInProcess({ cap: 20, paging: "offset", says }, { paging: "offset" });
    api.put("CTX", ...makeApiMemories(47));
    const { ids, truncated } = await listAll(client);
    expect(ids).toHaveLength(47);
    expect(truncated?.reason).toContain("timed_out: true");
  });
});

describe("a server that names the next page", () => {
  it.each([
    "next",
    "nextPageToken",
    "cursor.next",
    "links.next",
    "_links.next.href",
    "@odata.nextLink",
    "Link",
  ] as const)("by %s is followed to its end", async (spelling) => {
    const { api, client } = sourceInProcess(
      { cap: 20, says: spelling, count: "absent" },
      { paging: "cursor" },
    );
    api.put("CTX", ...makeApiMemories(47));
    api.behaviour.paging = "cursor";
    api.behaviour.says = (rest) => ({ body: { next_cursor: undefined }, ...says[spelling](rest) });
    const { ids, truncated } = await listAll(client);
    expect(ids).toHaveLength(47);
    expect(truncated).toBeNull();
  });
});

describe("a server that caps in silence", () => {
  it.each([
    [50, 40],
    [50, 100],
    [64, 100],
    [200, 1_000],
    [250, 100],
  ])("at %i is doubted for a limit of %i", async (cap, limit) => {
    const { api, client } = sourceInProcess({ cap });
    api.put("CTX", ...makeApiMemories(cap + 5));
    const { ids, truncated } = await listAll(client, { limit });
    expect(ids).toHaveLength(cap);
    expect(truncated?.reason).toContain(`set server_cap to ${cap}`);
  });

  it.each(["offset", "page", "page-from-0"] as const)("and pages by %s gives itself away", async (paging) => {
    const { api, client } = sourceInProcess({ cap: 50, paging });
    api.put("CTX", ...makeApiMemories(55));
    expect((await listAll(client)).truncated?.reason).toContain(
      `set paging to "${paging.slice(0, paging === "offset" ? 6 : 4)}"`,
    );
  });

  it("at a length that nobody would write is caught when new memories push old ones off", async () => {
    const { api, client } = sourceInProcess({ cap: 37 });
    api.put("CTX", ...makeApiMemories(36));
    const first = await listAll(client);
    expect(first.truncated).toBeNull();
    api.put("CTX", ...arrivals(3));
    const second = await listAll(client, { lore: loreOf(first) });
    expect(second.truncated?.reason).toContain("push old ones off");
    const third = await listAll(client, { lore: loreOf(second) });
    expect(third.truncated).not.toBeNull();
    api.behaviour.cap = undefined;
    const fourth = await listAll(client, { lore: loreOf(third) });
    expect(fourth).toMatchObject({ truncated: null, ids: { length: 39 } });
    expect((await listAll(client, { lore: loreOf(fourth) })).truncated).toBeNull();
  });
});

describe("a server whose cap is the first limit", () => {
  const caps = [7, 25, 30, 37, 99];

  it.each(caps)("of %i, and brings no more for a larger one, is doubted", async (cap) => {
    const { api, client } = sourceInProcess({ cap });
    api.put("CTX", ...makeApiMemories(cap + 35));
    const { ids, truncated } = await listAll(client, { limit: cap });
    expect(ids).toHaveLength(cap);
    expect(truncated?.reason).toMatch(new RegExp(`as many as for ${cap},.*set server_cap to ${cap}`));
  });

  it.each(caps)("of %i is no doubt for long for somebody with so many memories", async (count) => {
    const { api, client } = sourceInProcess();
    api.put("CTX", ...makeApiMemories(count));
    const first = await listAll(client, { limit: count });
    expect(first.truncated).not.toBeNull();
    api.remove("CTX", "m3");
    const second = await listAll(client, { limit: count, lore: loreOf(first) });
    expect(second.truncated).toBeNull();
    api.put("CTX", ...arrivals(1));
    const third = await listAll(client, { limit: count, lore: loreOf(second) });
    expect(third).toMatchObject({ truncated: null, ids: { length: count } });
  });

  it("is doubted at a small step above it as well", async () => {
    const { api, client } = sourceInProcess({ cap: 30 });
    api.put("CTX", ...makeApiMemories(60));
    expect((await listAll(client, { limit: 3 })).truncated?.reason).toContain("set server_cap to 30");
  });
});

describe("a server that is given a cap", () => {
  it.each([
    [42, 40],
    [105, 100],
    [280, 256],
  ])("shows %i memories, later only the newest %i: it has not lost the others", async (count, cap) => {
    const { api, client } = sourceInProcess();
    api.put("CTX", ...makeApiMemories(count));
    let listed = await listAll(client, { limit: 5_000 });
    expect(listed.truncated).toBeNull();
    api.behaviour.cap = cap;
    for (const news of [0, 0, 3]) {
      api.put("CTX", ...arrivals(news));
      listed = await listAll(client, { limit: 5_000, lore: loreOf(listed) });
      expect(listed.truncated?.reason).toContain(`set server_cap to ${cap}`);
    }
    api.behaviour.cap = undefined;
    listed = await listAll(client, { limit: 5_000, lore: loreOf(listed) });
    expect(listed).toMatchObject({ truncated: null, ids: { length: count + 3 } });
  });

  it.each([
    [42, 41, 1],
    [42, 39, 3],
    [41, 40, 1],
  ])("is none when of %i memories %i are left", async (count, left, gone) => {
    const { api, client } = sourceInProcess();
    api.put("CTX", ...makeApiMemories(count));
    const first = await listAll(client);
    for (let n = 0; n < gone; n++) api.remove("CTX", `m${count - 1 - n}`);
    expect(await listAll(client, { lore: loreOf(first) })).toMatchObject({
      truncated: null,
      ids: { length: left },
    });
  });
});

describe("a server that shows the oldest first", () => {
  const spaced = (count: number) =>
    makeApiMemories(count).map((memory, index) => ({
      ...memory,
      created_at: new Date(Date.UTC(2026, 0, 1) - index * 7 * 3_600_000).toISOString(),
    }));

  it.each(["week", "month", "all"] as const)(
    "and caps at an odd size is caught by a range narrower than %s, which has newer ones",
    async (range) => {
      const { api, client } = sourceInProcess({ cap: 17, order: "oldest-first" });
      api.put("CTX", ...spaced(60));
      let listed = await listAll(client, { range });
      for (let run = 0; run < 3; run++) {
        expect(listed.truncated?.reason).toContain('the range "day" has others');
        expect(listed.ids).toContain("m0");
        listed = await listAll(client, { range, lore: loreOf(listed) });
      }
    },
  );

  it("is not believed to be whole because its oldest memory is there", async () => {
    const { api, client } = sourceInProcess({ order: "oldest-first" });
    api.put("CTX", ...makeApiMemories(99));
    const first = await listAll(client, { limit: 500 });
    api.behaviour.cap = 100;
    api.put("CTX", ...arrivals(5));
    expect((await listAll(client, { limit: 500, lore: loreOf(first) })).truncated).not.toBeNull();
  });

  it("and has no cap is believed", async () => {
    const { api, client } = sourceInProcess({ order: "oldest-first" });
    api.put("CTX", ...spaced(61));
    let listed = await listAll(client);
    for (let run = 0; run < 3; run++) {
      expect(listed).toMatchObject({ truncated: null, ids: { length: 61 + run } });
      api.put("CTX", ...arrivals(run + 1));
      listed = await listAll(client, { lore: loreOf(listed) });
    }
  });
});

describe("with paging, a list is read to its end", () => {
  const styles = [
    ["offset", "offset"],
    ["page", "page"],
    ["page-from-0", "page"],
  ] as const;

  it.each(
    styles.flatMap(([server, paging]) => [7, 25, 37, 100].map((limit) => [server, paging, limit] as const)),
  )("by %s, though a cap of 25 hides in a length that nobody suspects", async (server, paging, limit) => {
    const { api, client } = sourceInProcess({ cap: 25, paging: server }, { paging });
    api.put("CTX", ...makeApiMemories(60));
    expect(await listAll(client, { limit })).toMatchObject({ truncated: null, ids: { length: 60 } });
  });

  it.each(styles)(
    "by %s, and one answer that was all has not drifted and is not asked behind again",
    async (server, paging) => {
      const { api, client } = sourceInProcess({ paging: server }, { paging });
      api.put("CTX", ...makeApiMemories(42));
      const first = await listAll(client);
      expect(first.truncated).toBeNull();
      expect(first.pages.some(({ mayHaveDrifted }) => mayHaveDrifted)).toBe(false);
      api.put("CTX", ...arrivals(1));
      const before = api.requests.length;
      await listAll(client, { lore: loreOf(first) });
      expect(api.requests.length - before).toBe(1);
    },
  );

  it.each(["offset", "page"] as const)(
    "and a server that has no paging by %s is taken at its word",
    async (paging) => {
      const { api, client } = sourceInProcess({}, { paging });
      api.put("CTX", ...makeApiMemories(42));
      expect(await listAll(client)).toMatchObject({ truncated: null, ids: { length: 42 } });
    },
  );
});

describe("a doubt is over", () => {
  it.each([50, 100, 200])("for somebody with exactly %i memories once there was one fewer", async (count) => {
    const { api, client } = sourceInProcess();
    api.put("CTX", ...makeApiMemories(count));
    api.remove("CTX", "m0");
    let listed = await listAll(client, { limit: 2_000 });
    api.put("CTX", ...makeApiMemories(count));
    for (let run = 0; run < 3; run++) {
      listed = await listAll(client, { limit: 2_000, lore: loreOf(listed) });
      expect(listed).toMatchObject({ truncated: null, ids: { length: count } });
    }
  });

  it("when the list grows past its length, and stays over when it is back", async () => {
    const { api, client } = sourceInProcess();
    api.put("CTX", ...makeApiMemories(100));
    let listed = await listAll(client, { limit: 2_000 });
    expect(listed.truncated).not.toBeNull();
    api.put("CTX", ...arrivals(1));
    listed = await listAll(client, { limit: 2_000, lore: loreOf(listed) });
    expect(listed.truncated).toBeNull();
    api.remove("CTX", "m50");
    expect((await listAll(client, { limit: 2_000, lore: loreOf(listed) })).truncated).toBeNull();
  });

  it.each(["offset", "page", "page-from-0"] as const)(
    "when a page further by %s shows the end",
    async (paging) => {
      const { api, client } = sourceInProcess({ paging });
      api.put("CTX", ...makeApiMemories(100));
      expect((await listAll(client, { limit: 2_000 })).truncated).toBeNull();
    },
  );

  it("when a total turns out to count everything, whatever the range; it is asked for once", async () => {
    const { api, client } = sourceInProcess({ says: () => ({ body: { total: 47 } }) });
    const old = makeApiMemories(30, Date.UTC(2025, 0, 1)).map((memory) => ({
      ...memory,
      id: `old-${memory.id}`,
    }));
    api.put("CTX", ...makeApiMemories(17), ...old);
    const first = await listAll(client, { range: "week" });
    expect(first).toMatchObject({ truncated: null, ids: { length: 17 } });
    const asked = api.requests.length;
    expect((await listAll(client, { range: "week", lore: loreOf(first) })).truncated).toBeNull();
    expect(api.requests).toHaveLength(asked + 1);
  });

  it("never, when the total counts more than everything; the way out is named", async () => {
    const { api, client } = sourceInProcess({ says: () => ({ body: { total: 900 } }) });
    api.put("CTX", ...makeApiMemories(17));
    expect((await listAll(client, { range: "week" })).truncated?.reason).toContain('server_cap to "none"');
  });
});

it("the limit that fitted is remembered, so that the ladder is climbed once", async () => {
  const { api, client } = sourceInProcess({}, { maxLimit: 1_000 });
  api.put("CTX", ...makeApiMemories(234));
  const first = await listAll(client, { limit: 2 });
  expect(first.truncated).toBeNull();
  api.requests.length = 0;
  expect(await listAll(client, { limit: 2, lore: loreOf(first) })).toMatchObject({
    ids: { length: 234 },
    truncated: null,
  });
  expect(api.requests.map(({ query }) => query.limit)).toEqual(["1000"]);
});

it("a remembered limit that the server does not take any more is left", async () => {
  const { api, client } = sourceInProcess();
  api.put("CTX", ...makeApiMemories(345));
  const first = await listAll(client);
  api.behaviour.refuseAbove = 500;
  for (const { id } of makeApiMemories(345).slice(41)) api.remove("CTX", id);
  expect(await listAll(client, { lore: loreOf(first) })).toMatchObject({
    ids: { length: 41 },
    truncated: null,
  });
});

describe("pages that do not end well", () => {
  it("in a circle of cursors, and with a next page that is this one", async () => {
    for (const loopingCursors of [1, 2]) {
      const { api, client } = sourceInProcess(
        { cap: 20, paging: "cursor", loopingCursors },
        { paging: "cursor" },
      );
      api.put("CTX", ...makeApiMemories(47));
      expect((await listAll(client)).truncated?.reason).toContain("the same memories again");
    }
  });

  it.each(["cursor", "offset", "page"] as const)(
    "with more to come and nothing shown, by %s",
    async (paging) => {
      const more = { has_more: true, next_cursor: "x" };
      const { api, client } = sourceInProcess({ says: () => ({ body: more }) }, { paging });
      api.put("CTX");
      expect((await listAll(client)).truncated).not.toBeNull();
      expect(api.requests.length).toBeLessThan(30);
    },
  );

  it("short, with a total that counts more than all of them", async () => {
    const { api, client } = sourceInProcess(
      { cap: 20, paging: "offset", says: () => ({ body: { total: 60 } }) },
      { paging: "offset" },
    );
    api.put("CTX", ...makeApiMemories(47));
    const { ids, truncated } = await listAll(client, { limit: 20 });
    expect(ids).toHaveLength(47);
    expect(truncated?.reason).toContain("counts 60 memories and shows 47");
  });
});

function arrivals(count: number) {
  return makeApiMemories(count, Date.UTC(2026, 0, 1) + count * 60_000).map((memory) => ({
    ...memory,
    id: `new-${memory.id}`,
  }));
}

function loreOf({ pages }: Awaited<ReturnType<typeof listAll>>): ListingLore {
  return toListingLore(pages.at(-1)?.lore);
}
