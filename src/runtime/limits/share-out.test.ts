import fc from "fast-check";
import { expect, test } from "vitest";
import type { SharePart } from "../../state/record-stores.ts";
import { shareOut } from "./share-out.ts";

const ask = (
  process: string,
  limit: number,
  isWhole: boolean,
  more: Partial<Parameters<typeof shareOut>[1]> = {},
) => ({
  ...{ process, place: "here", limit, isWhole, used: 0, turn: 0, isGone: () => false },
  ...more,
});

const partsOf = (parts: readonly SharePart[]) =>
  Object.fromEntries(parts.map(({ process, part }) => [process, part]));

test("who comes later waits until the first has given up its due; then all have the same", () => {
  let parts = shareOut([], ask("a", 10, true));
  expect(partsOf(parts)).toEqual({ a: 10 });
  parts = shareOut(parts, ask("b", 10, true));
  expect(partsOf(parts)).toEqual({ a: 10, b: 0 });
  parts = shareOut(parts, ask("a", 10, true, { used: 7 }));
  expect(partsOf(parts), "what is used is given up when it is free").toEqual({ a: 7, b: 0 });
  parts = shareOut(parts, ask("a", 10, true));
  parts = shareOut(parts, ask("b", 10, true));
  expect(partsOf(parts)).toEqual({ a: 5, b: 5 });
  parts = shareOut(parts, ask("b", 10, true, { isGone: ({ process }) => process === "a" }));
  expect(partsOf(parts)).toEqual({ b: 10 });
});

test("one place of which two want it goes around", () => {
  const first = shareOut([], ask("a", 1, true));
  const both = shareOut(first, ask("b", 1, true, { turn: 1 }));
  const given = shareOut(both, ask("a", 1, true, { turn: 1 }));
  expect(partsOf(shareOut(given, ask("b", 1, true, { turn: 1 })))).toEqual({ a: 0, b: 1 });
});

test("whatever happens in whatever order, the parts are never more than the limit together, and even once all have looked twice", () => {
  const step = fc.record({
    who: fc.constantFrom("a", "b", "c", "d"),
    leaves: fc.boolean(),
    share: fc.nat(100),
  });
  fc.assert(
    fc.property(fc.array(step), fc.integer({ min: 1, max: 30 }), fc.boolean(), (steps, limit, isWhole) => {
      let parts: SharePart[] = [];
      const used = (who: string, share: number) => {
        const part = parts.find(({ process }) => process === who)?.part ?? 0;
        return isWhole ? Math.floor((part * share) / 100) : 0;
      };
      for (const { who, leaves, share } of steps) {
        parts = leaves
          ? parts.filter(({ process }) => process !== who)
          : shareOut(parts, ask(who, limit, isWhole, { used: used(who, share) }));
        expect(parts.reduce((sum, { part }) => sum + part, 0)).toBeLessThanOrEqual(limit + 1e-9);
      }
      const there = parts.map(({ process }) => process);
      for (const who of [...there, ...there]) parts = shareOut(parts, ask(who, limit, isWhole));
      for (const { part } of parts) expect(Math.abs(part - limit / there.length)).toBeLessThan(1);
    }),
  );
});
