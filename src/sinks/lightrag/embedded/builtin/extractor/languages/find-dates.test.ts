import { expect, test } from "vitest";
import { findDatesIn } from "./find-dates.ts";

/** A Monday. */
const recordedOn = new Date("2025-05-19T12:00:00Z");
const namesIn = (language: string, text: string, on: Date | null = recordedOn) =>
  findDatesIn(text, language, on).map(({ name }) => name);

test.each([
  ["de", "Wir treffen uns am 24. Mai, nicht am 1. Juni.", ["24 May 2025", "1 June 2025"]],
  [
    "fr",
    "On se retrouve le jeudi 19 novembre, pas le 1er décembre.",
    ["19 November 2024", "1 December 2024"],
  ],
  ["es", "Nació el 3 de agosto de 1958.", ["3 August 1958"]],
  ["it", "Il concerto è l'8 dicembre 2024.", ["8 December 2024"]],
  ["pt", "A festa é a 13 de junho.", ["13 June 2025"]],
  ["nl", "Het feest is op 27 april.", ["27 April 2025"]],
  ["pl", "Egzamin jest 5 maja.", ["5 May 2025"]],
  ["ru", "Поезд уходит 9 марта.", ["9 March 2025"]],
  ["tr", "15 Ağustos'ta dönüyoruz.", ["15 August 2025"]],
  ["ar", "سنعود يوم ٢ أبريل.", ["2 April 2025"]],
  ["he", "ניפגש ב-18 במאי.", ["18 May 2025"]],
  ["hi", "हम 18 मई को मिले।", ["18 May 2025"]],
  ["th", "เจอกันวันที่ 18 พฤษภาคม 2567 นะ", ["18 May 2024"]],
  ["zh", "12月3日去上海，十二月二十一号回来。", ["3 December 2024", "21 December 2024"]],
  ["ja", "三月十日に引っ越す。2024年5月18日だった。", ["10 March 2025", "18 May 2024"]],
  ["ko", "5월 18일에 만나요.", ["18 May 2025"]],
])("in %s a day of a month is found: %s", (language, text, names) => {
  expect(namesIn(language, text)).toEqual(names);
});

test.each([
  [
    "de",
    "Gestern war ich müde, übermorgen fahren wir, und letzte Woche hat es geregnet.",
    ["18 May 2025", "21 May 2025", "week of 12 May 2025"],
  ],
  [
    "fr",
    "Hier il a plu, aujourd'hui il fait beau ; l’année dernière aussi.",
    ["18 May 2025", "19 May 2025", "2024"],
  ],
  ["es", "Anteayer vino Inés y mañana se va.", ["17 May 2025", "20 May 2025"]],
  ["pt", "Ontem choveu e amanhã também.", ["18 May 2025", "20 May 2025"]],
  ["pl", "Wczoraj padało, dziś też.", ["18 May 2025", "19 May 2025"]],
  ["ru", "Вчера звонила, позавчера нет.", ["18 May 2025", "17 May 2025"]],
  ["tr", "Dün yağmur yağdı.", ["18 May 2025"]],
  ["ar", "يجب أن أتصل بكريم غدا، وأمس نسيت.", ["20 May 2025", "18 May 2025"]],
  ["he", "אתמול ירד גשם.", ["18 May 2025"]],
  ["th", "เมื่อวานฝนตก", ["18 May 2025"]],
  ["zh", "昨天下雨，前天也下雨，上个月没有。", ["18 May 2025", "17 May 2025", "April 2025"]],
  ["ja", "昨日、田中さんと話した。来週また会う。", ["18 May 2025", "week of 26 May 2025"]],
  ["ko", "어제는 비가 왔다.", ["18 May 2025"]],
])("in %s days are counted from the recording: %s", (language, text, names) => {
  expect(namesIn(language, text)).toEqual(names);
});

test.each([
  ["de", "Heute morgen", ["19 May 2025"]],
  ["de", "Am Morgen war es kalt.", []],
  ["es", "Por la mañana hizo frío.", []],
  ["nl", "Goede morgen!", []],
  ["hi", "कल बारिश हुई।", []],
  ["de", "Am 31. Februar geht es los, sagt er.", []],
  ["xx", "18. Mai", []],
])("what says another time, two or none is no date: %s, %s", (language, text, names) => {
  expect(namesIn(language, text)).toEqual(names);
});

test("without the day of recording only complete dates are found", () => {
  expect(namesIn("de", "Gestern, am 18. Mai und am 3. Juni 2021.", null)).toEqual(["3 June 2021"]);
});

test("a date says where in the text it stands, whatever its digits", () => {
  const text = "سنعود يوم ٢ أبريل معا";
  const [date] = findDatesIn(text, "ar", recordedOn);
  expect(text.slice(date?.start, date?.end)).toBe("٢ أبريل");
});
