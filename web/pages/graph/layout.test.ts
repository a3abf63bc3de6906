import { expect, test } from "vitest";
import { layoutOf } from "./layout.ts";

test.each([1, 2, 25, 120])(
  "%i entities have places of their own within the box, the same each time",
  (count) => {
    const names = Array.from({ length: count }, (_, index) => `entity ${index}`);
    const edges = names.map((target) => ({ source: "entity 0", target, weight: 1 }));
    const places = layoutOf(names, edges, 800, 500);
    expect(layoutOf(names, edges, 800, 500)).toEqual(places);
    const spots = new Set([...places.values()].map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`));
    expect(spots.size).toBe(count);
    for (const { x, y } of places.values()) expect(x >= 0 && x <= 800 && y >= 0 && y <= 500).toBe(true);
  },
);
