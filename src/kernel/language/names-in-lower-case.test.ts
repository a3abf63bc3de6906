import { expect, test } from "vitest";
import { type Dictionary, withCapitalsOfNames } from "./names-in-lower-case.ts";

const dictionary: Dictionary = {
  lexicon: {
    sarah: "FemaleName",
    marina: "FemaleName",
    patel: "LastName",
    boston: "City",
    china: "Country",
    rose: "Noun",
    "new york": ["Region", "ProperNoun"],
  },
  switches: { rose: "Person|Noun" },
};

const read = (text: string) => withCapitalsOfNames(text, dictionary);

test("names have capitals in a text that has none", () => {
  expect(read("so i talked to sarah's boss, she goes to boston and new york")).toBe(
    "so i talked to Sarah's boss, she goes to Boston and New York",
  );
  expect(read("I told sarah")).toBe("I told Sarah");
});

test("a last name is one behind a title, and what may be a thing stays", () => {
  expect(read("call dr patel, patel is out, at the marina with a rose on the china")).toBe(
    "call dr Patel, patel is out, at the marina with a rose on the china",
  );
});

test("a text with capitals of its own is as it was", () => {
  const text = "Went to boston with sarah.";
  expect(read(text)).toBe(text);
});

test("no text gets longer, not even by a letter whose capital are two", () => {
  const name = "ßarah";
  expect(withCapitalsOfNames(name, { lexicon: { [name]: "FemaleName" }, switches: {} })).toBe(name);
});
