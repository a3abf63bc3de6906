import { expect, test } from "vitest";
import { combineAnswers } from "./combine-answers.ts";
import { formatExtraction } from "./model-extractor.ts";
import { parseTextAnswer } from "./parse-answer.ts";
import { parseAnswer } from "./parse-json-answer.ts";

const origin = { chunkId: "c", fileSource: "f" };

function entities(text: string): string[][] {
  const { entities } = parseTextAnswer(text, origin);
  return [...entities.values()].flat().map(({ name, type, description }) => [name, type, description]);
}

function relations(text: string): string[][] {
  const found = [...parseTextAnswer(text, origin).relations.values()].flat();
  return found.map(({ source, target, keywords, description }) => [source, target, keywords, description]);
}

test("records become entities and relations, normalised", () => {
  const text =
    'entity<|#|>"Ada"<|#|>Person, Human<|#|>She &amp; he\nrelation<|#|>Ada<|#|>Ben<|#|>a，b<|#|>knows\n<|COMPLETE|>';
  expect(entities(text)).toEqual([["Ada", "person", "She & he"]]);
  expect(relations(text)).toEqual([["Ada", "Ben", "a,b", "knows"]]);
});

test.each(["entity<|>Ada<||>person<|##|>d", "entity<#>Ada<|#>person<#|>d", "entity|#|>Ada<|#:person<|#||d"])(
  "a garbled delimiter is mended: %s",
  (text) => {
    expect(entities(text)).toEqual([["Ada", "person", "d"]]);
  },
);

test("a row of five fields is a relation whatever it calls itself", () => {
  expect(relations("entity<|#|>Ada<|#|>Ben<|#|>k<|#|>d")).toEqual([["Ada", "Ben", "k", "d"]]);
});

test.each([
  ["too few fields", "entity<|#|>Ada<|#|>person"],
  ["no description", "entity<|#|>Ada<|#|>person<|#|> "],
  ["a type that is no word", "entity<|#|>Ada<|#|>a/b<|#|>d"],
  ["a number as a name", "entity<|#|>12<|#|>date<|#|>d"],
  ["a relation to itself", "relation<|#|>Ada<|#|>Ada<|#|>k<|#|>d"],
  ["no keywords", "relation<|#|>Ada<|#|>Ben<|#|><|#|>d"],
  ["prose", "I found nothing of note."],
])("a record is dropped: %s", (_why, text) => {
  expect([...entities(text), ...relations(text)]).toEqual([]);
});

test("of two answers the longer description wins, and new names are added", () => {
  const answer = (text: string) => parseTextAnswer(text, origin);
  const combined = combineAnswers([
    answer("entity<|#|>Ada<|#|>person<|#|>short\nentity<|#|>Ben<|#|>person<|#|>is long"),
    answer(
      "entity<|#|>Ada<|#|>writer<|#|>longer\nentity<|#|>Ben<|#|>x<|#|>no\nentity<|#|>Eve<|#|>person<|#|>new",
    ),
  ]);
  expect([...combined.entities.values()].flat().map(({ name, description }) => [name, description])).toEqual([
    ["Ada", "longer"],
    ["Ben", "is long"],
    ["Eve", "new"],
  ]);
});

test("a cached answer in JSON is read too", () => {
  const json =
    '```json\n{"entities":[{"name":"Ada","type":"Person","description":"d"}],"relationships":[]}\n```';
  expect([...parseAnswer(json, origin).entities.keys()]).toEqual(["Ada"]);
  expect([...parseAnswer("entity<|#|>Ada<|#|>person<|#|>d", origin).entities.keys()]).toEqual(["Ada"]);
});

test("an extraction written down is read back the same, whatever its texts hold", () => {
  const text = formatExtraction({
    entities: [{ name: "Ada", type: "person", description: "line\nbreak <|#|> and || bars" }],
    relations: [{ source: "Ada", target: "Ben", keywords: "k", description: "a\tb" }],
  });
  expect(entities(text)).toEqual([["Ada", "person", "line break and bars"]]);
  expect(relations(text)).toEqual([["Ada", "Ben", "k", "a b"]]);
});

test("a map or a list where JSON should hold a text is no text, and drops its record alone", () => {
  const entity = { name: "Ines", type: "person", description: "She dives." };
  const entities = [{ ...entity, name: { toString: 1 } }, { ...entity, description: [1] }, entity];
  const { entities: read } = parseAnswer(JSON.stringify({ entities, relationships: [] }), origin);
  expect([...read.keys()]).toEqual(["Ines"]);
});

test("braces in texts, and whatever follows the object, do not hide where a JSON answer ends", () => {
  const description = 'A "}" and a "{" and a \\"}';
  const answer = JSON.stringify({ entities: [{ name: "A", type: "b", description }] });
  expect([...parseAnswer(`${answer} }}} {"entities": []}`, origin).entities.keys()]).toEqual(["A"]);
});
