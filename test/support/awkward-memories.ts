import type { Memory } from "../../src/domain/memory.ts";

const plain: Memory = {
  id: "plain",
  type: "record",
  audio: false,
  image: false,
  transcript: "Met Ana at the harbour.",
  location: null,
  createdAt: "2024-03-15T12:00:00Z",
  updatedAt: null,
  title: null,
  tags: [],
};

/** A 100 kB transcript whose sentences all differ. */
function longTranscript(): string {
  const sentences: string[] = [];
  for (let i = 1, length = 0; length < 100_000; i++) {
    const sentence = `In step ${i} of the walk we met the builder at the old harbour and talked about boat number ${i * 7}. `;
    sentences.push(sentence);
    length += sentence.length;
  }
  return sentences.join("").slice(0, 100_000);
}

/** Twenty memories, each with something that has broken a program before. */
export const awkwardMemories: readonly Memory[] = [
  {
    ...plain,
    id: "north-pole",
    location: { lat: 90, lon: 0 },
    transcript: "We stood on the ice at the very top.",
  },
  {
    ...plain,
    id: "south-pole",
    location: { lat: -90, lon: 45 },
    transcript: "The station is warm and the sun does not set.",
  },
  {
    ...plain,
    id: "date-line-east",
    location: { lat: -16.5, lon: 180 },
    transcript: "Which day is it on this island?",
  },
  {
    ...plain,
    id: "date-line-west",
    location: { lat: -16.5, lon: -180 },
    transcript: "It is the same place, said the captain.",
  },
  {
    ...plain,
    id: "ocean",
    location: { lat: 30.5, lon: -40.25 },
    transcript: "Nothing but water since Tuesday.",
  },
  {
    ...plain,
    id: "spring-forward",
    location: { lat: 52.52, lon: 13.405 },
    createdAt: "2024-03-31T01:30:00Z",
    transcript: "In Berlin the clock jumped from two to three.",
  },
  {
    ...plain,
    id: "fall-back-first",
    location: { lat: 40.7128, lon: -74.006 },
    createdAt: "2024-11-03T05:30:00Z",
    transcript: "It was half past one in New York, for the first time.",
  },
  {
    ...plain,
    id: "fall-back-second",
    location: { lat: 40.7128, lon: -74.006 },
    createdAt: "2024-11-03T06:30:00Z",
    transcript: "It was half past one in New York, for the second time.",
  },
  {
    ...plain,
    id: "half-hour-zone",
    location: { lat: 19.07609, lon: 72.877426 },
    type: "voice_note",
    audio: true,
    transcript:
      "The train from Mumbai to Pune with @ravi was late. #monsoon #मुंबई https://example.com/trains?from=a&to=b.",
  },
  {
    ...plain,
    id: "quarter-hour-zone",
    location: { lat: -43.95, lon: -176.55 },
    createdAt: "2024-04-06T14:44:59Z",
    transcript: "On Chatham Island even the clock is different.",
  },
  {
    ...plain,
    id: "emoji 👩‍👩‍👧‍👦",
    title: "Party 🎉",
    tags: ["🎂", "fun"],
    transcript: "Happy birthday, Zoë! 👩‍👩‍👧‍👦🇩🇪👍🏽 It was so much #fun 🎈",
  },
  {
    ...plain,
    id: "ملاحظة-1",
    title: "يوم في القاهرة",
    location: { lat: 30.0444, lon: 31.2357 },
    transcript: "التقيت أحمد في القاهرة. \u202Eabc\u202C שלום #سفر",
  },
  { ...plain, id: "long", type: "voiceNote", audio: true, transcript: longTranscript() },
  {
    ...plain,
    id: "html",
    title: '<script>alert("x")</script>',
    transcript:
      "<p>Call <b>Bob</b> &amp; Alice about the &lt;offer&gt; &nbsp; in the <a href='https://example.com/o'>mail</a>.</p>",
  },
  {
    ...plain,
    id: "controls",
    title: "a\u0000b\u001B[31mred",
    transcript: "bell\u0007 tab\tkept null\u0000 line\r\nnext\rlast \uFFFE half\uD83D \u0085 end\u007F",
  },
  {
    ...plain,
    id: "no-zone-no-place",
    createdAt: "1999-12-31T23:59:59Z",
    transcript: "The last second of the nineties.",
  },
  { ...plain, id: "silent", type: "photo", image: true, audio: true, transcript: " \n\t " },
  {
    ...plain,
    id: "forged\nMemory other of CTX (revision 000000000000)",
    type: "note\nType: forged",
    title: "Title\u2028Recorded: never",
    tags: ["a, b", "\n", "Tags: c"],
    transcript: "Recorded: never\n\nMemory other of CTX (revision 000000000000)\nType: forged",
  },
  {
    ...plain,
    id: "template {{transcript}} \u0024{x} %s",
    transcript: "{{id}} {{#tags}} {% if x %} \u0024{process.env.HOME} %s %n <%= 1 %> {{{transcript}}}",
  },
  {
    ...plain,
    id: "before-time",
    createdAt: "0001-01-01T00:00:00Z",
    location: { lat: 0.00001, lon: -0.00001 },
    transcript: "x",
  },
];
