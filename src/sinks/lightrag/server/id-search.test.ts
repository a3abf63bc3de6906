import { describe, expect, it } from "vitest";
import { documentIdOf, idListing, idPage, recordWithId } from "../../../../test/support/id-listing.ts";
import { locateId, type ReadIdPage, searchId } from "./id-search.ts";

describe("searching a row by id", () => {
  const ids = Array.from({ length: 1_200 }, (_, n) => documentIdOf(n));
  const inOrder = ids.toSorted();

  it("finds rows at the begin, at the end, on both sides of every seam, and in between, in a few reads", async () => {
    for (const at of [0, 1, 199, 200, 201, 399, 400, 599, 600, 601, 799, 800, 1_000, 1_198, 1_199]) {
      const { read, reads } = idListing([...ids]);
      expect((await searchId(inOrder[at] ?? "", read))?.record.documentId).toBe(inOrder[at]);
      expect(reads()).toBeLessThanOrEqual(6);
    }
  });

  it("knows what is not there: before, behind, between two rows and between two pages", async () => {
    const absent = [0, 199, 200, 399, 400, 800, 1_199].map((at) => `${inOrder[at]}0`);
    for (const id of ["doc-", "doc-g", "dup-1", ...absent]) {
      const { read, reads } = idListing([...ids]);
      expect(await searchId(id, read)).toBeUndefined();
      expect(reads()).toBeLessThanOrEqual(7);
    }
  });

  it("finds rows of other kinds, which stand behind all digests", async () => {
    const others = Array.from({ length: 700 }, (_, n) => `dup-${String(n).padStart(4, "0")}`);
    for (const id of [others[0], others[350], others[699]])
      expect((await searchId(id ?? "", idListing([...ids, ...others]).read))?.record.documentId).toBe(id);
  });

  it("finds a row in a listing whose ids are not spread evenly", async () => {
    const crowded = Array.from({ length: 2_000 }, (_, n) => `doc-00000000000${String(n).padStart(6, "0")}`);
    for (const at of [0, 777, 1_999]) {
      const { read, reads } = idListing([...crowded, "doc-ffffffffffffff"]);
      expect((await searchId(crowded[at] ?? "", read))?.record.documentId).toBe(crowded[at]);
      expect(reads()).toBeLessThanOrEqual(16);
    }
  });

  it("finds a row that stays while the pages move between two reads", async () => {
    for (const at of [199, 200, 400, 601]) {
      const id = inOrder[at] ?? "";
      const { read } = idListing([...ids], (all, reads) => {
        const gone = all.findIndex(
          (candidate) => candidate !== id && (reads % 2 === 0 ? candidate < id : candidate > id),
        );
        all.splice(gone, 1);
      });
      expect((await searchId(id, read))?.record.documentId).toBe(id);
    }
  });

  it("reads pages of the full length, and of another one only across a seam", async () => {
    const sizes = new Set<number>();
    const { read } = idListing([...ids]);
    await searchId(`${inOrder[199]}0`, (number, size) => {
      sizes.add(size);
      return read(number, size);
    });
    expect([...sizes].toSorted()).toEqual([199, 200]);
  });

  it("gives up on a listing that contradicts itself", async () => {
    const { read, reads } = idListing([]);
    const contrary: ReadIdPage = async (number, pageSize) => {
      await read(number, pageSize);
      return { ...idPage([documentIdOf(1)], 1, pageSize), page: 2, totalPages: 1_000_000 };
    };
    expect(await searchId(documentIdOf(2), contrary)).toBeUndefined();
    expect(reads()).toBeLessThan(100);
  });
});

describe("searching in a listing of 300 pages", () => {
  const count = 60_000;
  const spread = (at: number) =>
    `doc-${Math.floor(((at + 0.3) / count) * 16 ** 12)
      .toString(16)
      .padStart(12, "0")}${"5".repeat(20)}`;
  const crowded = (at: number) => `doc-${"0".repeat(24)}${String(at).padStart(8, "0")}`;
  const notes = (at: number) => `dup-${String(at).padStart(8, "0")}`;
  const halfNotes = (at: number) => (at < count / 2 ? spread(at) : notes(at));
  const crowdedLate = (at: number) =>
    at < 200 ? spread(at) : `doc-${"f".repeat(24)}${String(at).padStart(8, "0")}`;

  async function readsFor(id: string, idAt: (at: number) => string) {
    const sizes: number[] = [];
    const found = await searchId(id, async (number, size) => {
      sizes.push(size);
      const length = Math.max(0, Math.min(size, count - (number - 1) * size));
      const documents = Array.from({ length }, (_, n) => ({
        record: recordWithId(idAt((number - 1) * size + n)),
        duplicateOf: undefined,
      }));
      return { page: number, totalCount: count, totalPages: Math.ceil(count / size), documents };
    });
    return { found: found?.record.documentId, reads: sizes.length, sizes };
  }

  it.each([
    ["spread evenly, in three reads", spread, 3],
    ["crowded at the begin, by halving every third time", crowded, 20],
    ["crowded at the end, by halving every third time", crowdedLate, 20],
    ["of which half are notes, in the number of their halvings", halfNotes, 14],
    ["all notes, in the number of their halvings", notes, 10],
  ] as const)("finds rows %s", async (_, idAt, most) => {
    let reads = 0;
    const probes = [0, 199, 200, 7_777, 31_234, 44_444, 59_800, 59_999];
    for (const at of probes) {
      const search = await readsFor(idAt(at), idAt);
      expect(search.found).toBe(idAt(at));
      expect(search.sizes.every((size) => size === 200)).toBe(true);
      reads = Math.max(reads, search.reads);
    }
    expect(reads).toBeLessThanOrEqual(most);
  });

  it.each([
    [200, 199],
    [40_000, 199],
    [199 * 200, 197],
  ])("reads behind row %i a page of %i, in which the rows of both sides stand", async (behind, size) => {
    const { found, sizes } = await readsFor(`${spread(behind - 1)}5`, spread);
    expect(found).toBeUndefined();
    expect(sizes.filter((size) => size !== 200)).toEqual([size]);
  });
});

describe("a page of the listing", () => {
  const ids = ["doc-b", "doc-d", "doc-f", "doc-h"];

  it.each([
    ["doc-b", 1, "here"],
    ["doc-c", 1, "absent"],
    ["doc-a", 1, "absent"],
    ["doc-e", 1, "later"],
    ["doc-e", 2, "earlier"],
    ["doc-g", 2, "absent"],
    ["doc-z", 2, "absent"],
    ["doc-b", 3, "earlier"],
  ])("proves of %s on page %i that it is %s", (id, number, verdict) => {
    expect(locateId(idPage(ids, number, 2), id)).toBe(verdict);
  });

  it("proves of an empty listing that everything is absent, and of an empty page that it may be earlier", () => {
    expect(locateId(idPage([], 1, 2), "doc-a")).toBe("absent");
    expect(locateId(idPage(ids, 3, 2), "doc-a")).toBe("earlier");
  });

  it("proves nothing of what stands behind its last row while there are more pages", () => {
    expect([locateId(idPage(ids, 1, 2), "doc-d0"), locateId(idPage(ids, 2, 2), "doc-h0")]).toEqual([
      "later",
      "absent",
    ]);
  });
});
