import { expect, test } from "vitest";
import { readTranscript, transcriptProblem } from "./transcript.ts";

const said = ["Met Ada at the river.", "We spoke about the garden plan."];
const whole = said.join(" ");
const timed = [
  { speaker: null, startMs: 0, endMs: 2_400, text: said[0] },
  { speaker: null, startMs: 2_400, endMs: 5_920, text: said[1] },
];

const sameText: readonly (readonly [string, string, string])[] = [
  [
    "Whisper",
    "json",
    JSON.stringify({
      text: ` ${whole}`,
      segments: [
        { id: 0, seek: 0, start: 0, end: 2.4, text: ` ${said[0]}`, tokens: [1], no_speech_prob: 0.01 },
        { id: 1, seek: 240, start: 2.4, end: 5.92, text: ` ${said[1]}`, tokens: [2] },
      ],
      language: "en",
    }),
  ],
  [
    "whisper.cpp",
    "json",
    JSON.stringify({
      systeminfo: "AVX = 1",
      result: { language: "en" },
      transcription: [
        {
          timestamps: { from: "00:00:00,000", to: "00:00:02,400" },
          offsets: { from: 0, to: 2400 },
          text: ` ${said[0]}`,
        },
        {
          timestamps: { from: "00:00:02,400", to: "00:00:05,920" },
          offsets: { from: 2400, to: 5920 },
          text: ` ${said[1]}`,
        },
      ],
    }),
  ],
  [
    "a list of chunks",
    "json",
    JSON.stringify({
      text: whole,
      chunks: said.map((text, n) => ({ timestamp: n === 0 ? [0, 2.4] : [2.4, 5.92], text })),
    }),
  ],
  [
    "SRT",
    "srt",
    `1\n00:00:00,000 --> 00:00:02,400\n${said[0]}\n\n2\n00:00:02,400 --> 00:00:05,920\n${said[1]}\n`,
  ],
  [
    "SRT of Windows with a mark",
    "srt",
    `\ufeff1\r\n00:00:00,000 --> 00:00:02,400\r\n${said[0]}\r\n\r\n2\r\n00:00:02,400 --> 00:00:05,920\r\n${said[1]}\r\n`,
  ],
  [
    "SRT without numbers",
    "srt",
    `00:00:00,000 --> 00:00:02,400\n${said[0]}\n\n00:00:02,400 --> 00:00:05,920\n${said[1]}`,
  ],
  [
    "SRT whose numbers repeat, without blank lines",
    "srt",
    `1\n00:00:00,000 --> 00:00:02,400\n${said[0]}\n1\n00:00:02,400 --> 00:00:05,920\n${said[1]}`,
  ],
  [
    "VTT without hours",
    "vtt",
    `WEBVTT\n\n00:00.000 --> 00:02.400\n${said[0]}\n\n00:02.400 --> 00:05.920\n${said[1]}\n`,
  ],
  ["TSV", "tsv", `start\tend\ttext\n0\t2400\t${said[0]}\n2400\t5920\t${said[1]}\n`],
  [
    "what Whisper shows",
    "txt",
    `[00:00.000 --> 00:02.400]  ${said[0]}\n[00:02.400 --> 00:05.920]  ${said[1]}\n`,
  ],
];

test.each(sameText)("%s gives the words and the times", (_, extension, content) => {
  expect(readTranscript(extension, content)).toMatchObject({
    text: whole,
    segments: timed,
    hasSpeakers: false,
  });
});

const dialogue = [
  { speaker: "Ada", startMs: 0, text: "Met Ben at the river." },
  { speaker: "Ben Müller", startMs: 3_000, text: "We spoke & laughed." },
];

