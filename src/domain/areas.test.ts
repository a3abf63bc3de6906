import fc from "fast-check";
import { expect, test } from "vitest";
import { areaSizes, areasAround, areasOf, areasWithin, boxOf, distanceKm, isArea } from "./areas.ts";

const spot = fc.record({
  lat: fc.oneof(fc.double({ min: -90, max: 90, noNaN: true }), fc.constantFrom(-90, 90, 0, -0, 0.29, 38.7)),
  lon: fc.oneof(fc.double({ min: -180, max: 180, noNaN: true }), fc.constantFrom(-180, 180, 0, -0.01)),
});

test("a place lies in one area of each size, each within the next", () => {
  fc.assert(
    fc.property(spot, (place) => {
      const [large = "", middle = "", small = ""] = areasOf(place);
      expect([large, middle, small].every(isArea)).toBe(true);
      expect(areasWithin(large)).toContain(middle);
      expect(areasWithin(middle)).toContain(small);
      expect(areasWithin(small)).toEqual([]);
      const { south, west, north, east } = boxOf(middle);
      // A hair before a border counts as on it: a millimetre.
      const hair = 1e-8;
      const lon = place.lon > 180 - hair ? -180 : place.lon;
      const isBetween = (at: number, low: number, high: number) => at >= low - hair && at <= high + hair;
      const isInside = isBetween(place.lat, south, north) && isBetween(lon, west, east);
      expect(isInside, JSON.stringify([place, middle])).toBe(true);
    }),
  );
});

test("whatever lies in a circle lies in one of the few areas around it", () => {
  fc.assert(
    fc.property(spot, spot, fc.double({ min: 0.01, max: 500, noNaN: true }), (centre, other, radiusKm) => {
      const areas = areasAround(centre, radiusKm);
      if (areas === null) return;
      expect(areas.length).toBeLessThanOrEqual(24);
      expect(areas.every(isArea)).toBe(true);
      expect(areasOf(centre).some((area) => areas.includes(area))).toBe(true);
      // Other places are drawn near, or hardly any would lie inside.
      const share = (from: number, to: number) => from + (to - from) * (radiusKm / 20_000);
      const near = { lat: share(centre.lat, other.lat), lon: share(centre.lon, other.lon) };
      if (distanceKm(centre, near) > radiusKm) return;
      expect(areasOf(near).some((area) => areas.includes(area))).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test("small circles are looked for in small areas, and the largest in none", () => {
  const sizeOf = (radiusKm: number) => areasAround({ lat: 38.7, lon: -9.1 }, radiusKm)?.[0]?.split(":")[0];
  expect([0.5, 8, 80].map(sizeOf)).toEqual(areaSizes.toReversed());
  expect(sizeOf(2000)).toBeUndefined();
  expect(areasAround({ lat: 89.9, lon: 0 }, 50)).toBeNull();
});

test.each([
  "",
  "0.1",
  "0.1:38.7",
  "0.5:38.5:-9",
  "0.1:38.71:-9.2",
  "1:91:0",
  "1:0:181",
  "0.1:038.7:-9.2",
  "x",
])("%j names no area", (text) => expect(isArea(text)).toBe(false));

test("a border belongs to the area north and east of it, whatever its decimals are in binary; the pole to the last row", () => {
  for (let tenth = -899; tenth < 900; tenth += 1) {
    const degrees = Number((tenth / 10).toFixed(1));
    const box = boxOf(areasOf({ lat: degrees, lon: degrees })[1] ?? "");
    expect([degrees, box.south, box.west]).toEqual([degrees, degrees, degrees]);
  }
  expect(areasOf({ lat: 90, lon: 0 })).toEqual(["1:89:0", "0.1:89.9:0.0", "0.01:89.99:0.00"]);
});
