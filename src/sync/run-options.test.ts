import { expect, test } from "vitest";
import { memoryOf } from "../../test/support/sync-harness.ts";
import { isFiltered, newRunId, passes } from "./run-options.ts";

test("a run's id begins with its time, so that ids sort by time, and no two are the same", () => {
  const now = Date.parse("2025-01-31T23:59:59.900Z");
  expect(newRunId(now)).toMatch(/^20250131T235959-[0-9a-f]{6}$/u);
  expect(newRunId(now)).not.toBe(newRunId(now));
});

const at = Date.parse("2025-01-01T00:00:00Z");
const memory = memoryOf("a", { createdAt: "2025-01-01T00:00:00Z" });

test.each([
  [{}, false, true],
  [{ since: at }, true, true],
  [{ since: at + 1 }, true, false],
  [{ until: at }, true, true],
  [{ until: at - 1 }, true, false],
  [{ since: at - 1, until: at + 1 }, true, true],
  [{ ids: new Set(["a"]) }, true, true],
  [{ ids: new Set(["b"]) }, true, false],
  [{ since: at + 1, ids: new Set(["a"]) }, true, false],
])("%o filters: %s, lets the memory through: %s", (filter, filters, lets) => {
  expect(isFiltered(filter)).toBe(filters);
  expect(passes(filter, memory)).toBe(lets);
});
