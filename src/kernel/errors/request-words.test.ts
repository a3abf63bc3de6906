import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { errorCodes } from "./codes.ts";
import { ConnectorError } from "./connector-error.ts";
import { inRequestWords, requestWords } from "./request-words.ts";

/** What only a person at a terminal can type. */
const typed = /(?<![\w-])--[a-z]|`memory-connector /u;

test.each([
  ["look at the id", "look at the id"],
  [
    "look at the source; if they are really gone: `memory-connector sync --connector-id one --accept-deletions`",
    "look at the source; if they are really gone: a run of connector one with `acceptDeletions`",
  ],
  [
    "`memory-connector sync --connector-id one --force --ids a 'b c'` tries at once",
    "a run of connector one with `force` and `ids` a 'b c' tries at once",
  ],
  [
    "then: `memory-connector dead-letters replay --connector-id one --ids m3`",
    "then: a replay of dead letters of connector one with `ids` m3",
  ],
  [
    "if it shall come back: `memory-connector erase --undo --memory m --connector-id one`",
    "if it shall come back: take its erasure back",
  ],
  ["leave --since and --until out", "leave `since` and `until` out"],
  ["take network=--none", "take network=--none"],
  // Only a terminal can do it.
  ["run `memory-connector secrets rotate`", "run `memory-connector secrets rotate`"],
])("%s is for a request: %s", (hint, said) => {
  expect(requestWords(hint)).toBe(said);
});

test("what helps with a code has its own words for requests, alone and within a longer hint", () => {
  const { remedy, requestRemedy } = errorCodes.ERASE_UNPROVED;
  expect(new ConnectorError("ERASE_UNPROVED", "no", { hint: remedy }).requestHint).toBe(requestRemedy);
  expect(requestWords(`${remedy}; then: \`memory-connector sync\``)).toBe(`${requestRemedy}; then: a run`);
});

test("an answer is told in the words of a request where it says what to do, and nowhere else", () => {
  const error = {
    code: "RUN_HELD",
    message: "`memory-connector sync` was held",
    hint: "`memory-connector plan`",
  };
  const answer = {
    items: [
      { id: "a", error: null },
      { id: "b", error },
    ],
    note: "--since",
  };
  expect(inRequestWords(answer)).toEqual({
    ...answer,
    items: [answer.items[0], { id: "b", error: { ...error, hint: "the plan of a run" } }],
  });
  const same = { items: [{ hint: "look" }] };
  expect(inRequestWords(same)).toBe(same);
});

const above = join(import.meta.dirname, "../..");
const keeping = globSync("{sync,domain,documents,sinks,schedule}/**/*.ts", { cwd: above }).filter(
  (path) => !/\.test\.ts$|settings\.ts$/u.test(path),
);

test("every command that a part advises which keeps its hints is something that a request can ask for", () => {
  const advised = keeping.flatMap((path) =>
    Array.from(
      readFileSync(join(above, path), "utf8").matchAll(/\\?`memory-connector [a-z][^`\\]*\\?`/gu),
      ([text]) => text.replaceAll("\\", "").replaceAll(/\$\{[^}]*\}/gu, "X"),
    ),
  );
  expect(advised.length).toBeGreaterThan(5);
  for (const text of advised) expect(requestWords(text), text).not.toMatch(typed);
});
