import { expect, test } from "vitest";
import { readNote } from "./note.ts";

const noteOf = (content: string, path = "some note.md") =>
  readNote(content, {
    path,
    timeZone: "Europe/Berlin",
    find: (name) => (name.startsWith("there") ? name : null),
  });
const textOf = (content: string) => noteOf(content).memory.transcript;
const frontMatter = (yaml: string) => noteOf(`---\n${yaml}\n---\ntext`);

test.each([
  ["met [[Ada]] and [[Ada Lovelace|her]]", "met Ada and her"],
  ["see [[Plan#Costs]] and [[#Costs]]", "see Plan and Costs"],
  ["![[there.m4a]]text ![[Other note]]", "text Other note"],
  ["a %%not for print%% b %%\nnor this\n%% c", "a  b  c"],
  ["a sentence ^block-1\nanother", "a sentence\nanother"],
  ["> [!note]- plan\n> buy soil", "> plan\n> buy soil"],
  ["`[[code]] #no %%x%%`", "`[[code]] #no %%x%%`"],
  ["```\n[[code]] %%x%%\n```\n[[Ada]]", "```\n[[code]] %%x%%\n```\nAda"],
  ["title:: Sunday\n- one\n  id:: 65e1\n  collapsed:: true\n- two", "- one\n- two"],
  ["a [link](https://example.org) stays", "a [link](https://example.org) stays"],
  ["50 %% more", "50 %% more"],
])("%j reads %j", (content, text) => {
  expect(textOf(content)).toBe(text);
});

test("tags come from the front matter and the text, each once, and not from code, headings or numbers", () => {
  const content =
    '---\ntags: [garden, 2026]\ntag: "#Friends, river"\n---\n#walk and #Garden/roses but no#tag, #1, # x, `#code`, a/#b [x](#anchor) #日記';
  expect(noteOf(content).memory.tags).toEqual([
    "garden",
    "2026",
    "Friends",
    "river",
    "walk",
    "Garden/roses",
    "日記",
  ]);
});

test.each([
  ["created: 2026-03-01T08:15:00+01:00", "2026-03-01T07:15:00.000Z"],
  ["date: 2026-03-01", "2026-02-28T23:00:00.000Z"],
  ["date: 2026-07-01 08:15", "2026-07-01T06:15:00.000Z"],
  ["Date Created: 2026-03-01\ndate: 2020-01-01", "2026-02-28T23:00:00.000Z"],
  ["created: soon\ndate: 2026-03-01", "2026-02-28T23:00:00.000Z"],
  ["created: 2026-03-01 8:15", "2026-03-01T07:15:00.000Z"],
  ["created: 2026/03/01 08:15:30", "2026-03-01T07:15:30.000Z"],
  ["created: 2026.3.1", "2026-02-28T23:00:00.000Z"],
  ["created: 01.03.2026", "2026-02-28T23:00:00.000Z"],
  ["created: 20260301", "2026-02-28T23:00:00.000Z"],
  ["created: 1772352900", "2026-03-01T08:15:00.000Z"],
  ["created: March 1, 2026 8:15 pm", "2026-03-01T19:15:00.000Z"],
  ['date: "[[2026-03-01]]"', "2026-02-28T23:00:00.000Z"],
  ['date: "[[Mar 1st, 2026]]"', "2026-02-28T23:00:00.000Z"],
  ["date: 1. März 2026", "2026-02-28T23:00:00.000Z"],
  ["date: 1. Mrz. 2026 8:15", "2026-03-01T07:15:00.000Z"],
  ["date: 1er mars 2026", "2026-02-28T23:00:00.000Z"],
  ["date: 1 de marzo de 2026", "2026-02-28T23:00:00.000Z"],
  ["date: 1 marzo 2026", "2026-02-28T23:00:00.000Z"],
  ["date: 1 maart 2026", "2026-02-28T23:00:00.000Z"],
])("%j is of %s", (yaml, createdAt) => {
  expect(frontMatter(yaml).time).toEqual({ createdAt, timeSource: "entry" });
});

test.each([
  ["2026-03-01 River.md", "2026-02-28T23:00:00.000Z"],
  ["2026_03_01.md", "2026-02-28T23:00:00.000Z"],
  ["20260301_0815 x.md", "2026-03-01T07:15:00.000Z"],
  ["2026-03-01 08-15-30.md", "2026-03-01T07:15:30.000Z"],
  ["Trip 2026-13-01 2026-03-01.md", "2026-02-28T23:00:00.000Z"],
  ["call 4930202603011.md", null],
  ["plain.md", null],
])("a file called %s is of %s", (path, createdAt) => {
  expect(noteOf("text", `folder/${path}`).time?.createdAt ?? null).toBe(createdAt);
});

test.each([
  ["location: [50.7374, 7.0982]", { lat: 50.7374, lon: 7.0982 }],
  ['location: "50.7374,7.0982"', { lat: 50.7374, lon: 7.0982 }],
  ['gps: "50,7374; 7,0982"', { lat: 50.7374, lon: 7.0982 }],
  ["lat: 50,7374\nlng: 7,0982", { lat: 50.7374, lon: 7.0982 }],
  ["coordinates: { latitude: 50.7, longitude: -7.1 }", { lat: 50.7, lon: -7.1 }],
  ['location: ["50.7,7.1"]', { lat: 50.7, lon: 7.1 }],
  ["location: [0, 0]", null],
  ["location: [123, 500]", null],
  ["location: [1, 2, 3]", null],
])("%j is at %j", (yaml, location) => {
  expect(frontMatter(yaml).memory.location).toEqual(location);
});

