import { expect, test } from "vitest";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { askForEnds, usualEnds } from "./interview.ts";

/** Somebody who gives these answers, then ends the input. */
function person(...answers: string[]) {
  const asked: string[] = [];
  const left = [...answers];
  const ask = async (question: string) => {
    asked.push(question);
    return left.shift() ?? null;
  };
  return { asked, dialogue: { ask, close: () => undefined } };
}

const allIsWell = async () => true;
const interview = (dialogue: ReturnType<typeof person>["dialogue"], tryEnd = allIsWell) =>
  askForEnds(usualEnds, { dialogue, say: () => undefined, tryEnd });

test("enter takes what is offered", async () => {
  expect(await interview(person("", "", "", "", "", "").dialogue)).toEqual(usualEnds);
});

test.each(["maybe", "j", "no thanks", "127.0.0.1:9621"])(
  "what is neither yes nor no (%s) decides nothing",
  async (said) => {
    const { asked, dialogue } = person("", "", "", said, "N");
    expect(await interview(dialogue)).toMatchObject({ lightrag: null });
    expect(asked.slice(3)).toEqual([expect.stringContaining("[Y/n]"), "Say yes or no: "]);
  },
);

test.each([
  ["kéy€", "U+20AC"],
  ["a\u0007b", "a control character"],
  ["'\"`", "has quotes of every kind"],
])("a key that cannot be used (%j) is asked for again at once, and not shown", async (said, problem) => {
  const { asked, dialogue } = person("", said, "good-key", "", "n");
  expect(await interview(dialogue)).toMatchObject({ memoryKey: "good-key" });
  expect(asked[2]).toContain(problem);
  expect(asked.join()).not.toContain(said);
});

test.each(["10.0.0.7:9622", "ftp://h", "http://", "http://h:99999"])(
  "an address that is none (%s) is asked for again",
  async (said) => {
    const { asked, dialogue } = person(said, "http://h:1", "", "", "n");
    expect(await interview(dialogue)).toMatchObject({ memoryApi: "http://h:1" });
    expect(asked[1]).toMatch(/^That is no address/u);
  },
);

test.each([
  ["ends the input", person(""), allIsWell],
  ["stops a try", person("", "", ""), () => Promise.reject(new ConnectorError("CANCELLED", "stopped"))],
])("who %s is told that nothing was written", async (_, { dialogue }, tryEnd) => {
  await expect(interview(dialogue, tryEnd)).rejects.toMatchObject({
    code: "CANCELLED",
    message: expect.stringContaining("nothing was written"),
    hint: expect.not.stringContaining("goes on where it stopped"),
  });
});
