import { expect, test } from "vitest";
import { filterOf, queryOf } from "./audit-filter.tsx";
import { actionChoices, actionWords, actorWords, subjectAddress, subjectOf } from "./audit-words.ts";
import { resultWords } from "./verification.tsx";

test.each([
  [{ kind: "api-key", id: "a1", name: "ops" }, "ops"],
  [{ kind: "api-key", id: "a1", name: null }, "a1"],
  [{ kind: "api-key", id: "api.api_key", name: null }, "the key of the configuration"],
  [{ kind: "cli", id: "nina", name: null }, "nina at the command line"],
  [{ kind: "cli", id: null, name: null }, "somebody at the command line"],
  [{ kind: "service", id: null, name: null }, "the service"],
  [{ kind: "signature", id: null, name: null }, "a program that signs"],
  [{ kind: "anonymous", id: null, name: null }, "anybody, as no key is asked for"],
] as const)("who did it: %j", (actor, words) => {
  expect(actorWords(actor)).toBe(words);
});

test("who signs in with a key is named once, whatever else is done to keys names the key", () => {
  const actor = { kind: "api-key", id: "api.api_key", name: null } as const;
  expect(subjectOf({ actor, subject: "api.api_key" })).toBeNull();
  expect(subjectOf({ actor, subject: "a1" })).toBe("a1");
  expect(["session.open", "session.close"].map(actionWords)).toEqual(["signed in", "signed out"]);
});

test("an action that this page does not know yet is shown as it is called", () => {
  expect([actionWords("key.revoke"), actionWords("key.frame")]).toEqual(["revoked key", "key.frame"]);
  expect(actionWords("toString")).toBe("toString");
});

test.each([
  ["connector.pause", "a/b", "#/connectors/a%2Fb"],
  ["dead-letters.drop", "nina", "#/connectors/nina"],
  ["memory.erase", "m 1", "#/memories?id=m+1"],
  ["session.open", "a1", "#/service/keys"],
  ["state.backup", null, null],
  ["config.reload", "x", null],
])("the subject of %s, %s, is shown at %s", (action, subject, address) => {
  expect(subjectAddress({ action, subject })).toBe(address);
});

test("one may look for all of a group, or for one action", () => {
  expect(actionChoices).toEqual([...new Set(actionChoices)].toSorted());
  expect(actionChoices).toEqual(expect.arrayContaining(["key", "key.create", "dead-letters"]));
});

test("the filter is what the address says of it, without what is empty or unknown; days are whole", () => {
  const filter = filterOf(new URLSearchParams("actor= ops &action=&subject=x&since=2026-01-31&colour=red"));
  expect(filter).toEqual({ actor: "ops", subject: "x", since: "2026-01-31" });
  const day = queryOf({ since: "2026-01-31", until: "2026-01-31" });
  expect(Date.parse(day.until ?? "") - Date.parse(day.since ?? "")).toBe(86_400_000 - 1);
  expect(queryOf({ since: "yesterday" })).toEqual({ since: "yesterday" });
});

test.each([
  [{ entries: 0, first: null, problem: null }, "It has no entry yet."],
  [{ entries: 1, first: 1, problem: null }, "1 entry was read; none was changed, moved, put in or removed."],
  [
    { entries: 5, first: 8, problem: null },
    /^5 entries were read;.* Those before 8 were removed by retention/u,
  ],
  [
    { entries: 5, first: 1, problem: { number: 3, reason: "its hash is wrong" } },
    "Entry 3: its hash is wrong.",
  ],
])("the result of a verification in words: %j", (found, words) => {
  expect(resultWords(found)).toMatch(words);
});
