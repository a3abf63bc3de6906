import { expect, test } from "vitest";
import { memoryOf } from "../../test/support/sync-harness.ts";
import { isFiltered, passes } from "./memory-filter.ts";

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
