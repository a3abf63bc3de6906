import fc from "fast-check";
import { expect, test } from "vitest";
import { createBuiltinEmbedder } from "./embedder.ts";

const embedder = createBuiltinEmbedder();
const { signal } = new AbortController();

async function similarity(a: string, b: string): Promise<number> {
  const [left, right] = await embedder.embed([a, b], signal);
  return left!.reduce((sum, value, i) => sum + value * right![i]!, 0);
}

test("every text gets the same finite vector of length 1 each time", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "binary" }), async (text) => {
      const [once, again] = await embedder.embed([text, text], signal);
      expect(once).toHaveLength(embedder.dimension);
      expect(once).toEqual(again);
      expect(Math.hypot(...once!)).toBeCloseTo(1, 5);
    }),
  );
});

test("vectors stay the same from release to release: folders hold them", async () => {
  const [vector] = await embedder.embed(["Sam drives a Prius"], signal);
  const strongest = [...vector!.entries()].sort((a, b) => Math.abs(b[1]) - Math.abs(a[1])).slice(0, 3);
  expect(strongest.map(([at, value]) => [at, Number(value.toFixed(4))])).toMatchInlineSnapshot(`
    [
      [
        53,
        0.2918,
      ],
      [
        241,
        0.2747,
      ],
      [
        273,
        0.2747,
      ],
    ]
  `);
});

test("a name is found in any case, form and misspelling before other names", async () => {
  const other = await similarity("Caroline", "Melanie went swimming with the kids");
  expect(await similarity("Caroline", "CAROLINE'S necklace")).toBeGreaterThan(0.5);
  expect(await similarity("Caroline", "Carolina moved to Sweden")).toBeGreaterThan(other + 0.1);
});

test("inflected words are near each other, unrelated texts are not", async () => {
  expect(await similarity("painting sunsets", "she painted a sunset")).toBeGreaterThan(0.8);
  expect(Math.abs(await similarity("painting sunsets", "council meeting about parking"))).toBeLessThan(0.2);
});

test("words of small talk count for less than the subject", async () => {
  const subject = await similarity("great pottery", "a pottery class");
  const talk = await similarity("great pottery", "a great class");
  expect(subject).toBeGreaterThan(talk * 1.5);
});

test("a cancelled call stops", async () => {
  await expect(embedder.embed(["a"], AbortSignal.abort())).rejects.toThrow(/abort/iu);
});
