import { expect, test } from "vitest";
import { alertRuleNames, meaningOf } from "./alert-rule.ts";

test.each([
  ["consecutive_failures", 1, "the last run of a connector failed"],
  ["consecutive_failures", 3, "the last 3 runs of a connector failed"],
  ["no_sync_for_hours", 86_400_000, "no run of a connector has come to its end for 1 d"],
  ["dead_letters_over", 0, "a connector has a dead letter"],
  ["dead_letters_over", 10, "a connector has more than 10 dead letters"],
  ["resend_ratio", 0, "a brake held a run"],
] as const)("%s %d means: %s", (name, limit, meaning) => {
  expect(meaningOf({ name, limit })).toBe(meaning);
});

test("every rule has a meaning", () => {
  for (const name of alertRuleNames) expect(meaningOf({ name, limit: 5 })).toMatch(/^[a-z].*[a-z]$/u);
});
