import { expect, test } from "vitest";
import { coordinates, humanType, placeInWords } from "./words.ts";

test.each([
  ["voice_note", "Voice note"],
  ["voiceNote", "Voice note"],
  ["record", "Record"],
  ["  screen-shot\n", "Screen shot"],
  ["PDF", "PDF"],
  ["état_civil", "État civil"],
  ["", ""],
])("the type %j is called %j", (type, label) => {
  expect(humanType(type)).toBe(label);
});

test.each([
  [1.9, "near Powai, Maharashtra, India (1.9 km)"],
  [25, "near Powai, Maharashtra, India (25 km)"],
  [68.4, "68 km from Powai, Maharashtra, India"],
  [579.2, "far from any town, 579 km from Powai, Maharashtra, India"],
  [null, "Powai, Maharashtra, India"],
])("a town at %s km is written %j", (distanceKm, words) => {
  const place = { district: null, city: "Powai", region: "Maharashtra", country: "India", distanceKm };
  expect(placeInWords(place)).toBe(words);
});

test("a name that town and region share is written once", () => {
  const place = { district: "Mitte", city: "Berlin", region: "Berlin", country: "Germany", distanceKm: null };
  expect(placeInWords(place)).toBe("Mitte, Berlin, Germany");
});

test("coordinates are decimals to the sixth place, however small", () => {
  expect(coordinates({ lat: 0.00000004, lon: -122.41941234 })).toBe("0, -122.419412");
});
