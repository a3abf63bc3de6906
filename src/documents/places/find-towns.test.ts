import { expect, test, vi } from "vitest";
import { foldText } from "../../kernel/util/text.ts";
import { readCities } from "./city-data.ts";
import { findTowns, townsLike } from "./find-towns.ts";
import { foreignNames } from "./town-names.ts";

/** All of the gazetteer takes a third of a second to read, and more on a machine that does other things too. */
vi.setConfig({ testTimeout: 60_000 });

const first = async (name: string) => {
  const [town] = await findTowns(name);
  return town && [town.name, town.region, town.country];
};

test.each([
  ["Lisbon", ["Lisbon", "Lisbon", "Portugal"]],
  ["  lIsBoN ", ["Lisbon", "Lisbon", "Portugal"]],
  ["Lisbon,", ["Lisbon", "Lisbon", "Portugal"]],
  ["Paris", ["Paris", "Île-de-France", "France"]],
  ["London", ["London", "England", "United Kingdom"]],
  ["Springfield, Illinois", ["Springfield", "Illinois", "United States"]],
  ["springfield,il,us", ["Springfield", "Illinois", "United States"]],
  ["Paris, United States", ["Paris", "Texas", "United States"]],
  ["Sao Paulo", ["São Paulo", "São Paulo", "Brazil"]],
  ["New  York City", ["New York City", "New York", "United States"]],
  ["Vienna", ["Vienna", "Vienna", "Austria"]],
  // In other languages, with and without accents.
  ["Lisboa", ["Lisbon", "Lisbon", "Portugal"]],
  ["munchen", ["Munich", "Bavaria", "Germany"]],
  ["Köln", ["Köln", "North Rhine-Westphalia", "Germany"]],
  ["Koeln", ["Köln", "North Rhine-Westphalia", "Germany"]],
  ["Cologne", ["Köln", "North Rhine-Westphalia", "Germany"]],
  ["Roma", ["Rome", "Lazio", "Italy"]],
  ["Roma, Australia", ["Roma", "Queensland", "Australia"]],
  ["Praha", ["Prague", "Prague", "Czechia"]],
  ["Muenchen", ["Munich", "Bavaria", "Germany"]],
  ["Zuerich", ["Zürich", "Zurich", "Switzerland"]],
  // Without a comma.
  ["lisbon portugal", ["Lisbon", "Lisbon", "Portugal"]],
  ["New York", ["New York City", "New York", "United States"]],
  ["new york usa", ["New York City", "New York", "United States"]],
  ["Springfield Illinois", ["Springfield", "Illinois", "United States"]],
])("%j is the town with most people of those that it can be", async (name, town) => {
  expect(await first(name)).toEqual(town);
});

test.each(["", ",", "Lisbon, Spain", "Atlantis, Greece", "Lisb", ", Portugal", "__proto__"])(
  "%j is no town",
  async (name) => {
    expect(await findTowns(name)).toEqual([]);
  },
);

test("the others of the name come with where they are, so that one can be chosen", async () => {
  const towns = await findTowns("Lisbon");
  expect(towns.length).toBeGreaterThan(3);
  expect(towns[0]?.location).toEqual({ lat: 38.72509, lon: -9.1498 });
  for (const { name, region, country } of towns) {
    const [chosen] = await findTowns([name, region, country].join(", "));
    expect(chosen).toMatchObject({ name, region, country });
  }
});

test("a name that begins that of a town leads to the largest of them", async () => {
  expect((await townsLike("new yor"))[0]).toMatchObject({ name: "New York City" });
  expect(await townsLike(" , ")).toEqual([]);
});

test.each([
  ["Lisbn", "Lisbon, Portugal"],
  ["Lisbno", "Lisbon, Portugal"],
  ["Pariss", "Paris, France"],
  ["Münchn", "Munich, Germany"],
  ["Barclona", "Barcelona, Spain"],
  ["San Fransisco", "San Francisco, United States"],
  ["Lissabn", "Lisbon, Portugal"],
  ["New Yrok", "New York City, United States"],
  ["Springfeild", "Springfield, United States"],
  ["Sao Paolo", "São Paulo, Brazil"],
  ["Zürch", "Zürich, Switzerland"],
  ["Lisobn portugal", "Lisbon, Portugal"],
  ["Lisobn, Portugal", "Lisbon, Portugal"],
  ["Lisobn, Spain", "Lisbon, Portugal"],
])("who writes %s may have meant %s", async (slip, town) => {
  expect(await findTowns(slip)).toEqual([]);
  const like = (await townsLike(slip)).slice(0, 3).map(({ name, country }) => `${name}, ${country}`);
  expect(like).toContain(town);
});

test("what is like a name comes first where it is said to lie", async () => {
  const regions = (await townsLike("Lisobn, Maine")).map(({ region }) => region);
  expect(regions[0]).toBe("Maine");
  expect(regions).toContain("Lisbon");
});

test("every name in another language leads to a town of the gazetteer", async () => {
  const known = new Set<string>();
  for await (const batch of readCities())
    for (const { name, country } of batch) known.add(`${country} ${foldText(name)}`);
  expect([...foreignNames.values()].flat().filter((town) => !known.has(town))).toEqual([]);
});
