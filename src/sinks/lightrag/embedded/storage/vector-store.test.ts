import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../../../../test/support/temp-folder.ts";
import { atOnce } from "../../../../kernel/util/pieces.ts";
import { VectorStore } from "./vector-store.ts";

const vectors = fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 3, maxLength: 3 });
const steps = fc.array(fc.tuple(fc.constantFrom("a", "b", "c", "d", "e"), fc.option(vectors, { freq: 4 })), {
  maxLength: 30,
});

function emptyStore(): VectorStore<{ name: string }> {
  return atOnce(VectorStore.open(join(temporaryFolder(), "vdb_test.json"), 3));
}

test("after any sets and deletes, each id has its own vector and payload", () => {
  fc.assert(
    fc.property(steps, (taken) => {
      const store = emptyStore();
      const model = new Map<string, Float32Array>();
      for (const [id, values] of taken) {
        if (values === null) {
          store.delete(id);
          model.delete(id);
        } else {
          store.set(id, { name: `${id}:${values}` }, Float32Array.from(values), 1);
          model.set(id, Float32Array.from(values));
        }
      }
      expect(store.size).toBe(model.size);
      for (const [id, vector] of model) {
        const length = Math.hypot(...vector) || 1;
        const stored = store.vector(id) ?? [];
        expect(store.payload(id)?.name.startsWith(id)).toBe(true);
        for (const [i, value] of vector.entries()) expect(stored[i]).toBeCloseTo(value / length, 5);
      }
    }),
    { numRuns: 50 },
  );
});

test("the nearest of some are those that are nearest of all, restricted to them", () => {
  const ids = Array.from({ length: 40 }, (_, at) => `v${at}`);
  fc.assert(
    fc.property(
      fc.array(vectors, { minLength: 40, maxLength: 40 }),
      fc.subarray(ids),
      fc.nat({ max: 12 }),
      (all, meant, count) => {
        const store = emptyStore();
        for (const [at, id] of ids.entries())
          store.set(id, { name: id }, Float32Array.from(all[at] ?? []), 1);
        const query = Float32Array.of(1, -2, 3);
        const some = new Set(meant);
        const restricted = atOnce(store.nearest(query, ids.length, -1)).filter(({ id }) => some.has(id));
        expect(atOnce(store.nearest(query, count, -1, (id) => some.has(id)))).toEqual(
          restricted.slice(0, count),
        );
      },
    ),
    { numRuns: 40 },
  );
});

test("whether one is meant is asked of those alone that would be kept", () => {
  const store = emptyStore();
  for (let at = 0; at < 1000; at += 1)
    store.set(`v${at}`, { name: "v" }, Float32Array.of(1000 - at, at, 0), 1);
  let asked = 0;
  const nearest = store.nearest(Float32Array.of(1, 0, 0), 5, -1, () => {
    asked += 1;
    return true;
  });
  atOnce(nearest);
  expect(asked).toBe(5);
});

test("the nearest come best first, at or above the threshold, equal ones in order of insertion", () => {
  const store = emptyStore();
  const directions: Record<string, number[]> = {
    x: [1, 0, 0],
    y: [0, 1, 0],
    xy: [1, 1, 0],
    far: [-1, 0, 0],
    yx: [2, 2, 0],
  };
  for (const [id, values] of Object.entries(directions))
    store.set(id, { name: id }, Float32Array.from(values), 1);
  const ids = (count: number, threshold: number) =>
    atOnce(store.nearest(Float32Array.of(5, 0, 0), count, threshold)).map(({ id }) => id);
  expect(ids(10, 0.2)).toEqual(["x", "xy", "yx"]);
  expect(ids(2, 0.2)).toEqual(["x", "xy"]);
  expect(ids(10, -1)).toEqual(["x", "xy", "yx", "y", "far"]);
  expect(ids(0, -1)).toEqual([]);
  const meant = atOnce(store.nearest(Float32Array.of(5, 0, 0), 1, -1, (id) => ["y", "far"].includes(id)));
  expect(meant.map(({ id }) => id)).toEqual(["y"]);
});

test("a search that is overtaken by a write finds what is there then", () => {
  const store = emptyStore();
  // More rows than one piece of the search looks at.
  for (let at = 0; at < 3000; at += 1)
    store.set(`v${at}`, { name: "v" }, Float32Array.of(3000 - at, at, 0), 1);
  const query = Float32Array.of(1, 0, 0);
  const search = store.nearest(query, 3, -1);
  expect(search.next().done).toBe(false);
  store.delete("v0");
  store.set("new", { name: "new" }, query, 1);
  const found = atOnce(search);
  expect(found.map(({ id }) => id)).toEqual(["new", "v1", "v2"]);
  expect(found).toEqual(atOnce(store.nearest(query, 3, -1)));
});
