import type { Clock } from "../kernel/util/clock.ts";
import type { ValueCache } from "../kernel/util/value-cache.ts";
import type { TableAccess, ValueTable } from "./state-tables.ts";

/** Beyond these an answer is forgotten, and got again should anybody ask: the oldest first. */
export const valueBounds = { entries: 100_000, ageMs: 365 * 86_400_000 };

/** Answers that are kept in the tables of an embedded backend. */
export function embeddedValues(access: TableAccess<ValueTable>, clock: Clock): ValueCache {
  const { table, read, change } = access;
  return {
    get: (key) => read(() => table.get(key)),
    removeBeginning: (prefix) => change(() => table.removeBeginning(prefix)),
    put: async (key, value) => {
      const copy = structuredClone(value);
      const now = clock.now();
      await change(() => {
        table.put(key, copy, now);
        table.forget({ before: now - valueBounds.ageMs, keep: valueBounds.entries });
      });
    },
  };
}
