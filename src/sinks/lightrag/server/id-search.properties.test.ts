import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { documentIdOf, idListing, idPage } from "../../../../test/support/id-listing.ts";
import { type ReadIdPage, searchId } from "./id-search.ts";

const anyId = fc.oneof(
  { weight: 8, arbitrary: fc.nat(20_000).map(documentIdOf) },
  fc.stringMatching(/^(dup|error)-[0-9a-f]{4}$/u),
  fc.stringMatching(/^doc-a{0,3}[0-9a-f]{2}$/u),
);

describe("searching a row by id", () => {
  it("finds every id that is there and none that is not", async () => {
    const manyIds = fc.uniqueArray(anyId, { maxLength: 1_500, size: "max" });
    await fc.assert(
      fc.asyncProperty(manyIds, anyId, fc.nat(), async (ids, other, at) => {
        for (const id of [other, ids[at % Math.max(1, ids.length)] ?? other]) {
          const found = await searchId(id, idListing([...ids]).read);
          expect(found?.record.documentId).toBe(ids.includes(id) ? id : undefined);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("reads at most a handful of the 500 pages of 100,000 documents", async () => {
    const ids = Array.from({ length: 100_000 }, (_, n) => documentIdOf(n)).sort();
    let reads = 0;
    const read: ReadIdPage = async (number, pageSize) => {
      reads += 1;
      return idPage(ids, number, pageSize);
    };
    const asked = Array.from({ length: 300 }, (_, n) => documentIdOf(n * 400));
    for (const id of asked) await searchId(id, read);
    expect(reads / asked.length).toBeLessThan(4);
  });

  it("finds a row that stays while others come and go around it", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(2_000), fc.integer({ min: 1, max: 60 }), async (seed, churn) => {
        const ids = Array.from({ length: 2_000 }, (_, n) => documentIdOf(n));
        const id = documentIdOf(seed % 2_000);
        const { read } = idListing(ids, (all, reads) => {
          for (let n = 0; n < churn; n++) {
            const gone = all.findIndex((candidate) => candidate !== id);
            all.splice(gone, 1, documentIdOf(`${seed}-${reads}-${n}`));
          }
        });
        expect((await searchId(id, read))?.record.documentId).toBe(id);
      }),
      { numRuns: 40 },
    );
  });
});