const withSpeakers: readonly (readonly [string, string, string])[] = [
  [
    "WhisperX",
    "json",
    JSON.stringify({
      segments: [
        { start: 0, end: 2.4, text: " Met Ben at the river.", speaker: "Ada", words: [{ word: "2026" }] },
        { start: 3, end: 5.92, text: " We spoke & laughed.", speaker: "Ben Müller", words: [] },
      ],
      word_segments: [],
      language: "en",
    }),
  ],
  [
    "VTT with voices, notes, styles, marks and settings",
    "vtt",
    `WEBVTT - a meeting

NOTE recorded 2026-03-01T08:15:00+01:00

STYLE
::cue { color: white }

1 - intro
00:00:00.000 --> 00:00:02.400 align:start position:10%
<v.loud Ada>Met <b>Ben</b> at <00:00:01.000>the river.</v>

00:00:03.000 --> 00:00:05.920
<v Ben Müller>We spoke
&amp; laughed.</v>`,
  ],
  [
    "VTT with names before colons",
    "vtt",
    "WEBVTT\n\n00:00.000 --> 00:02.400\nAda: Met Ben at the river.\n\n00:03.000 --> 00:05.920\nBen Müller: We spoke &amp; laughed.",
  ],
  [
    "SRT of WhisperX",
    "srt",
    "1\n00:00:00,000 --> 00:00:02,400\n[Ada]: Met Ben at the river.\n\n2\n00:00:03,000 --> 00:00:05,920\n[Ben Müller]: We spoke & laughed.",
  ],
  [
    "Otter",
    "txt",
    "Ada  0:00\nMet Ben at the river.\n\nBen Müller  0:03\nWe spoke & laughed.\n\nTranscribed by https://otter.ai\n",
  ],
  ["Plaud", "txt", "00:00:00 Ada\nMet Ben at the river.\n\n00:00:03 Ben Müller\nWe spoke & laughed.\n"],
  [
    "lines with times and names",
    "txt",
    "[00:00:00] Ada: Met Ben at the river.\n[00:00:03] Ben Müller: We spoke & laughed.\n",
  ],
  [
    "TSV with names",
    "tsv",
    "start\tend\tspeaker\ttext\n0\t2400\tAda\tMet Ben at the river.\n3000\t5920\tBen Müller\tWe spoke & laughed.\n",
  ],
];

test.each(withSpeakers)("%s gives speakers", (_, extension, content) => {
  expect(readTranscript(extension, content)).toMatchObject({
    text: "Ada: Met Ben at the river.\nBen Müller: We spoke & laughed.",
    segments: dialogue,
    hasSpeakers: true,
  });
});

test("hours are read from an hour on, and one voice that goes on is one turn", () => {
  const transcript = readTranscript(
    "txt",
    "Ada  59:58\nOne.\n\nUnknown Speaker  1:00:03\nTwo.\nThree.\n\nUnknown Speaker  1:02:00\nFour.",
  );
  expect(transcript?.segments.map(({ startMs }) => startMs)).toEqual([3_598_000, 3_603_000, 3_720_000]);
  expect(transcript?.text).toBe("Ada: One.\nUnknown Speaker: Two.\nThree. Four.");
});

test("two voices in one cue are two segments", () => {
  const vtt = "WEBVTT\n\n00:00.000 --> 00:02.000\n<v Ada>Yes.</v> <v Ben>No.";
  expect(readTranscript("vtt", vtt)?.segments.map(({ speaker, text }) => [speaker, text])).toEqual([
    ["Ada", "Yes."],
    ["Ben", "No."],
  ]);
});

test.each([
  ["times of the day", "We meet at  10:30\nBring a coat."],
  ["one time at the beginning", "10:30 meeting with Ada\nShe said yes."],
  ["a remark with a colon", "Note: bring a coat\nand a hat"],
  ["times that go back", "Ada  0:30\nLater.\nBen  0:10\nEarlier."],
])("a plain text with %s stays as it is", (_, text) => {
  expect(readTranscript("txt", text)).toEqual({ text, segments: [], language: null, hasSpeakers: false });
});

test.each([
  ["2\n00:00:02,4x0 --> 00:00:05,920\nBad."],
  ["2\n00:00:02,400 -> 00:00:05,920\nBad."],
  ["2\n00:00:02,400 00:00:05,920\nBad."],
  ["2\nxx --> yy\nBad."],
  ["a name\n00:00:02,400 -->\nBad."],
  ["2\nBad."],
])("the words of a cue whose times cannot be read are said at the time of the cue before: %j", (cue) => {
  for (const gap of ["\n\n", "\n"]) {
    const one = `1\n00:00:00,000 --> 00:00:02,400\nGood.`;
    const three = `3\n00:00:06,000 --> 00:00:07,000\nLast.`;
    // Without a blank line nothing but an arrow shows that a line is one of times.
    if (gap === "\n" && !/^2\n\d.*>/u.test(cue)) continue;
    const segments = readTranscript("srt", [one, cue, three].join(gap))?.segments;
    expect(segments?.map(({ text, startMs: from }) => [text, from])).toEqual([
      ["Good.", 0],
      ["Bad.", 0],
      ["Last.", 6_000],
    ]);
  }
});

test("the words of a first cue whose times cannot be read are said at no time", () => {
  const srt = "1\n00:00:0x,000 --> 00:00:01,000\nBad.\n\n2\n00:00:01,000 --> 00:00:02,000\n10:30 - 11:00";
  expect(readTranscript("srt", srt)?.segments.map(({ text, startMs }) => [text, startMs])).toEqual([
    ["Bad.", null],
    ["10:30 - 11:00", 1_000],
  ]);
});

