import type { Memory } from "../../src/domain/memory.ts";
import { noFacts } from "../../src/domain/memory-facts.ts";

const note: Memory = {
  id: "note",
  type: "voice_note",
  audio: true,
  image: false,
  transcript: "",
  location: null,
  createdAt: "2025-05-18T08:00:00Z",
  updatedAt: null,
  title: null,
  tags: [],
};

const lisbon = { lat: 38.7139, lon: -9.1334 };
const leipzig = { lat: 51.3397, lon: 12.3731 };
const lyon = { lat: 45.764, lon: 4.8357 };
const valencia = { lat: 39.4699, lon: -0.3763 };
const kyoto = { lat: 35.0116, lon: 135.7681 };
const cairo = { lat: 30.0444, lon: 31.2357 };

/** The notes of one morning, which a group takes together. */
export const notesOfOneDay: readonly Memory[] = [
  {
    ...note,
    id: "de-morning-1",
    type: "note",
    audio: false,
    location: leipzig,
    createdAt: "2025-05-19T06:40:00Z",
    transcript: "Brot, Milch und die Schrauben für das Regal.",
  },
  {
    ...note,
    id: "de-morning-2",
    type: "note",
    audio: false,
    location: leipzig,
    createdAt: "2025-05-19T07:15:00Z",
    tags: ["Arzt"],
    transcript: "Frau Dr. Seidel hat den Termin auf Donnerstag verschoben, halb zehn.",
  },
];

