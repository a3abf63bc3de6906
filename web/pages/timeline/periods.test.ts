import { expect, test } from "vitest";
import { chosenIn, newestOf, type Period } from "./periods.ts";

const chosen = (search: string) => chosenIn(new URLSearchParams(search));

test.each([
  ["year=2025", "2025", null],
  ["year=2025&month=2025-04", "2025", "2025-04"],
  ["month=2024-04", "2024", "2024-04"],
  ["", null, null],
])("of %j a month says its year", (search, year, month) => {
  expect(chosen(search)).toEqual({ year, month });
});

const period = (name: string) => ({ period: name, since: `${name}-01T00:00:00Z` }) as Period;
const now = Date.parse("2026-05-15T12:00:00Z");

test("a memory that is dated in the future does not decide what is shown first", () => {
  const periods = ["2036-01", "2026-05", "2026-04"].map(period);
  expect(newestOf(periods, now)?.period).toBe("2026-05");
  expect(newestOf([period("2036-01")], now)?.period).toBe("2036-01");
  expect(newestOf([], now)).toBeUndefined();
});
