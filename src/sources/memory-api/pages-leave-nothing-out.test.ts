import { describe, expect, test } from "vitest";
import { firstPages, listAll } from "../../../test/support/memory-api-client.ts";
import { type ApiMemory, makeApiMemories } from "../../../test/support/memory-api-data.ts";
import { sourceInProcess } from "../../../test/support/memory-api-in-process.ts";
import type { ListingBehaviour } from "../../../test/support/memory-api-listing.ts";
import { toListingLore } from "./listing-lore.ts";

/** How a server shows 237 memories to a client that asks for a hundred, and how the client pages. */
async function listing(behaviour: ListingBehaviour & { paging: "page" | "page-from-0" | "offset" }) {
  const paging = behaviour.paging === "page-from-0" ? "page" : behaviour.paging;
  const { api, client } = sourceInProcess(behaviour, { paging });
  api.put("CTX", ...makeApiMemories(237));
  const { ids, truncated } = await listAll(client);
  return { shown: new Set(ids).size, times: ids.length, reason: truncated?.reason ?? null };
}

const places = ["page", "page-from-0"] as const;

describe.each(places)("a server that counts pages (%s)", (paging) => {
  test.each([
    [40, 50],
    [70, 71],
    [37, 100],
  ])("and shows %d of them while it steps by %d is never believed", async (cap, stride) => {
    const { shown, reason } = await listing({ paging, cap, stride });
    expect(shown).toBeLessThan(237);
    expect(reason).toContain("leave gaps between them");
  });

  test("and repeats a part of each page shows all of them once", async () => {
    expect(await listing({ paging, cap: 60, stride: 49 })).toEqual({ shown: 237, times: 237, reason: null });
  });
});

/** Every third one of the second forty, so that the second page is shorter than those beside it. */
const hides = ({ id }: ApiMemory) => {
  const number = Number(id.slice(1));
  return number >= 40 && number < 80 && number % 3 === 0;
};

test.each([...places, "offset"] as const)(
  "a page that is shorter than the first one is not taken for the last one (%s)",
  async (paging) => {
    expect(await listing({ paging, cap: 40, hides })).toEqual({ shown: 224, times: 224, reason: null });
  },
);

describe("a server that rounds offsets down to whole pages", () => {
  test.each([10, 40, 79, 200])("of %d shows all of them once", async (cap) => {
    const found = await listing({ paging: "offset", cap, roundsOffsets: true });
    expect(found).toEqual({ shown: 237, times: 237, reason: null });
  });

  test("and steps by more than it shows is never believed", async () => {
    const found = await listing({ paging: "offset", cap: 40, stride: 50, roundsOffsets: true });
    expect(found.reason).toContain("leave gaps between them");
  });
});

describe("a server that pages though nobody has said so", () => {
  const unsaid = (behaviour: ListingBehaviour, count: number) => {
    const { api, client } = sourceInProcess(behaviour);
    api.put("CTX", ...makeApiMemories(count));
    return { api, client };
  };

  test.each(["offset", "page", "page-from-0"] as const)(
    "by %s is told at the first look, whatever the size of a page",
    async (paging) => {
      for (const cap of [2, 10, 20, 25, 37, 77, 370]) {
        const { client } = unsaid({ paging, cap }, 400);
        const { ids, truncated } = await listAll(client);
        expect(ids).toHaveLength(cap);
        expect(truncated?.reason).toContain(`set paging to "${paging === "offset" ? "offset" : "page"}"`);
      }
    },
  );

  test.each([
    ["and shows all in one page is believed", { paging: "page" }, 37, 3],
    ["and shows all from one offset on is believed", { paging: "offset" }, 37, 1],
    ["and one that does not page is asked three times more, once", {}, 37, 3],
    ["and a list that is longer than common caps is not asked for again", {}, 1_100, 0],
  ] as const)("%s", async (_, behaviour, count, looks) => {
    const { api, client } = unsaid(behaviour, count);
    const first = await listAll(client);
    expect(first).toMatchObject({ ids: { length: count }, truncated: null });
    const looksBehind = () => api.requests.length - firstPages(api).length;
    expect(looksBehind()).toBe(looks);
    api.put("CTX", { ...makeApiMemories(1, Date.UTC(2026, 0, 1) + 1_000)[0], id: "new" } as ApiMemory);
    const lore = toListingLore(first.pages.at(-1)?.lore);
    expect(await listAll(client, { lore })).toMatchObject({ ids: { length: count + 1 }, truncated: null });
    expect(looksBehind()).toBe(looks);
  });

  test("loses nothing by a further look that fails", async () => {
    const { api, client } = unsaid({}, 37);
    api.faultFor = ({ query }) =>
      "page" in query || "offset" in query ? { kind: "status", status: 422 } : undefined;
    expect(await listAll(client)).toMatchObject({ ids: { length: 37 }, truncated: null });
  });
});
