import { describe, expect, it } from "vitest";
import { firstPages, type Listed, listAll } from "../../../test/support/memory-api-client.ts";
import { sourceInProcess } from "../../../test/support/memory-api-in-process.ts";
import type { MemoryApiSimulatorOptions } from "../../../test/support/memory-api-simulator.ts";
import { type ListingLore, toListingLore } from "./listing-lore.ts";

const day = 86_400_000;

/** A server with memories of these ages in days, whose clock is the client's. */
async function sourceWith(ages: readonly number[], behaviour: MemoryApiSimulatorOptions = {}) {
  let now = () => 0;
  const { api, client, clock } = sourceInProcess({ now: () => now(), ...behaviour });
  now = clock.now;
  const add = (age: number, id = `d${age}`) =>
    api.put("CTX", { id, created_at: new Date(clock.now() - age * day).toISOString(), transcript: id });
  api.clear("CTX");
  for (const age of ages) add(age);
  let lore: ListingLore | null = null;
  const look = async (): Promise<Listed> => {
    const listed = await listAll(client, { lore });
    lore = toListingLore(listed.pages.at(-1)?.lore ?? lore);
    return listed;
  };
  const asked = () => {
    const ranges = firstPages(api).map(({ query }) => query.range);
    api.requests.length = 0;
    return ranges;
  };
  return { api, add, look, asked, pass: (days: number) => clock.advance(days * day) };
}

const withoutAll = ["day", "week", "month"];

describe("a server that does not know the range all, and shows another one in its place", () => {
  it.each([
    ["day", [0.5, 3, 20, 90]],
    ["day", [0.5, 3, 90]],
    ["day", [3, 90]],
    ["week", [0.5, 3, 20, 90]],
    ["week", [20]],
  ])(
    "%s, of memories %j days old, is caught by a range that shows more, which is delivered",
    async (inPlaceOfOthers, ages) => {
      const { look } = await sourceWith(ages, { ranges: withoutAll, inPlaceOfOthers });
      for (let run = 0; run < 2; run++) {
        const { ids, truncated } = await look();
        expect(truncated?.reason).toMatch(/the range "(week|month)" has others.*does not know the range/);
        expect(ids.toSorted()).toEqual(
          ages
            .filter((age) => age < 30)
            .map((age) => `d${age}`)
            .toSorted(),
        );
      }
    },
  );

  it.each([
    ["day", 0.6],
    ["week", 6],
    ["month", 29],
  ])(
    "%s, is caught when a memory disappears with its age, whatever other ranges show",
    async (inPlaceOfOthers, age) => {
      const { look, pass } = await sourceWith([0, age], { ranges: [], inPlaceOfOthers });
      expect((await look()).truncated).toBeNull();
      pass(0.2);
      expect((await look()).truncated).toBeNull();
      for (let run = 0; run < 3; run++) {
        pass(1);
        const { truncated } = await look();
        expect(truncated?.reason).toContain("the server does not seem to know the range");
      }
    },
  );

  it("is caught when the first memory grows older than the range, though there was none when it was asked at first", async () => {
    const { look, pass, asked } = await sourceWith([1.5], { ranges: withoutAll });
    expect((await look()).truncated).toBeNull();
    expect(asked()).toEqual(["all", "month"]);
    pass(7);
    expect(await look()).toMatchObject({
      ids: ["d1.5"],
      truncated: { reason: expect.stringContaining('"month" has others') },
    });
  });
});

describe("a server that knows the range all", () => {
  it("is compared once, while all it has is young, and is then believed", async () => {
    const { look, asked, add } = await sourceWith([1, 2, 5]);
    expect((await look()).truncated).toBeNull();
    expect(asked()).toEqual(["all", "month"]);
    for (let run = 0; run < 3; run++) {
      add(0, `new${run}`);
      expect((await look()).truncated).toBeNull();
    }
    expect(asked()).toEqual(["all", "all", "all"]);
  });

  it.each([[[1, 2, 90]], [[31]], [[20]]])(
    "costs nothing with memories %j days old, which no narrower range would show",
    async (ages) => {
      const { look, asked } = await sourceWith(ages);
      expect((await look()).truncated).toBeNull();
      expect(asked()).toEqual(["all"]);
    },
  );

  it("is believed when old memories are deleted after it has shown one older than a month", async () => {
    const { api, look, asked } = await sourceWith([2, 3, 4, 20, 90]);
    await look();
    asked();
    for (const id of ["d20", "d90"]) api.remove("CTX", id);
    expect(await look()).toMatchObject({ ids: ["d2", "d3", "d4"], truncated: null });
    expect(asked()).toEqual(["all", "month"]);
    api.clear("CTX");
    expect(await look()).toMatchObject({ ids: [], truncated: null });
  });

  it("is doubted no longer than until a memory is older than those that were deleted, or than the range", async () => {
    const { api, look, pass } = await sourceWith([1, 10]);
    await look();
    api.remove("CTX", "d10");
    expect((await look()).truncated?.reason).toContain('server_cap to "none"');
    pass(7);
    for (let run = 0; run < 2; run++) expect(await look()).toMatchObject({ ids: ["d1"], truncated: null });
  });

  it.each([
    [{ kind: "status", status: 422 }, ["all", "month", "all"]],
    [{ kind: "status", status: 500 }, ["all", "month", "month", "month", "month", "all", "month"]],
  ] as const)(
    "and answers the comparison with %j loses nothing; what was not answered is asked again",
    async (fault, ranges) => {
      const { api, look, asked } = await sourceWith([1, 2]);
      let failing = true;
      api.faultFor = ({ query }) => (failing && query.range === "month" ? fault : undefined);
      expect(await look()).toMatchObject({ ids: ["d1", "d2"], truncated: null });
      failing = false;
      expect(await look()).toMatchObject({ ids: ["d1", "d2"], truncated: null });
      expect(asked()).toEqual(ranges);
    },
  );
});
