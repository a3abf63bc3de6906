import { expect, test } from "vitest";
import { functionWordsByLanguage } from "./function-words.ts";
import { questionTermsOf, searchTermsOf } from "./search-terms.ts";

test("terms are stems without function words, in any spelling", () => {
  expect(searchTermsOf("She was painting the lakes")).toEqual(searchTermsOf("paint lake"));
  expect(searchTermsOf("Evan's O’Hara")).toEqual(["evan", "ohara", "hara"]);
  expect(searchTermsOf("Cafe\u0301 ＡＢＣ")).toEqual(searchTermsOf("café abc"));
});

test("irregular forms of English are the terms of their word", () => {
  expect(searchTermsOf("The children bought mice, and went swimming")).toEqual(
    searchTermsOf("child buys mouse, goes swim"),
  );
  expect(searchTermsOf("a rose")).not.toEqual(searchTermsOf("rise"));
});

test("a text is cut where its script changes, and characters of scripts without spaces stand in pairs", () => {
  expect(searchTermsOf("東京駅 Sam")).toEqual(["東京", "京駅", "東", "京", "駅", "sam"]);
  expect(searchTermsOf("我的iPhone坏了")).toContain("iphon");
  expect(questionTermsOf("แมว")).toEqual(["แม", "มว"]);
});

test.each([
  ["Was ist mit dem Hund?", ["hund"]],
  ["Où est le chien ?", ["chien"]],
  ["¿Dónde está el perro?", ["perro"]],
  ["Dov'è il cane?", ["cane"]],
  ["Gdzie jest pies?", ["pi"]],
  ["Где собака?", ["собака"]],
  ["Köpek nerede?", ["kopek"]],
  ["אן הכלב שלי", ["אן", "הכלב"]],
  ["कुत्ता कहाँ है", ["कुत्ता"]],
])("a question is asked without the function words of its language: %s", (question, terms) => {
  expect(questionTermsOf(question)).toEqual(terms);
});

test.each([
  ["Was war am 18. Mai?", "18 may"],
  ["Que s'est-il passé le jeudi 19 novembre ?", "19 thursday november"],
  ["¿Qué pasó el 3 de agosto?", "3 august"],
  ["Cosa è successo il 7 dicembre?", "7 december"],
  ["Co było 5 maja?", "5 may"],
  ["Что было 9 марта?", "9 march"],
  ["15 Ağustos'ta ne oldu?", "15 august"],
  ["ماذا حدث يوم ١٨ مايو؟", "18 may"],
  ["מה קרה ביום שני?", "monday"],
  ["18 मई को क्या हुआ?", "18 may"],
  ["5월 18일에 뭐 했어?", "18 may"],
  ["5月18日に何をした?", "18 may"],
  ["12月3日做了什么？", "3 december"],
  ["星期四做了什么？", "thursday"],
  ["วันที่ 18 พฤษภาคม ทำอะไร", "18 may"],
])("a day is asked for in any language: %s", (question, words) => {
  const header = searchTermsOf(`Recorded: on ${words.replaceAll("may", "May")}`).filter(
    (each) => each !== "record",
  );
  expect(questionTermsOf(question)).toEqual(expect.arrayContaining(header));
});

test("a word that is a month in another language is none in a question of this one", () => {
  expect(questionTermsOf("What is there on Mars?")).toEqual(["mar"]);
  expect(questionTermsOf("12月")).not.toContain("februari");
});

test("a question of nothing but function words is asked as it is", () => {
  expect(questionTermsOf("Who was it?")).toEqual(["who", "wa", "it"]);
  expect(questionTermsOf("")).toEqual([]);
});

test("no list of function words is empty or has a word twice", () => {
  for (const [language, words] of functionWordsByLanguage) {
    const list = words.split(/\s+/u);
    expect(list.length, language).toBeGreaterThan(20);
    expect(new Set(list).size, language).toBe(list.length);
  }
});
