import { expect, test } from "vitest";
import { type Area, nameOf } from "./area.ts";
import { titleOf } from "./places-page.tsx";

const box = { south: 38.7, west: -9.2, north: 38.8, east: -9.1 };
const area = (name: string | null, memories: number, more: Partial<Area> = {}): Area => ({
  ...{ connectorId: "nina", area: `0.1:${name}`, name, memories, box, ...more },
});

test.each([
  [[], null, "No memory has a place yet."],
  [[area("Lisbon", 1)], null, "1 memory was recorded near Lisbon."],
  [
    [area("Lisbon", 9), area("Sintra", 4)],
    null,
    "9 memories were recorded near Lisbon, most of those with a place.",
  ],
  [
    [area("Lisbon", 9), area("Sintra", 5), area("Faro", 5)],
    null,
    "9 memories were recorded near Lisbon, more than anywhere else.",
  ],
  [
    [area("Lisbon", 9), area("Sintra", 4)],
    "more",
    "9 memories were recorded near Lisbon, more than anywhere else.",
  ],
  [
    [area("Lisbon", 9), area("Sintra", 9)],
    null,
    "9 memories were recorded near Lisbon, as many as near Sintra.",
  ],
])("the headline of the places says most only where it is: %j", (places, next, title) => {
  expect(titleOf({ places, next })).toBe(title);
});

test("an area without a name is called by a place that there is, also at the pole", () => {
  expect(nameOf(area(null, 1))).toBe("38.75, -9.15");
  const pole = { south: 90, west: 180, north: 91, east: 181 };
  expect(nameOf(area(null, 1, { box: pole }))).toBe("90.00, 180.00");
});
