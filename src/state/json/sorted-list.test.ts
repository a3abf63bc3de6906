import fc from "fast-check";
import { expect, test } from "vitest";
import { SortedList } from "./sorted-list.ts";

interface Place {
  at: number;
}

test("after any additions and removals the list is in order and finds what is there", () => {
  const step = fc.record({ add: fc.boolean(), at: fc.integer({ min: 0, max: 20 }) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: -1, max: 21 }), (steps, from) => {
      const list = new SortedList<Place, Place>((a, b) => a.at - b.at);
      const model = new Set<number>();
      for (const { add, at } of steps) {
        list.remove({ at });
        model.delete(at);
        if (!add) continue;
        list.add({ at });
        model.add(at);
      }
      const sorted = [...model].sort((a, b) => a - b);
      const numbers = (places: Iterable<Place>) => [...places].map((place) => place.at);
      expect(numbers(list.after())).toEqual(sorted);
      expect(numbers(list.after({ at: from }))).toEqual(sorted.filter((at) => at > from));
      expect(list.find({ at: from })).toEqual(model.has(from) ? { at: from } : undefined);
    }),
  );
});
