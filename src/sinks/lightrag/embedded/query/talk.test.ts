import { expect, test } from "vitest";
import { indexOf, memoryChunk } from "../../../../../test/support/memory-chunks.ts";

type Turn = [time: string, text: string, context?: string];

function talk(...turns: Turn[]) {
  const chunks = turns.map(([time, text, context], at) => {
    const chunk = memoryChunk(`m${at}`, `2024-05-01T${time}:00Z`, text, context);
    return [`m${at}`, chunk] as const;
  });
  const { talk: made } = indexOf(Object.fromEntries(chunks));
  const each = <Value>(of: (place: number) => Value) => turns.map((_, place) => of(place));
  return {
    sittings: made.sittings,
    answered: each((place) => made.answered(place)),
    asks: each((place) => made.asks(place)),
    spokenByNamed: (question: string) => {
      const isSpoken = made.spokenByNamed(question);
      return isSpoken && each(isSpoken);
    },
  };
}

test("what follows within an hour in the same context is of one sitting", () => {
  const { sittings } = talk(
    ["10:00", "One."],
    ["10:59", "Two."],
    ["12:00", "Three."],
    ["10:30", "Elsewhere.", "CTX2"],
    ["09:30", "None."],
  );
  expect(new Set(sittings).size).toBe(3);
  expect(sittings[0]).toBe(sittings[1]);
  expect(sittings[0]).toBe(sittings[4]);
});

test.each([
  ["What did you buy?", true],
  ["Guess what I bought? [shared image: a boat]", true],
  ["你买了什么？", true],
  ["Did I? No.", false],
  ["Well.", false],
])("%j asks: %s", (text, asks) => {
  const { answered, asks: asking } = talk(["10:00", text], ["10:01", "A boat."], ["10:02", "Red."]);
  expect(asking[0]).toBe(asks);
  expect(answered).toEqual([null, asks ? 0 : null, null]);
});

test("after an hour, and elsewhere, nothing is answered", () => {
  expect(talk(["10:00", "And?"], ["11:01", "Yes."], ["10:01", "No.", "CTX2"]).answered).toEqual([
    null,
    null,
    null,
  ]);
});

test.each([
  ["What did Ana buy?", [true, false, true]],
  ["What does Silva's boat cost?", [true, false, false]],
  ["What did Ana and Ben buy?", null],
  ["What did Clara buy?", null],
  ["What was bought?", null],
])("%j names one who speaks: %j", (question, spoken) => {
  const said = talk(
    ["10:00", "Ana Silva: A boat."],
    ["10:01", "Ben: Ana, a boat?"],
    ["10:02", "[0:01–0:02] Ben: Yes.\n[0:03–0:04] Ana: Yes."],
  );
  expect(said.spokenByNamed(question)).toEqual(spoken);
});
