import { expect, test, vi } from "vitest";
import { readTextFacts } from "./text-facts.ts";

/** The tagger takes a second to load, and several on a machine that does other things too. */
vi.setConfig({ testTimeout: 60_000 });

/** Sentences as people speak them, with the people whom they name. */
const said: readonly (readonly [text: string, people: string])[] = [
  ["Met Priya, Rahul and Anjali.", "Priya Rahul Anjali"],
  ["Had lunch with Dr. Shrestha and Mrs. Okafor.", "Shrestha Okafor"],
  ["Talked to Tomasz, Ingrid, Kwame and Yuki about Berlin and Siemens.", "Tomasz Ingrid Kwame Yuki"],
  ["Joaquin and Aiyana came over, then Lakshmi brought cake.", "Joaquin Aiyana Lakshmi"],
  ["I saw Anjali's dog in Paris.", "Anjali"],
  ["Ask Svetlana, Dmitri and Oleg.", "Svetlana Dmitri Oleg"],
  ["We flew from Lisbon to Oslo with Google Maps.", ""],
  ["Called Meera about the car, she met Arjun at the station.", "Meera Arjun"],
  ["I think Fatima and Youssef want to move to Canada.", "Fatima Youssef"],
  ["The visit of Dr. Nakamura was short.", "Nakamura"],
  ["My neighbour Bilal helped me and Zanele with the fence.", "Bilal Zanele"],
  ["Bought bread, milk and apples at Lidl in Hamburg.", ""],
  ["Yesterday Mr. Haugen told Siobhan that the bridge is closed.", "Haugen Siobhan"],
  ["I love Kavya's pictures of Nepal and Bhutan.", "Kavya"],
  ["Thanked Oluwaseun, Chidi and Amara for the soup.", "Oluwaseun Chidi Amara"],
  ["Microsoft and Siemens open offices in Prague and Vienna.", ""],
];

test("people are found in lists, behind titles and by what is theirs: nine of ten, and nine of ten that are found are people", async () => {
  let [right, found, wanted] = [0, 0, 0];
  for (const [text, names] of said) {
    const { people } = await readTextFacts(text, new AbortController().signal);
    const expected = names.split(" ").filter(Boolean);
    right += expected.filter((name) => people.includes(name)).length;
    found += people.length;
    wanted += expected.length;
  }
  expect(right / wanted).toBeGreaterThanOrEqual(0.9);
  expect(right / found).toBeGreaterThanOrEqual(0.9);
});

test.each([
  "Helen: The tops come to 2,400. Tom: That's more than Priya told us.",
  "Tom: What's left? Helen: Nothing's left. Priya told us.",
])("a pronoun is nobody, whatever is joined to it: %s", async (text) => {
  const { people } = await readTextFacts(text, new AbortController().signal);
  expect(people.filter((name) => !["Helen", "Tom", "Priya"].includes(name))).toEqual([]);
});

test.each([
  ["Kwame expects the roof to be closed by Friday.", ["Kwame"]],
  ["Rose took her first steps today!", ["Rose"]],
  ["Scaffolding is up, and Oksana says that Daisy wants the roses.", ["Oksana", "Daisy"]],
  ["I had a coffee with her sister Florence.", ["Florence"]],
  ["Roses grow behind the shed, and ice took us by surprise.", []],
  ["Boiler is broken again. Landlord says it will be done.", []],
])(
  "who acts like a person is one, also where nobody knows the name or it is that of a flower: %s",
  async (text, people) => {
    expect((await readTextFacts(text, new AbortController().signal)).people).toEqual(people);
  },
);

test("of a list all are people or none, and none of them is a tag", async () => {
  const facts = await readTextFacts("Met Priya, Rahul and Anjali.", new AbortController().signal);
  expect(facts).toMatchObject({ people: ["Priya", "Rahul", "Anjali"], tags: [] });
});

test("a text that was dictated without capitals names people by theirs", async () => {
  const text =
    "ok so i talked to sarah today and she said that mike will call dr patel about the trip to boston";
  expect(await readTextFacts(text, new AbortController().signal)).toMatchObject({
    people: ["Sarah", "Mike", "Patel"],
    tags: expect.arrayContaining(["Boston"]),
  });
});
