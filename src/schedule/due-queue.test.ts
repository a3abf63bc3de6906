import fc from "fast-check";
import { expect, test } from "vitest";
import { DueQueue } from "./due-queue.ts";

const change = fc.record({
  connectorId: fc.constantFrom("a", "b", "c", "d", "e"),
  dueAt: fc.option(fc.integer({ min: 0, max: 10 })),
});

test("after any changes it names the earliest due time, and what is due in order", () => {
  fc.assert(
    fc.property(fc.array(change), fc.integer({ min: 0, max: 10 }), (changes, now) => {
      const queue = new DueQueue();
      const model = new Map<string, number>();
      for (const { connectorId, dueAt } of changes) {
        queue.set(connectorId, dueAt);
        if (dueAt === null) model.delete(connectorId);
        else model.set(connectorId, dueAt);
      }
      const inOrder = [...model].sort(([a, dueA], [b, dueB]) => dueA - dueB || (a < b ? -1 : 1));
      expect(queue.earliest()).toBe(inOrder[0]?.[1] ?? null);
      expect(queue.earliestAfter(now)).toBe(inOrder.find(([, dueAt]) => dueAt > now)?.[1] ?? null);
      expect(queue.dueAt(now)).toEqual(inOrder.filter(([, dueAt]) => dueAt <= now).map(([id]) => id));
    }),
  );
});
