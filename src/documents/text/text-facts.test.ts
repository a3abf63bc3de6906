import { expect, test, vi } from "vitest";
import { readTextFacts } from "./text-facts.ts";

/** The tagger takes a second to load, and several on a machine that does other things too. */
vi.setConfig({ testTimeout: 60_000 });

const never = new AbortController().signal;

test("people, other names and topics are told apart", async () => {
  const facts = await readTextFacts(
    "I talked with Dr. Maria Gonzales and Ana in São Paulo. Google hired her. We discussed the harbour project and the " +
      "budget. The harbour project is late.",
    never,
  );
  expect(facts.people).toEqual(["Maria Gonzales", "Ana"]);
  expect(facts.tags).toEqual(["São Paulo", "Google", "harbour project", "budget"]);
});

test("hashtags come first and handles count as people, in any language", async () => {
  const facts = await readTextFacts(
    "Вчера с @иван в #Москва и #москва, см. https://example.com/ю и https://example.com/ю.",
    never,
  );
  expect(facts).toEqual({ tags: ["Москва"], people: ["@иван"], links: ["https://example.com/ю"] });
});

test.each([
  "Ich war gestern mit Anna im Park und wir haben über das Projekt gesprochen.",
  "Hier, j'ai parlé avec Marie du projet à Paris.",
  "Ayer hablé con María sobre el proyecto en Madrid y fue un éxito.",
  "今日は東京に行きました",
  "",
])("nothing is guessed from a text that is not English: %s", async (text) => {
  expect(await readTextFacts(text, never)).toEqual({ tags: [], people: [], links: [] });
});

test("a capital at the beginning of a sentence makes no name", async () => {
  const { tags, people } = await readTextFacts(
    "Melanie: Thanks, Caroline! Researching is what I do in the lab.",
    never,
  );
  expect(people).toEqual(["Caroline"]);
  expect(tags).toContain("lab");
  expect(tags).not.toContain("Thanks");
  expect(tags).not.toContain("Researching");
});

test("lists stay short however long the text is", async () => {
  const marks = Array.from({ length: 200 }, (_, i) => `#tag${i}a @user${i}x https://example.com/${i}`).join(
    " and ",
  );
  const facts = await readTextFacts(`We saw ${marks} in the end.`, never);
  expect(facts.people).toHaveLength(15);
  expect(facts.links).toHaveLength(15);
  expect(facts.tags.filter((tag) => tag.startsWith("tag"))).toHaveLength(20);
});

test("a text of 100 kB is looked at in pieces between which others have their turn", async () => {
  let turns = 0;
  let reading = true;
  const takeTurn = () => {
    turns += 1;
    if (reading) setImmediate(takeTurn);
  };
  setImmediate(takeTurn);
  await readTextFacts("We met the builder at the old harbour and talked about boats. ".repeat(1700), never);
  reading = false;
  expect(turns).toBeGreaterThanOrEqual(10);
});

test("an aborted search ends", async () => {
  await expect(readTextFacts("We met at the harbour.", AbortSignal.abort())).rejects.toMatchObject({
    name: "AbortError",
  });
});

test.each([
  ["Ran the long loop past the mill at half past nine and did not mind any more.", ["loop", "mill"]],
  ["What the hell, that goddamn printer jammed again and it is shit.", ["printer"]],
  ["Happy New Year! On Boxing Day we have a lot of time for the garden.", ["garden"]],
  [
    "The Johnson account is closed, and the invoice is on the desk.",
    ["Johnson", "account", "invoice", "desk"],
  ],
])("small, vague and sworn words are no topics: %s", async (text, tags) => {
  expect(await readTextFacts(text, never)).toMatchObject({ tags, people: [] });
});
