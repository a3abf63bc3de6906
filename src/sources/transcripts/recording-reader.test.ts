import { renameSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { recordingsFolder } from "../../../test/support/notes-folder.ts";

const never = new AbortController().signal;
const json = (text: string) =>
  JSON.stringify({ text, segments: [{ start: 0, end: 61.5, text }], language: "en" });
const vtt = (text: string, speaker = "Ada") => `WEBVTT\n\n00:00.000 --> 00:02.000\n<v ${speaker}>${text}`;

/** The beginning of an m4a: what kind of file it is, its sound, and behind it when it was made, in seconds since 1904. */
function m4a(madeAt: Date | null, sound = "sound"): Buffer {
  const box = (type: string, ...parts: Buffer[]) => {
    const body = Buffer.concat([Buffer.from(type, "latin1"), ...parts]);
    const size = Buffer.alloc(4);
    size.writeUInt32BE(body.length + 4);
    return Buffer.concat([size, body]);
  };
  const header = Buffer.alloc(100);
  if (madeAt !== null) header.writeUInt32BE(madeAt.getTime() / 1000 + 2_082_844_800, 4);
  return Buffer.concat([
    box("ftyp", Buffer.from("M4A isom")),
    box("mdat", Buffer.from(sound)),
    box("moov", box("mvhd", header)),
  ]);
}

test("files with one stem are one memory, the best text of which is taken: speakers first", async () => {
  const { write, list, changes } = recordingsFolder();
  write("2026-03-01_0815_river.m4a", "sound");
  write("2026-03-01_0815_river.txt", "in lines");
  const first = await list();
  expect(first.memories).toMatchObject([
    {
      id: "2026-03-01_0815_river",
      title: "2026-03-01_0815_river",
      type: "record",
      audio: true,
      transcript: "in lines",
      createdAt: "2026-03-01T07:15:00.000Z",
      timeSource: "file_name",
    },
  ]);
  const steps = [
    ["srt", "1\n00:00:00,000 --> 00:00:02,000\nin cues", "in cues"],
    ["json", json("in JSON"), "in JSON"],
    ["vtt", vtt("with a speaker"), "Ada: with a speaker"],
    ["tsv", "start\tend\ttext\n0\t1\tin a table", "Ada: with a speaker"],
  ] as const;
  let { mark } = first;
  for (const [extension, content, transcript] of steps) {
    write(`2026-03-01_0815_river.${extension}`, content);
    const next = await changes(mark);
    expect(next).toMatchObject({ memories: [{ id: "2026-03-01_0815_river", transcript }], deleted: [] });
    mark = next.mark;
  }
});

test("a text that is still being written is not read, and the recording stays as it is known", async () => {
  const { write, list } = recordingsFolder();
  const cue = (text: string) => `1\n00:00:00,000 --> 00:00:02,000\n${text}`;
  write("walk.srt", cue("all that was said"));
  expect((await list()).ids).toEqual(["walk"]);
  write("walk.srt", cue("all th"), new Date());
  const { memories, pending, deleted } = await list();
  expect([memories, pending, deleted]).toEqual([[], ["walk"], []]);
});

test("speakers, times, language and the end are told", async () => {
  const { write, list } = recordingsFolder();
  write("2026-03-01 08-15-00 a.json", json("Met Ada."));
  expect((await list()).memories).toMatchObject([
    {
      language: "en",
      endedAt: "2026-03-01T07:16:01.500Z",
      segments: [{ speaker: null, startMs: 0, endMs: 61_500, text: "Met Ada." }],
    },
  ]);
});

test("the time is that of the name, else of the container, else of the file, which is remembered", async () => {
  const { write, remove, list, changes } = recordingsFolder();
  write("2026-02-01 named.m4a", m4a(new Date("2025-01-01T00:00:00Z")));
  write("New Recording 12.m4a", m4a(new Date("2025-07-01T10:00:00Z")));
  write("without a clock.m4a", m4a(null), new Date("2024-05-06T07:08:09Z"));
  for (const name of ["2026-02-01 named", "New Recording 12", "without a clock"]) write(`${name}.txt`, name);
  const { memories, mark } = await list();
  expect(memories.map(({ createdAt, timeSource }) => [createdAt, timeSource])).toEqual([
    ["2026-01-31T23:00:00.000Z", "file_name"],
    ["2025-07-01T10:00:00.000Z", undefined],
    ["2024-05-06T07:08:09.000Z", "file_date"],
  ]);
  remove("without a clock.m4a");
  write("without a clock.m4a", m4a(null), new Date("2026-01-01"));
  expect((await changes(mark)).memories).toMatchObject([{ createdAt: "2024-05-06T07:08:09.000Z" }]);
});

test("a recording that may still get a text waits for it, and is then one without, until it has one", async () => {
  const { write, list, changes, clock } = recordingsFolder({ waitForTextMs: 600_000 });
  write("walk.m4a", "sound", clock.now / 1000 - 60);
  const waiting = await list();
  expect(waiting).toMatchObject({ ids: [], pending: ["walk"] });
  expect(await changes(waiting.mark)).toMatchObject({ ids: [], pending: ["walk"] });
  clock.now += 600_000;
  const silent = await changes(waiting.mark);
  expect(silent).toMatchObject({ pending: [], memories: [{ id: "walk", audio: true, transcript: "" }] });
  write("walk.srt", "1\n00:00:00,000 --> 00:00:02,000\nMet Ada.");
  expect(await changes(silent.mark)).toMatchObject({ memories: [{ id: "walk", transcript: "Met Ada." }] });
});

test("what waits for its text keeps nothing else from being deleted", async () => {
  const { write, remove, list, changes, clock } = recordingsFolder({ waitForTextMs: 600_000 });
  write("a.txt", "a");
  write("b.txt", "b");
  const { mark } = await list();
  remove("a.txt");
  write("walk.m4a", "sound", clock.now / 1000 - 60);
  expect(await changes(mark)).toMatchObject({ pending: ["walk"], deleted: ["a"] });
});

test("a text that comes before its recording is a memory, and the recording is added to it", async () => {
  const { write, remove, list, changes } = recordingsFolder();
  write("walk.txt", "Met Ada.");
  const first = await list();
  expect(first.memories).toMatchObject([{ audio: false, transcript: "Met Ada." }]);
  write("walk.mp3", "sound");
  const second = await changes(first.mark);
  expect(second).toMatchObject({ memories: [{ audio: true, transcript: "Met Ada." }], deleted: [] });
  remove("walk.txt");
  const third = await changes(second.mark);
  expect(third).toMatchObject({ memories: [{ audio: true, transcript: "" }], deleted: [] });
  remove("walk.mp3");
  write("other.txt", "stays");
  expect((await changes(third.mark)).deleted).toEqual(["walk"]);
});

test("texts that are empty, broken, too large or no transcripts are passed over where there is another one", async () => {
  const { write, list } = recordingsFolder({ maxFileBytes: 2_000 });
  write("a.json", "");
  write("a.txt", "good");
  write("b.json", '{"text": "half of a');
  write("b.srt", "1\n00:00:00,000 --> 00:00:02,000\ngood");
  write("c.json", json("x".repeat(3_000)));
  write("c.txt", "good");
  const { memories, malformed } = await list();
  expect(memories.map(({ id, transcript }) => [id, transcript])).toEqual([
    ["a", "good"],
    ["b", "good"],
    ["c", "good"],
  ]);
  expect(malformed).toEqual([]);
});

test("a recording all of whose texts are of no use is named, and costs no other one", async () => {
  const { write, list } = recordingsFolder({ maxFileBytes: 2_000 });
  write("good.txt", "good");
  write("a.json", '{"text": "half of a');
  write("a.m4a", "sound");
  write("b.txt", "x".repeat(2_001));
  write("c.txt", Buffer.from("caf\xe9", "latin1"));
  const { ids, malformed } = await list();
  expect(ids).toEqual(["good"]);
  expect(malformed.map(({ id, code, problems }) => [id, code, problems[0]])).toEqual([
    ["a", "MEMORY_MALFORMED", "a.json: it is a Whisper transcript with JSON that is cut off or damaged"],
    ["b", "MEMORY_TOO_LARGE", "b.txt: it has 2001 bytes, more than 2000"],
    ["c", "MEMORY_UNDECODABLE", expect.stringContaining("c.txt: it holds bytes that are no text")],
  ]);
});

test("a text that is being written is waited for", async () => {
  const { write, list, changes } = recordingsFolder({ settleMs: 3_600_000 });
  write("walk.m4a", "sound");
  write("walk.txt", "old");
  const { mark } = await list();
  write("walk.json", '{"text": "half of a', Date.now() / 1000);
  const waiting = await changes(mark);
  expect(waiting).toMatchObject({ ids: [], malformed: [], pending: ["walk"] });
  write("walk.json", json("whole"));
  expect(await changes(waiting.mark)).toMatchObject({ memories: [{ transcript: "whole" }] });
});

test("a recording that is moved with its texts, or without any, stays the same memory", async () => {
  const { root, write, list, changes } = recordingsFolder();
  for (const [name, sound] of [
    ["a", "sound of a"],
    ["b", "sound of b"],
  ] as const)
    write(`${name}.m4a`, sound);
  write("a.txt", "Met Ada.");
  write("c.txt", "Only a text.");
  const { mark } = await list();
  for (const [from, to] of [
    ["a.m4a", "2026 a.m4a"],
    ["a.txt", "2026 a.txt"],
    ["b.m4a", "z.m4a"],
    ["c.txt", "y.txt"],
  ] as const)
    renameSync(join(root, from), join(root, to));
  const moved = await changes(mark);
  expect([moved.ids.toSorted(), moved.deleted]).toEqual([["a", "b", "c"], []]);
  expect(moved.memories.find(({ id }) => id === "a")?.title).toBe("2026 a");
});

test("the same stem in two folders is two memories, and names of any script and form are one stem", async () => {
  const { write, list } = recordingsFolder();
  write("one/walk.txt", "first");
  write("two/walk.txt", "second");
  write("Überblick 🍏.m4a".normalize("NFD"), "sound");
  write("Überblick 🍏.txt".normalize("NFC"), "third");
  write("of whisper.cpp.wav", "sound");
  write("of whisper.cpp.wav.srt", "1\n00:00:00,000 --> 00:00:02,000\nfourth");
  const { memories } = await list();
  expect(memories.map(({ id, audio, transcript }) => [id, audio, transcript]).toSorted()).toEqual(
    [
      ["of whisper.cpp", true, "fourth"],
      ["one/walk", false, "first"],
      ["two/walk", false, "second"],
      ["Überblick 🍏", true, "third"],
    ].toSorted(),
  );
});

test("the recording is its medium; further sound and film are attachments", async () => {
  const { root, source, write, list } = recordingsFolder();
  write("walk.wav", "large sound");
  write("walk.m4a", "sound");
  write("walk.mp4", "film");
  write("walk.txt", "Met Ada.");
  const [memory] = (await list()).memories;
  expect(memory?.attachments).toEqual([
    { kind: "audio", name: "walk.wav", id: "walk.wav" },
    { kind: "video", name: "walk.mp4", id: "walk.mp4" },
  ]);
  const request = { contextId: "CTX", memoryId: "walk", kind: "audio", maxBytes: 100 } as const;
  expect(await source.download(request, join(root, ".out"), never)).toMatchObject({
    contentType: "audio/mp4",
    bytes: 5,
  });
});

test("what is no recording is left alone", async () => {
  const { write, list } = recordingsFolder();
  for (const path of ["a.pdf", "b.png", ".hidden.txt", "c.docx"]) write(path);
  write("a.txt", "a");
  expect(await list()).toMatchObject({ ids: ["a"], malformed: [] });
});
