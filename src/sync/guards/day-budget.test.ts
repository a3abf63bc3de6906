import { expect, test } from "vitest";
import { ManualClock } from "../../../test/support/manual-clock.ts";
import { memoryState } from "../../../test/support/memory-state.ts";
import { costOf, documentsLeftToday, exceededLimit, isLimited, spentToday, withCost } from "./day-budget.ts";
import { estimateTokens } from "./estimate-tokens.ts";

const unlimited = { documents: null, characters: null, tokens: null };
const cost = { documents: 1, characters: 9, tokens: 3 };

test("a budget limits as soon as one of its limits is set", () => {
  expect(isLimited(unlimited)).toBe(false);
  for (const limit of ["documents", "characters", "tokens"] as const)
    expect(isLimited({ ...unlimited, [limit]: 0 })).toBe(true);
});

test("what fits exactly fits, and the first limit that does not hold is named", () => {
  expect(exceededLimit(unlimited, cost)).toBeNull();
  expect(exceededLimit({ documents: 1, characters: 9, tokens: 3 }, cost)).toBeNull();
  expect(exceededLimit({ ...unlimited, documents: 0 }, cost)).toBe("documents");
  expect(exceededLimit({ ...unlimited, characters: 8 }, cost)).toBe("characters");
  expect(exceededLimit({ documents: 1, characters: 9, tokens: 2 }, cost)).toBe("tokens");
});

test("a text costs a document, its characters and the tokens that they are about", () => {
  const text = "We walked to the pier.";
  expect(costOf(text)).toEqual({ documents: 1, characters: text.length, tokens: estimateTokens(text) });
});

test("a day begins at midnight of the connector's time zone, and nothing is spent in it", async () => {
  const clock = new ManualClock(Date.UTC(2026, 0, 1, 22));
  const { budgets } = memoryState(clock);
  const zone = (timezone: string) => spentToday(budgets, { connectorId: "c", timezone }, clock);
  const fresh = { connectorId: "c", documents: 0, characters: 0, tokens: 0, spentOut: null };
  expect(await zone("UTC")).toEqual({ ...fresh, day: "2026-01-01" });
  expect(await zone("Europe/Helsinki")).toEqual({ ...fresh, day: "2026-01-02" });
  const spent = withCost(withCost(await zone("UTC"), cost), cost);
  expect(spent).toEqual({ ...fresh, day: "2026-01-01", documents: 2, characters: 18, tokens: 6 });
  await budgets.save(spent);
  expect(await zone("UTC")).toEqual(spent);
  clock.advance(2 * 3_600_000);
  expect(await zone("UTC")).toEqual({ ...fresh, day: "2026-01-02" });
});

test.each([
  ["without a budget", {}, { documents: 5 }, Number.POSITIVE_INFINITY],
  ["with a budget of documents", { documents: 7 }, { documents: 5 }, 2],
  ["with all documents sent", { documents: 5 }, { documents: 5 }, 0],
  ["with a budget of another kind", { tokens: 10 }, { tokens: 9 }, Number.POSITIVE_INFINITY],
  ["with the last token spent", { documents: 7, tokens: 10 }, { tokens: 10 }, 0],
  ["after a document that did not fit", { tokens: 10 }, { tokens: 6, spentOut: "tokens" as const }, 0],
])("%s, so many documents are left", async (_, budget, spent, left) => {
  const clock = new ManualClock();
  const { budgets } = memoryState(clock);
  const settings = { connectorId: "c", timezone: "UTC", budget: { ...unlimited, ...budget } };
  await budgets.save({ ...(await spentToday(budgets, settings, clock)), ...spent });
  expect(await documentsLeftToday(budgets, settings, clock)).toBe(left);
});