test("a language without blanks gets none between its sentences", () => {
  const srt =
    "1\n00:00:00,000 --> 00:00:01,000\n川で会った。\n\n2\n00:00:01,000 --> 00:00:02,000\n庭の話をした。";
  expect(readTranscript("srt", srt)?.text).toBe("川で会った。庭の話をした。");
});

test.each([
  ["json", ""],
  ["json", '{"segments": [], "text": "", "language": "en"}'],
  ["json", '{"transcription": [{"offsets": {"from": 0, "to": 900}, "text": " [BLANK_AUDIO]"}]}'],
  ["vtt", "WEBVTT\n"],
  ["srt", "\n"],
  ["tsv", "start\tend\ttext\n"],
  ["txt", " \n"],
])("%s without words is empty, not broken", (extension, content) => {
  expect(readTranscript(extension, content)).toMatchObject({ text: "", segments: [] });
});

test.each([
  ["json", '{"segments": [{"start": 0, "text": " Met'],
  ["json", '{"name": "a package", "version": "1.0.0"}'],
  ["json", '[{"id": 1}]'],
  ["json", "7"],
  ["srt", "Met Ada at the river."],
  ["vtt", "WEBVTT\n\nMet Ada at the river."],
  ["tsv", "name\tage\nAda\t7"],
])("%s that is something else, or half of a file, is no transcript: %s", (extension, content) => {
  expect(readTranscript(extension, content)).toBeNull();
});

test("numbers as Python writes them, and segments without times or words, cost no word", () => {
  const segments = `{"start": 0.0, "end": NaN, "text": " A text with NaN.", "avg_logprob": -Infinity},
    {"start": null, "end": null, "text": " No times."}, {"start": "1.5", "end": "00:00:02,400", "text": " Times as \\" text."},
    {"start": 5, "end": 6, "text": null}`;
  for (const json of [`{"language": "en", "segments": [${segments}]}`, `[${segments}]`])
    expect(readTranscript("json", json)?.segments).toEqual([
      { speaker: null, startMs: 0, endMs: null, text: "A text with NaN." },
      { speaker: null, startMs: null, endMs: null, text: "No times." },
      { speaker: null, startMs: 1_500, endMs: 2_400, text: 'Times as " text.' },
    ]);
});

test.each([
  '{"text": "All of it.", "segments": [{"text": 7}]}',
  '{"text": "All of it.", "segments": [null]}',
])("a segment that cannot be read costs nothing where the whole text is there: %s", (json) => {
  expect(readTranscript("json", json)).toMatchObject({ text: "All of it.", segments: [] });
});

test.each([
  [
    "json",
    '{"segments": [{"start": 0, "text": " Met',
    "it is a Whisper transcript with JSON that is cut off or damaged",
  ],
  [
    "json",
    '{"segments": [{"text": "Met."}, {"text": 7}]}',
    "it is a Whisper transcript with a segment whose text cannot be read: number 2 of 2",
  ],
  ["json", '{"chunks": [1, 2]}', "it is no transcript of a known form"],
  ["json", '{"name": "a package", "version": "1.0.0"}', "it is no transcript of a known form"],
  ["json", "{half", "it is no transcript of a known form"],
  ["srt", '"text": half', "it is no transcript of a known form"],
])("of %s %s it is said what is wrong: %s", (extension, content, problem) => {
  expect(readTranscript(extension, content)).toBeNull();
  expect(transcriptProblem(extension, content)).toBe(problem);
});

test.each([
  "start\tend\ttext\n0\t900\tWith\ta\ttab.",
  "0\t900\tWith\ta\ttab.",
  "start\tend\ttext\tspeaker\n0\t900\tWith\ta\ttab.\tAda",
  "speaker\ttext\tstart\tend\nAda\tWith\ta\ttab.\t0\t900",
])("what is said behind a tab in a table is not lost: %j", (table) => {
  const [segment] = readTranscript("tsv", table)?.segments ?? [];
  expect(segment).toMatchObject({ text: "With a tab.", startMs: 0, endMs: 900 });
  expect(segment?.speaker).toBe(table.includes("Ada") ? "Ada" : null);
});

test("a language is taken where it is a tag, and not where it is a word", () => {
  const json = (language: string) => JSON.stringify({ text: "Hallo.", segments: [], language });
  expect(readTranscript("json", json("de"))?.language).toBe("de");
  expect(readTranscript("json", json("pt-BR"))?.language).toBe("pt-BR");
  expect(readTranscript("json", json("german"))?.language).toBeNull();
});
