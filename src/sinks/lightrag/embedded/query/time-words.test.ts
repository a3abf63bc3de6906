import { expect, test } from "vitest";
import { asksWhen, saysWhen } from "./time-words.ts";

test.each([
  ["We met yesterday.", true],
  ["In May we go.", true],
  ["We may go over there this time.", false],
  ["It was built in 1999", true],
  ["It costs 12999", false],
  ["Wir trafen uns letzte Woche.", true],
  ["Das Haus steht in der Stadt.", false],
  ["On se voit demain", true],
  ["El año pasado fui a Madrid.", true],
  ["Вчера был дождь", true],
  ["昨天去了。", true],
  ["猫在家。", false],
  ["เมื่อวานไปตลาด", true],
  ["แมวนอน", false],
])("%j says when: %s", (text, says) => {
  expect(saysWhen(text)).toBe(says);
});

test.each([
  ["When did we meet?", true],
  ["What did he say when he came?", false],
  ["Seit wann?", true],
  ["Ne zaman geldi?", true],
  ["什么时候去的?", true],
  ["猫在哪里?", false],
])("%j asks when: %s", (question, asks) => {
  expect(asksWhen(question)).toBe(asks);
});
