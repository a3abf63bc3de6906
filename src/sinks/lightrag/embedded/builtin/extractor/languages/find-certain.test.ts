import { expect, test } from "vitest";
import { findCertain } from "./find-certain.ts";

const namesIn = (language: string, text: string) => findCertain(text, language).map(({ name }) => name);

test.each([
  ["de", "Gestern hat Herr Becker mit Lukas über das Angebot gesprochen.", ["Becker", "Lukas", "Angebot"]],
  ["de", "Clara und Andreas fahren mit Claras Fahrrad.", ["Clara", "Andreas", "Clara", "Fahrrad"]],
  [
    "fr",
    "J'ai vu Madame Girard devant l'hôpital Cochin, puis Antoine.",
    ["Girard", "hôpital Cochin", "Antoine"],
  ],
  ["es", "Hoy cené con Lucía Moreno en la calle Mayor.", ["Lucía Moreno", "calle Mayor"]],
  ["it", "Ho chiamato il dottor Ferri e poi Chiara dall'Arno.", ["Ferri", "Chiara", "Arno"]],
  ["pt", "Fui com a Inês à rua Augusta e depois a Coimbra.", ["Inês", "rua Augusta", "Coimbra"]],
  [
    "nl",
    "Ik sprak mevrouw Jansen en Pieter bij het station Utrecht.",
    ["Jansen", "Pieter", "station Utrecht"],
  ],
  ["pl", "Byłam z Magdą u doktora Kowalskiego w Gdańsku.", ["Magda", "Kowalski", "Gdańsk"]],
  ["ru", "Вчера видела Ольгу с доктором Петровым в Казани.", ["Ольга", "Петров", "Казань"]],
  ["tr", "Dün Zeynep'le Ankara'da Mehmet Bey'i gördüm.", ["Zeynep", "Ankara", "Mehmet Bey"]],
  ["ar", "قابلت الدكتور شاهين مع مريم في بيروت.", ["شاهين", "مريم", "بيروت"]],
  ["he", "פגשתי את ד״ר כהן עם תמר בירושלים.", ["כהן", "תמר", "ירושלים"]],
  ["hi", "कल डॉक्टर मेहता और प्रिया दिल्ली गए।", ["मेहता", "प्रिया", "दिल्ली"]],
  ["th", "เจอหมอสมศักดิ์กับสุดาที่ภูเก็ต", ["สมศักดิ์", "สุดา", "ภูเก็ต"]],
  ["zh", "昨天和陈医生、王芳去了北京。", ["陈医生", "王芳", "北京"]],
  ["ja", "昨日、鈴木先生と花子に京都で会った。", ["鈴木先生", "花子", "京都"]],
  ["ko", "어제 김 선생님과 서연이를 서울에서 만났다.", ["김 선생님", "서연", "서울"]],
])(
  "in %s people by title or name and places are found, in the form in which they are told of: %s",
  (language, text, names) => {
    expect(namesIn(language, text)).toEqual(names);
  },
);

test.each([
  ["de", "dann habe ich lange gewartet und bin nach hause gegangen."],
  ["zh", "今天很累，什么都不想做。"],
  ["ja", "今日はとても疲れた。"],
  ["ko", "오늘은 너무 피곤했다."],
  ["th", "วันนี้เหนื่อยมาก"],
  ["ar", "كنت متعبة جدا اليوم ولم أفعل شيئا."],
  ["hi", "आज बहुत थक गया था।"],
  ["ru", "сегодня я очень устала и ничего не делала."],
])("of a sentence that names nobody nothing is found, in %s", (language, text) => {
  expect(namesIn(language, text)).toEqual([]);
});

test.each([
  ["de", "Frau Dr. Seidel hat den Termin verschoben.", "Seidel", "person"],
  ["de", "War mit Jonas im Clara-Zetkin-Park.", "Clara-Zetkin-Park", "location"],
  ["de", "Das Konzert ist in der Thomaskirche.", "Thomaskirche", "location"],
  ["ar", "يجب أن أتصل بكريم.", "كريم", "person"],
])("in %s a thing is of its kind, without titles and affixes: %s", (language, text, name, type) => {
  const found = findCertain(text, language);
  expect(found).toContainEqual(expect.objectContaining({ name, type }));
  expect(found.map((each) => each.name)).not.toContain("Dr");
});

