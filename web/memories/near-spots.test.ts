import { expect, test } from "vitest";
import { nearOf } from "./near-spots.ts";

const spot = (lon: number, lat: number, weight = 1) => ({ at: [lon, lat] as const, weight });

test("one far place does not make a map of the world of a map of a town", () => {
  const town = [spot(-9.14, 38.71, 40), spot(-9.2, 38.7, 20), spot(-9.3, 38.8, 10)];
  expect(nearOf([...town, spot(139.7, 35.7)])).toEqual(town);
  expect(nearOf([spot(139.7, 35.7), ...town])).toEqual(town);
});

test("where many are far, all are near", () => {
  const all = [spot(-9.14, 38.71, 40), spot(139.7, 35.7, 30), spot(-70, -33, 30)];
  expect(nearOf(all)).toEqual(all);
});

test("what lies at hand is never left out, and one place is near itself", () => {
  const all = [spot(0, 50, 1_000), spot(4, 52)];
  expect(nearOf(all)).toEqual(all);
  expect(nearOf([spot(12, 41)])).toHaveLength(1);
  expect(nearOf([])).toEqual([]);
});
