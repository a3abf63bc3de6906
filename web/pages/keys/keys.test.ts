import { expect, test } from "vitest";
import { type Key, keyState, serves, titleOf } from "./keys.ts";

const now = Date.parse("2026-01-31T12:00:00Z");
const inHours = (hours: number) => new Date(now + hours * 3_600_000).toISOString();
const key = (more: Partial<Key> = {}): Key => ({
  ...{ id: "a1", name: "ops", role: "admin", createdAt: inHours(-500), endsAt: null },
  ...{ lastUsedAt: inHours(-1), sessions: 0, ...more },
});

test.each<[string, Key[], boolean, string]>([
  ["none", [], false, "No key is in force."],
  ["that of the configuration alone", [], true, "One key is in force: that of the configuration."],
  ["used ones", [key(), key()], true, "3 keys are in force."],
  [
    "one of two was never used",
    [key(), key({ lastUsedAt: null })],
    false,
    "2 keys are in force; 1 was never used.",
  ],
  [
    "none of two was ever used",
    [key({ lastUsedAt: null }), key({ lastUsedAt: null })],
    false,
    "2 keys are in force; none was ever used.",
  ],
  [
    "one that is being replaced",
    [key(), key({ endsAt: inHours(3) })],
    false,
    "2 keys are in force; 1 will end.",
  ],
  [
    "one that has ended does not count",
    [key(), key({ endsAt: inHours(-1), lastUsedAt: null })],
    false,
    "1 key is in force.",
  ],
  ["one that was never used", [key({ lastUsedAt: null })], false, "1 key is in force; it was never used."],
])("the headline of the keys: %s", (_, keys, configured, title) => {
  expect(titleOf(keys, configured, now)).toBe(title);
});

test("a key is in force, will end or has ended, to the moment", () => {
  expect(keyState(key(), now).word).toBe("In force");
  expect(keyState(key({ endsAt: inHours(2) }), now)).toMatchObject({ tone: "wait", word: "Ends in 2 h" });
  expect(keyState(key({ endsAt: inHours(0) }), now)).toMatchObject({ tone: "rest" });
});

test("what would miss a key is told: its last use, and who is signed in with it", () => {
  expect(serves(key({ lastUsedAt: null }), now)).toBe("never used");
  expect(serves(key({ sessions: 2 }), now)).toBe("last used 1 h ago; 2 browsers are signed in with it");
});
