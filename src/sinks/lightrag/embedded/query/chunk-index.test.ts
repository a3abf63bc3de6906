import { expect, test } from "vitest";
import { indexOf, memoryChunk } from "../../../../../test/support/memory-chunks.ts";
import { atOnce } from "../../../../kernel/util/pieces.ts";
import { questionTermsOf } from "./search-terms.ts";

const index = indexOf({
  question: memoryChunk("question", "2024-05-01T10:00:00Z", "Ivan: How was the pottery workshop?"),
  answer: memoryChunk("answer", "2024-05-01T10:01:00Z", "Nora: Wonderful, we glazed two bowls."),
  other: memoryChunk("other", "2024-05-03T10:00:00Z", "Nora: The workshop for bicycles is closed."),
});
const byId = (scores: Float64Array) => Object.fromEntries(index.ids.map((id, at) => [id, scores[at]]));

test("a chunk scores by its own words, in any form, and rare words count for more", () => {
  const scores = byId(atOnce(index.scoresOf(questionTermsOf("workshops on POTTERY"))).own);
  expect(scores.question).toBeGreaterThan(scores.other! * 2);
  expect(scores.other).toBeGreaterThan(0);
  expect(scores.answer).toBe(0);
});

test("a chunk scores by the words of its neighbours too, for less than by its own", () => {
  const scores = byId(atOnce(index.scoresOf(questionTermsOf("pottery"))).context);
  expect(scores.answer).toBeGreaterThan(0);
  expect(scores.question).toBeGreaterThan(scores.answer!);
  expect(scores.other).toBe(0);
});

test("an empty index scores nothing", () => {
  const empty = indexOf({});
  expect(atOnce(empty.scoresOf(["a"])).own).toEqual(new Float64Array());
  expect(empty.placeOf("question")).toBeUndefined();
  expect(index.placeOf("answer")).toBe(1);
});

/** The notes that a question finds, best first. */
function found(notes: Record<string, string>, question: string): string[] {
  const chunks = Object.entries(notes).map(
    ([id, text], day) => [id, memoryChunk(id, `2024-05-${10 + day}T10:00:00Z`, text)] as const,
  );
  const index = indexOf(Object.fromEntries(chunks));
  const scores = atOnce(index.scoresOf(questionTermsOf(question))).own;
  return index.ids
    .map((id, at) => ({ id: String(id), score: scores[at] ?? 0 }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ id }) => id);
}

test.each([
  [
    "French, without accents and article",
    "hopital",
    "Visite à l'hôpital ce matin.",
    "Le marché était fermé.",
  ],
  ["French, a name as it is typed", "elodie", "Déjeuner avec Élodie.", "Le marché était fermé."],
  ["Turkish, a dotted capital", "izmir", "Yarın İzmir'e gidiyoruz.", "Bugün hava güzel."],
  ["Turkish, a dotless letter", "isik", "Işık söndü.", "Bugün hava güzel."],
  ["Turkish, a suffix", "hastane nerede", "Annem hastanede yatıyor.", "Bugün hava güzel."],
  ["German, an umlaut", "munchen", "Im Zug nach München.", "Der Garten ist voll."],
  ["German, a sharp s", "strasse", "Die Straße war gesperrt.", "Der Garten ist voll."],
  ["Polish, a crossed l", "lodz", "Pociąg do Łodzi odjechał.", "Kupiłem chleb."],
  ["Danish, a crossed o", "kobenhavn", "Vi er i København.", "Det regner igen."],
  ["a brand within Chinese", "iPhone 在哪里", "我在车上丢了iPhone手机。", "今天下雨了。"],
  ["one Chinese character", "猫", "猫又病了。", "今天下雨了。"],
  ["Korean, another particle", "고양이를", "고양이가 아팠다.", "비가 왔다."],
  ["Korean, a name of one syllable", "빈", "내일 빈에서 만난다.", "비가 왔다."],
  ["Russian, another case", "Что сказала Лена?", "Позвонил Лене вечером.", "Купил хлеб."],
  ["Russian, two dots", "елка", "Ёлка уже стоит.", "Купил хлеб."],
  ["Arabic, an article and a conjunction", "مستشفى", "زرنا المستشفى اليوم.", "الطقس جميل."],
  ["Arabic, vowel points", "كتاب", "قرأت كِتَاباً جديداً.", "الطقس جميل."],
  ["Hebrew, a preposition", "מטבח", "צבענו במטבח את הקיר.", "ירד גשם."],
  ["Hindi, the dot of a borrowed sound", "बगीचा", "बग़ीचे में टमाटर लगाए।", "आज बारिश हुई।"],
  ["Thai", "แมว", "วันนี้แมวป่วย", "ฝนตก"],
  ["Japanese", "猫は?", "昨日、猫が帰ってきた。", "雨だった。"],
])("a note is found in its language: %s", (_, question, note, other) => {
  expect(found({ other, note }, question)).toEqual(["note"]);
});

test.each([
  ["Who is ill?", "Anna is ill again.", "We walked to the pier."],
  ["where is the shed", "The shed has no roof.", "We walked to the pier."],
  ["What about Can?", "We met Can at the pier.", "Can you see the boat?"],
  ["who is can", "We met Can at the pier.", "Can you see the boat?"],
])(
  "a word is left out of a question only as a function word, and only beside others: %s",
  (question, note, other) => {
    expect(found({ other, note }, question)).toEqual(["note"]);
  },
);

test("the word itself finds before its forms", () => {
  const notes = { form: "Gestern in den Gärten der Stadt.", word: "Der Garten ist voll." };
  expect(found(notes, "Was ist mit dem Garten?")).toEqual(["word", "form"]);
});
