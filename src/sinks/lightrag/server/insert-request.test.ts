import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { batchesOf } from "./insert-request.ts";

const documents = fc.array(
  fc.record({ fileSource: fc.string(), text: fc.constantFrom("short", "x".repeat(1_500_000)) }),
  { maxLength: 30 },
);

describe("batches", () => {
  it("hold every document once, in order, and none is empty, too long or too large", () => {
    fc.assert(
      fc.property(documents, fc.integer({ min: 1, max: 10 }), (sent, maxCount) => {
        const batches = batchesOf(sent, maxCount);
        expect(batches.flat()).toEqual(sent);
        for (const batch of batches) {
          expect(batch.length).toBeGreaterThan(0);
          expect(batch.length).toBeLessThanOrEqual(maxCount);
          const length = batch.reduce((sum, { text }) => sum + text.length, 0);
          expect(batch.length === 1 || length <= 4 * 1024 * 1024).toBe(true);
        }
      }),
      { numRuns: 30 },
    );
  });
});