test("a place may have a name instead", () => {
  expect(frontMatter("location: Bonn, by the river").memory).toMatchObject({
    location: null,
    placeName: "Bonn, by the river",
  });
});

test.each([
  ["id: 007", "007"],
  ["id: 12345678901234567890", "12345678901234567890"],
  ['uid: "x y"', "x y"],
  ["id:", null],
  ["id: [a]", null],
  ["id: ''\nuuid: u", "u"],
])("%j has the id %j", (yaml, id) => {
  expect(frontMatter(yaml).id).toBe(id);
});

test.each([
  ["title: River: a walk: [", "text"],
  ["a: 1\na: 2", "text"],
  [`a: ${"[".repeat(3_000)}`, "text"],
  ["x: &a [1]\ny: *a", "text"],
])("a block that is broken costs nothing but itself: %j", (yaml, text) => {
  expect(frontMatter(yaml.slice(0, 4_000)).memory.transcript).toBe(text);
});

test.each([
  "---\n\nA thematic break first, not front matter.",
  "---\nwords between two lines\n---\nand more",
  "text\n---\nid: x\n---",
])("what is no block is text: %j", (content) => {
  expect(textOf(content)).toBe(content);
  expect(noteOf(content).id).toBeNull();
});

test("Windows' line ends and marks of byte order are nobody's text", () => {
  const note = noteOf("---\r\nid: w\r\n---\r\n# Sunday\r\n\r\ntext\r\n");
  expect(note).toMatchObject({ id: "w", memory: { title: "Sunday", transcript: "# Sunday\n\ntext" } });
});

test("the title is that of the front matter, else of the first heading, else the file's name", () => {
  expect(noteOf("---\ntitle: A\n---\n# B").memory.title).toBe("A");
  expect(noteOf("text\n## C\n# B #\n# D").memory.title).toBe("B");
  expect(noteOf("text", "x/1.2 a note.md").memory.title).toBe("1.2 a note");
});

test("a plain text is left as it is", () => {
  const { memory } = noteOf("[[x]] #y %%z%%", "a.txt");
  expect(memory).toMatchObject({ transcript: "[[x]] #y %%z%%", tags: [] });
  expect(memory).not.toHaveProperty("format");
});

test("a page of a day is called by its day where its headings are of parts of it", () => {
  const parts = "# Morning\nwoke\n\n# Noon\nate";
  expect(noteOf(parts, "2026-03-01.md").memory.title).toBe("2026-03-01");
  expect(noteOf(parts, "A day.md").memory.title).toBe("Morning");
  expect(noteOf("# Sunday\nwoke", "2026-03-01.md").memory.title).toBe("Sunday");
});

test("a day that may be read in two ways is none", () => {
  expect(frontMatter("created: 03/04/2026").time).toBeNull();
});

test.each(["2026-02-30", "yesterday", "2026-W10", "2026-03", "2026", "1. Brumaire 2026"])(
  "a date that cannot be read is said: %s",
  (date) => {
    const note = frontMatter(`date: ${date}`);
    expect(note.time).toBeNull();
    expect(note.doubts).toEqual([`its \`date\` "${date}" is no time that can be read in one way only`]);
  },
);

test("what says no date is none that cannot be read, nor is one beside another that can", () => {
  for (const yaml of ["date:", "title: x", "created: soon\ndate: 2026-03-01"])
    expect(frontMatter(yaml).doubts).toEqual([]);
  expect(frontMatter("date: [2026-03-01]").doubts).toEqual([
    "its `date` of several values is no time that can be read in one way only",
  ]);
  expect(frontMatter("date: 2026-03-01\nupdated: soon").doubts).toHaveLength(1);
  expect(frontMatter("title: River: a walk: [").doubts).toEqual([
    "its front matter is no YAML, and nothing of it is read",
  ]);
});

test("front matter in TOML says date, title and tags", () => {
  const toml = [
    "# Hugo's own",
    'title = "River \\"walk\\"" # a remark',
    "date = 2026-03-01T08:15:00+01:00",
    "draft = false",
    "[taxonomies]",
    "tags = ['garden', \"friends, old\"]",
    "[extra]",
    'id = "not ours"',
  ].join("\n");
  expect(noteOf(`+++\n${toml}\n+++\ntext`)).toMatchObject({
    id: null,
    time: { createdAt: "2026-03-01T07:15:00.000Z" },
    memory: { title: 'River "walk"', tags: ["garden", "friends, old"], transcript: "text" },
    doubts: [],
  });
  expect(noteOf('+++\ndate = "soon"\n+++\ntext').doubts).toHaveLength(1);
  for (const text of ["+++\nwords\n+++", "+++ and more", "text\n+++\ndate = 2026-03-01\n+++"])
    expect(textOf(text)).toBe(text);
});