test("all cases of a Russian name are one", () => {
  const text = "Лена звонила. Лене нужен паспорт. С Леной в кино. Видела Лену. Нет Лены.";
  expect(new Set(namesIn("ru", text))).toEqual(new Set(["Лена"]));
});

test("no mark of a script is cut off, and no word is bent as if it were English", () => {
  expect(namesIn("hi", "रिया जी से मिली।")).toEqual(["रिया"]);
  expect(namesIn("fr", "On a vu Élodie dans Arras.")).toEqual(["Élodie", "Arras"]);
});

test("titles in the marks of the language, hashtags and handles are found in any", () => {
  expect(namesIn("zh", "读了《三体》 #读书 @li_na")).toEqual(["三体", "读书", "@li_na"]);
  expect(namesIn("ja", "『雪国』を読んだ")).toEqual(["雪国"]);
  expect(namesIn("de", "ich lese „Die Vermessung der Welt“ #lesen")).toEqual([
    "Die Vermessung der Welt",
    "lesen",
  ]);
});

test("a Turkish name that is a word as well needs its capital", () => {
  expect(namesIn("tr", "Bugün Can geldi.")).toEqual(["Can"]);
  expect(namesIn("tr", "benim can dostum geldi.")).toEqual([]);
});

test.each([
  ["de", "An Weihnachten fahren wir nach Graz, Ostern bleiben wir hier.", "Weihnachten"],
  ["fr", "À Noël on ira à Rennes.", "Noël"],
  ["es", "Domingo de Pascua en casa, en Semana Santa en Sevilla.", "Semana Santa"],
  ["it", "A Pasqua andiamo a Lecce.", "Pasqua"],
  ["pt", "No Natal vamos a Braga.", "Natal"],
  ["pl", "Na Wielkanoc jedziemy do Krakowa.", "Wielkanoc"],
  ["ru", "На Пасху едем в Псков.", "Пасха"],
  ["tr", "Kurban Bayramı'nda İzmir'deydik.", "Kurban Bayramı"],
  ["ar", "سنسافر في رمضان إلى دمشق.", "رمضان"],
  ["he", "בפסח ניסע לחיפה.", "פסח"],
  ["hi", "दिवाली पर हम दिल्ली में थे।", "दिवाली"],
  ["th", "สงกรานต์ไปเชียงใหม่", "สงกรานต์"],
  ["zh", "春节我们去北京。", "春节"],
  ["ja", "お正月は広島に帰ります。", "お正月"],
  ["ko", "추석에 부산에 갔다.", "추석"],
])("in %s a day of feast is an event, neither a place nor a person: %s", (language, text, name) => {
  expect(findCertain(text, language).filter((found) => found.name === name)).toEqual([
    expect.objectContaining({ type: "event" }),
  ]);
});

test.each([
  ["it", "Sono tornata nella mia città natale."],
  ["pt", "Voltei à minha cidade natal."],
])("in %s a word that a feast is called like is none without its capital: %s", (language, text) => {
  expect(findCertain(text, language)).toEqual([]);
});

test.each([
  ["de", "Wir fahren zu Tante Gerda nach Graz.", "Gerda", "person", "Tante"],
  ["es", "La abuela Carmen me ha contado todo.", "Carmen", "person", "abuela"],
  ["ru", "Вчера тётя Оля приехала домой.", "Оля", "person", "тётя"],
  ["tr", "Dün Ayşe Teyze bize geldi.", "Ayşe Teyze", "person", "teyze"],
  ["ar", "كعك من عند أم حسن.", "أم حسن", "person", "حسن"],
  ["ar", "زرت ليلى في مستشفى القصر العيني.", "مستشفى القصر العيني", "location", "مستشفى القصر"],
  ["ja", "昨日、山田電機でカメラを見た。", "山田電機", "organization", "山田"],
  ["ru", "Вчера мы ездили в Казань.", "Казань", "location", "Казани"],
  ["ru", "Оля работает в Яндексе.", "Яндекс", "organization", "Яндексе"],
])("in %s a name is whole, of its kind, and once: %s", (language, text, name, type, not) => {
  const found = findCertain(text, language);
  expect(found).toContainEqual(expect.objectContaining({ name, type }));
  expect(found.map((each) => each.name)).not.toContain(not);
});