/** Twenty memories as people leave them, in six languages. */
export const naturalMemories: readonly Memory[] = [
  {
    ...note,
    id: "en-ferry",
    location: lisbon,
    createdAt: "2025-05-18T17:42:10Z",
    transcript:
      "Okay, so I just got off the ferry from Cacilhas with Marta. She says the landlord will fix the boiler on Thursday, " +
      "and that I should ask Rui for the spare key. Oh, and buy tomatoes.",
  },
  {
    ...note,
    id: "en-call",
    type: "conversation",
    title: "Call about the kitchen",
    createdAt: "2025-03-04T15:00:00Z",
    endedAt: "2025-03-04T15:23:40Z",
    timeZone: "Europe/London",
    transcript:
      "Helen: The oak tops come to 2,400 with fitting. Tom: That's more than Priya told us in January. Helen: Prices went up.",
    segments: [
      { speaker: "Helen", startMs: 2000, endMs: 8000, text: "The oak tops come to 2,400 with fitting." },
      {
        speaker: "Tom",
        startMs: 8500,
        endMs: 12_000,
        text: "That's more than Priya told us in January.",
      },
      { speaker: "Helen", startMs: 12_500, endMs: 14_000, text: "Prices went up." },
    ],
  },
  {
    ...note,
    id: "en-journal",
    type: "journal",
    audio: false,
    tags: ["running", "garden"],
    createdAt: "2025-09-21T20:10:00Z",
    timeSource: "entry",
    transcript:
      "First cool evening. Ran the long loop past the mill, slower than last week, and did not mind. " +
      "Dad's quince tree has more fruit than leaves; I promised Aunt Judith two jars of jelly.",
  },
  {
    ...note,
    id: "en-report",
    type: "report",
    audio: false,
    title: "Site visit, Harrow Road",
    tags: ["work"],
    location: { lat: 51.5246, lon: -0.1991 },
    createdAt: "2025-02-11T11:30:00Z",
    url: "https://notes.example.org/site/harrow-road",
    attachments: [{ kind: "file", name: "survey.pdf" }],
    transcript:
      "Scaffolding is up on the north side. Kwame expects the roof to be closed by 28 February. " +
      "Two windows arrived cracked and go back to Fenwick Glass. See https://example.com/orders/118.",
  },
  {
    ...note,
    id: "en-photo",
    type: "photo",
    audio: false,
    image: true,
    location: { lat: 56.8198, lon: -5.1052 },
    createdAt: "2025-07-12T13:05:00Z",
    facts: {
      ...noFacts,
      image: { description: "Two hikers beside a cairn, with a loch far below.", text: "FORT WILLIAM 4 mi" },
    },
  },
  {
    ...note,
    id: "de-park",
    location: leipzig,
    createdAt: "2025-05-18T16:20:00Z",
    transcript:
      "War gerade mit Jonas im Clara-Zetkin-Park, er zieht im Juli nach Freiburg. Wir wollen am 24. Mai noch einmal zusammen grillen, " +
      "Lena bringt ihren Kartoffelsalat mit.",
  },
  ...notesOfOneDay,
  {
    ...note,
    id: "de-journal",
    type: "journal",
    audio: false,
    title: "Abends",
    tags: ["Chor"],
    createdAt: "2024-11-30T21:30:00Z",
    transcript:
      "Die Probe war gut, nur beim „Magnificat“ sind die Tenöre wieder davongelaufen. Herr Brandt will das Konzert am 14. Dezember in der " +
      "Thomaskirche. Ich habe versprochen, die Plakate zu drucken.",
  },
  {
    ...note,
    id: "fr-market",
    location: lyon,
    createdAt: "2025-04-05T09:12:00Z",
    transcript:
      "Je sors du marché de la Croix-Rousse. Madame Perrin m'a gardé les premières asperges, et Hugo passe dîner ce soir avec sa sœur. " +
      "Ne pas oublier le vin.",
  },
  {
    ...note,
    id: "fr-call",
    type: "conversation",
    location: lyon,
    createdAt: "2025-11-20T17:30:00Z",
    transcript:
      "Camille : On se retrouve le jeudi 27 novembre à la gare ? Julien : Oui, mon train arrive de Paris à midi.",
    segments: [
      {
        speaker: "Camille",
        startMs: null,
        endMs: null,
        text: "On se retrouve le jeudi 27 novembre à la gare ?",
      },
      { speaker: "Julien", startMs: null, endMs: null, text: "Oui, mon train arrive de Paris à midi." },
    ],
  },
  {
    ...note,
    id: "fr-photo",
    type: "photo",
    audio: false,
    image: true,
    tags: ["vacances"],
    createdAt: "2025-08-02T10:00:00Z",
    location: { lat: 48.6493, lon: -2.0257 },
    transcript: "Les remparts juste avant l'orage.",
    facts: {
      ...noFacts,
      image: { description: "Des remparts au bord de la mer, sous un ciel noir.", text: "" },
    },
  },
  {
    ...note,
    id: "es-grandmother",
    location: valencia,
    createdAt: "2025-06-23T19:45:00Z",
    transcript:
      "La abuela Carmen me ha contado cómo conoció al abuelo en la feria de Requena, en 1958. Mañana le llevo las fotos a Lucía para que las escanee. #familia",
  },
  {
    ...note,
    id: "es-report",
    type: "report",
    audio: false,
    title: "Reunión con el taller",
    tags: ["barco"],
    location: { lat: 39.4501, lon: -0.3211 },
    createdAt: "2025-03-13T12:00:00Z",
    transcript:
      "El motor estará listo el 28 de marzo. Javier pide la mitad por adelantado; le he dicho que lo hablo con Inés. Falta la pieza de Barcelona.",
  },
  {
    ...note,
    id: "es-idea",
    type: "note",
    audio: false,
    createdAt: "2025-01-09T22:05:00Z",
    transcript: "Idea: un mapa de las fuentes del barrio.",
  },
  {
    ...note,
    id: "ja-temple",
    location: kyoto,
    createdAt: "2025-04-03T05:30:00Z",
    transcript:
      "昨日、田中さんと南禅寺に行きました。桜がちょうど満開で、帰りに豆腐を食べました。来週は母に写真を送ります。",
  },
  {
    ...note,
    id: "ja-conversation",
    type: "conversation",
    title: "引っ越しの相談",
    createdAt: "2025-02-15T10:20:00Z",
    timeZone: "Asia/Tokyo",
    transcript: "美咲：三月十日に引っ越すことにしたよ。\n健太：じゃあ、トラックは僕が借りるね。",
  },
  {
    ...note,
    id: "ja-journal",
    type: "journal",
    audio: false,
    tags: ["読書"],
    createdAt: "2025-10-05T13:00:00Z",
    timeZone: "Asia/Tokyo",
    transcript: "雨の一日。『雪国』を読み終えた。夕方、佐藤先生から手紙が届いた。",
  },
  {
    ...note,
    id: "ar-visit",
    location: cairo,
    createdAt: "2025-03-21T18:10:00Z",
    transcript:
      "زرت اليوم الدكتورة ليلى في مستشفى القصر العيني. قالت إن نتائج جدتي جيدة، وسنعود يوم ٢ أبريل. يجب أن أتصل بكريم غدًا.",
  },
  {
    ...note,
    id: "ar-note",
    type: "note",
    audio: false,
    title: "قائمة العيد",
    tags: ["العيد"],
    createdAt: "2025-03-27T16:00:00Z",
    transcript: "كعك من عند أم حسن، وهدية صغيرة لسلمى، وتذاكر القطار إلى الإسكندرية.",
  },
];
