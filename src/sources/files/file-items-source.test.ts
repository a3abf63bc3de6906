import { appendFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { listedFiles, listedItems, readAsFile } from "../../../test/support/listed-files.ts";
import { FileItemsSource } from "./file-items-source.ts";
import { filesSettings, toFilesConfig } from "./settings.ts";

const at = "2026-03-01T08:15:00Z";
const line = (id: string, more: object = {}) =>
  `${JSON.stringify({ id, at, text: `says ${id}`, ...more })}\n`;

test("a log: a later line replaces an earlier one, a tombstone takes it away, and the rest stays", async () => {
  const log = [
    line("a"),
    line("b"),
    line("a", { text: "says more" }),
    line("b", { deleted: true }),
    line("c"),
  ];
  const listing = await readAsFile("log.jsonl", log.join(""));
  expect(listing).toMatchObject({ ids: ["a", "c"], texts: ["says more", "says c"], deleted: ["b"] });
  expect(listing).toMatchObject({ ambiguous: [], truncated: null });
});

test("a memory that comes back behind its tombstone is there", async () => {
  const log = [line("a"), line("a", { deleted: true }), line("a", { text: "again" })];
  expect(await readAsFile("log.jsonl", log.join(""))).toMatchObject({ texts: ["again"], deleted: [] });
});

test("a damaged line is named by its number, and costs no other", async () => {
  const { ids, problems, truncated } = await readAsFile(
    "notes.jsonl",
    `${line("a")}not json\n\n{"id":"x","text":"when?"}\n[1]\n${line("b")}`,
  );
  expect(ids).toEqual(["a", "b"]);
  expect(problems).toEqual([
    "line 2 of notes.jsonl: it is not JSON",
    expect.stringMatching(/^line 4 of notes.jsonl: it has no time: .*map\.time/u),
    "line 5 of notes.jsonl: it is no object",
  ]);
  expect(truncated).toBeNull();
});

test("a last line without its end is read when it is whole; otherwise the file is not", async () => {
  expect(await readAsFile("n.jsonl", line("a") + line("b").trimEnd())).toMatchObject({
    ids: ["a", "b"],
    truncated: null,
  });
  expect(await readAsFile("n.jsonl", line("a") + line("b").slice(0, -9))).toMatchObject({
    ids: ["a"],
    problems: [],
    truncated: expect.stringContaining("line 2 of n.jsonl has no end"),
  });
});

test.each([
  ["UTF-8 with a mark", (text: string) => Buffer.from(`\ufeff${text}`)],
  ["UTF-16 with a mark", (text: string) => Buffer.from(`\ufeff${text}`, "utf16le")],
  ["UTF-16, big end first", (text: string) => Buffer.from(`\ufeff${text}`, "utf16le").swap16()],
  ["packed by gzip", (text: string) => gzipSync(text)],
  ["lines as Windows ends them", (text: string) => Buffer.from(text.replaceAll("\n", "\r\n"))],
])("%s is read, whatever the format", async (_, encoded) => {
  const items = [{ id: "Ä🍏", at, text: "grüßt\nAda" }];
  const table = `id;at;text\n"Ä🍏";${at};"grüßt\nAda"\n`;
  for (const [name, text] of [
    ["n.jsonl", `${JSON.stringify(items[0])}\n`],
    ["n.json", JSON.stringify({ v: { notes: items } }, null, 1)],
    ["n.csv", table],
  ] as const) {
    const listing = await readAsFile(name, encoded(text));
    expect([listing.ids, listing.texts, listing.truncated]).toEqual([["Ä🍏"], ["grüßt\nAda"], null]);
  }
});

test("bytes of another encoding cost their line, and are read where the encoding is named", async () => {
  const table = Buffer.from(`id,at,text\na,${at},Ada\nb,${at},Äpfel\n`, "latin1");
  expect(await readAsFile("n.csv", table)).toMatchObject({
    ids: ["a"],
    problems: [expect.stringMatching(/^line 3 .*no text/u)],
    malformed: [{ code: "MEMORY_UNDECODABLE", advice: { setting: "encoding" } }],
  });
  expect(await readAsFile("n.csv", table, { encoding: "windows-1252" })).toMatchObject({
    texts: ["Ada", "Äpfel"],
  });
});

test("a file that breaks off shows what is in it, and is no whole list", async () => {
  const items = `[${[line("a"), line("b"), line("c")].join(",")}]`;
  const long = Array.from({ length: 3000 }, (_, n) => line(`m${n}`, { text: Math.random() })).join("");
  for (const [name, content] of [
    ["n.json", items.slice(0, -20)],
    ["n.jsonl.gz", gzipSync(long).subarray(0, -2000)],
    ["n.csv", `id,at,text\na,${at},x\nb,${at},"broken off`],
  ] as const) {
    const { ids, truncated } = await readAsFile(name, content);
    expect(ids.length).toBeGreaterThan(0);
    expect(truncated).toContain(name);
  }
});

test("a file that held something and holds nothing any more has not been emptied by deletions", async () => {
  const { write, list } = listedFiles({ path: ["a.jsonl", "b.jsonl"] });
  write("a.jsonl", line("a"));
  write("b.jsonl", line("b"));
  const { lore } = await list();
  write("b.jsonl", "");
  const emptied = await list({ lore });
  expect(emptied).toMatchObject({
    ids: ["a"],
    truncated: expect.stringContaining("b.jsonl holds nothing any more"),
  });
  expect((await list({ lore: emptied.lore })).truncated).toContain("b.jsonl");
  expect(await list()).toMatchObject({ ids: ["a"], truncated: null });
});

test("a new file that cannot be read may be one that is gone, until it can be; one that never could is none", async () => {
  const { write, list, root } = listedFiles({ path: "." });
  write("a.jsonl", line("a"));
  write("b.jsonl", line("b"));
  write("notes.txt", "no list of anything");
  let { lore, truncated } = await list();
  expect(truncated).toBeNull();
  rmSync(join(root, "b.jsonl"));
  ({ lore, truncated } = await list({ lore }));
  expect(truncated).toBeNull();

  write("b.jsonl", line("b"));
  ({ lore, truncated } = await list({ lore }));
  rmSync(join(root, "b.jsonl"));
  write("c.txt", "what b.jsonl was, damaged");
  for (let times = 0; times < 3; times += 1) {
    ({ lore, truncated } = await list({ lore }));
    expect(truncated).toContain("c.txt cannot be read, and may hold what b.jsonl held");
  }
  write("c.txt", line("b"));
  expect(await list({ lore })).toMatchObject({ ids: ["a", "b"], truncated: null });
});

test("a file that is not there is an error, as is a pattern that no file fits", async () => {
  const { write, list, root, source } = listedFiles({ path: "a.jsonl" });
  write("a.jsonl", line("a"));
  await list();
  rmSync(join(root, "a.jsonl"));
  await expect(list()).rejects.toMatchObject({
    code: "SOURCE_UNREACHABLE",
    hint: expect.stringContaining("source.path"),
  });
  await expect(source.check("CTX", new AbortController().signal)).rejects.toMatchObject({
    code: "SOURCE_UNREACHABLE",
  });
  await expect(listedFiles({ path: "*.csv" }).list()).rejects.toMatchObject({ code: "SOURCE_UNREACHABLE" });
});

test("patterns, folders and lists of files are read, each file once", async () => {
  const names = ["a.jsonl", "b.jsonl", "c.csv"];
  for (const path of ["*", ".", ["a.jsonl", "*.{jsonl,csv}", "./a.jsonl"]]) {
    const { write, list } = listedFiles({ path });
    for (const name of names) write(name, name.endsWith("csv") ? `id,at,text\n${name},${at},x` : line(name));
    expect((await list()).ids).toEqual(names);
  }
});

test("one id in two files is one memory: the one updated last, else that of the last file, which is named", async () => {
  const { write, list } = listedFiles({ path: "*.json" });
  write("1.json", `[${line("a", { updated: "2026-03-02" })},${line("b")},${line("c")}]`);
  write(
    "2.json",
    `[${line("a", { updated: "2026-03-01", text: "old" })},${line("b", { text: "new" })},${line("c")}]`,
  );
  const { memories, ambiguous } = await list();
  expect(memories.map(({ id, transcript }) => [id, transcript]).sort()).toEqual([
    ["a", "says a"],
    ["b", "new"],
    ["c", "says c"],
  ]);
  expect(ambiguous).toEqual(["b"]);
});

test("an item without an id has the same one as long as it is the same", async () => {
  const items = (text: string) =>
    JSON.stringify([
      { at, text },
      { text: "other", at },
    ]);
  const [one, same, edited] = [
    await readAsFile("n.json", items("x")),
    await readAsFile("m.json", items("x")),
    await readAsFile("n.json", items("y")),
  ];
  expect(new Set(one.ids).size).toBe(2);
  expect(same.ids).toEqual(one.ids);
  expect(edited.ids[0]).not.toBe(one.ids[0]);
  expect(edited.ids[1]).toBe(one.ids[1]);
});

test("a moment when it was first seen is the same ever after, if items without a time are wanted", async () => {
  const { write, list, values, source } = listedFiles({ path: "n.jsonl", without_time: "first_seen" });
  write("n.jsonl", `{"id":"a","text":"x"}\n`);
  const { memories } = await list();
  expect(memories).toMatchObject([{ timeSource: "first_seen", createdAt: expect.stringMatching(/^20/u) }]);
  expect((await list()).memories).toEqual(memories);
  expect(Object.keys(values.toJSON())).toHaveLength(1);
  expect((await listedItems(source)).memories).toEqual(memories);
});

test("a connector knows at another place what it has seen before", async () => {
  const { root, values, write } = listedFiles({ path: "x" });
  const options = (path: string, connectorId?: string) =>
    toFilesConfig(filesSettings.parse({ path, without_time: "first_seen" }), {
      folder: root,
      timezone: "UTC",
      ...(connectorId !== undefined && { connectorId }),
    });
  for (const name of ["old.jsonl", "new.jsonl"]) write(name, '{"id":"a","text":"x"}\n');
  const times = async (...given: Parameters<typeof options>) =>
    (await listedItems(new FileItemsSource(options(...given), values))).times;
  const first = await times("old.jsonl");
  await new Promise((go) => setTimeout(go, 5));
  expect(await times("old.jsonl", "notes")).toEqual(first);
  expect(await times("new.jsonl", "notes")).toEqual(first);
  expect(await times("new.jsonl", "others")).not.toEqual(first);
});

test.each([
  [
    "id;date;text\na;01.03.2026 08:15;x\nb;02.03.2026;y\n",
    'all of the 2 items say a time, such as "01.03.2026 08:15", which is 2026-03-01T07:15:00.000Z; they go from 2026-03-01 to 2026-03-02',
  ],
  [
    "id;date;text\na;soon;x\nb;2026-03-01;y\n",
    '1 of the 2 items say a time, such as "2026-03-01", which is 2026-02-28T23:00:00.000Z',
  ],
  ["id;date;text\n", "there are no items yet"],
])("a check says what times are there, and how they are understood", async (table, said) => {
  const { write, source } = listedFiles({ path: "notes.csv" });
  write("notes.csv", table);
  expect((await source.check("CTX", AbortSignal.timeout(5_000))).times).toBe(said);
});

test("a check refuses files of whose first items none is a memory, or whose dates may be read in two ways", async () => {
  const check = (name: string, content: string, settings: object = {}) => {
    const { write, source } = listedFiles({ path: name, ...settings });
    write(name, content);
    return source.check("CTX", AbortSignal.timeout(5_000));
  };
  await expect(check("notes.csv", "id;date;text\na;soon;x\n")).rejects.toMatchObject({
    code: "SOURCE_BAD_ANSWER",
    message: expect.stringMatching(/line 2 of notes.csv: its time "soon"/u),
    hint: expect.stringContaining("source.time_format"),
  });
  const chat = "03/01/24, 10:00 - Ada: x";
  await expect(check("_chat.txt", chat, { format: "whatsapp" })).rejects.toMatchObject({
    hint: expect.stringContaining("date_order"),
  });
});

test("a chat may be called by its setting, whatever its file is called", async () => {
  const { ids } = await readAsFile("_chat.txt", "13/01/2024, 10:00 - Ada: x", {
    format: "whatsapp",
    chat: "Ben",
  });
  expect(ids).toEqual(["Ben/2024-01-13"]);
});

test("what changes in the middle of the walk makes it no whole list; what is written behind the end is for the next one", async () => {
  const { write, root, source, list } = listedFiles({ path: "n.jsonl" });
  const lines = Array.from({ length: 1200 }, (_, n) => line(`m${n}`));
  write("n.jsonl", lines.join(""));
  const reasonWhen = async (change: () => void) => {
    let isFirst = true;
    let last: { reason: string } | null = null;
    for await (const { truncated } of source.list(
      { contextId: "C", scope: { kind: "everything" }, limit: 9 },
      new AbortController().signal,
    )) {
      if (isFirst) change();
      isFirst = false;
      last = truncated;
    }
    return last;
  };
  expect(await reasonWhen(() => appendFileSync(join(root, "n.jsonl"), line("new")))).toBeNull();
  expect((await list()).ids).toHaveLength(1201);
  expect(await reasonWhen(() => writeFileSync(join(root, "n.jsonl"), line("a")))).toMatchObject({
    reason: expect.stringContaining("changed while it was read"),
  });
});

test("a listing goes on behind the page that it was interrupted at, in the same file only", async () => {
  const { write, list } = listedFiles({ path: "n.jsonl" });
  const lines = Array.from({ length: 1000 }, (_, n) => line(`m${n}`));
  write("n.jsonl", lines.join(""));
  const { pages } = await list();
  const resume = pages[2]?.resume ?? "";
  expect((await list({ resume })).ids).toHaveLength(400);
  write("n.jsonl", lines.join("") + line("more"));
  expect((await list({ resume })).ids).toHaveLength(1001);
});

test("a file of nothing that can be read is refused with what may help", async () => {
  const { write, list, source } = listedFiles({ path: "n.txt" });
  write("n.txt", "Just some words.\n");
  await expect(list()).rejects.toMatchObject({
    code: "SOURCE_BAD_ANSWER",
    hint: expect.stringContaining("source.format"),
  });
  await expect(source.check("C", new AbortController().signal)).rejects.toMatchObject({
    code: "SOURCE_BAD_ANSWER",
  });
});

test("a file of nothing that can be read is told among others, and costs none of them", async () => {
  const { root, source, write, list } = listedFiles({ path: "." });
  write("a.jsonl", line("a"));
  write("readme.txt", "What is in here, in words.");
  const listing = await list();
  expect(listing).toMatchObject({ ids: ["a"], truncated: null });
  expect(listing.malformed.map(({ id, problems }) => [id, problems])).toEqual([
    ["readme.txt", [expect.stringMatching(/readme\.txt is no JSON.*source\.format/u)]],
  ]);
  await source.check("CTX", AbortSignal.timeout(5_000));
  rmSync(join(root, "a.jsonl"));
  await expect(list()).rejects.toMatchObject({ code: "SOURCE_BAD_ANSWER" });
  await expect(source.check("CTX", AbortSignal.timeout(5_000))).rejects.toThrow(/readme/u);
});

test("a file that was read before and is of no form any more has not been emptied by deletions", async () => {
  const { write, list } = listedFiles({ path: "." });
  write("a.jsonl", line("a"));
  write("b.jsonl", line("b"));
  const { lore } = await list();
  write("b.jsonl", "<html>Sign in</html>");
  const { ids, truncated } = await list({ lore });
  expect([ids, truncated]).toEqual([["a"], expect.stringContaining("b.jsonl")]);
});

test("files that hold a window only say nothing of what they lack", () => {
  expect(listedFiles({ path: "x" }).source.capabilities.deletes).toBe("diff");
  expect(listedFiles({ path: "x", snapshot: false }).source.capabilities.deletes).toBe("none");
});

test("ids of more digits than a number has are told apart", async () => {
  const ids = ["12345678901234567890", "12345678901234567891"];
  const items = ids.map((id) => `{"id":${id},"at":1772349300000000001,"text":"x"}`);
  for (const [name, text] of [
    ["n.jsonl", `${items.join("\n")}\n`],
    ["n.json", `[${items.join(",")}]`],
  ] as const)
    expect(await readAsFile(name, text)).toMatchObject({
      ids,
      times: Array(2).fill("2026-03-01T07:15:00.000Z"),
    });
});

test("lines that end by a carriage return alone, names with blanks, and a file with one object are read", async () => {
  const rows = await readAsFile("n.csv", "Id;Created At;Text\ra;2026-03-01;x\rb;2026-03-02;y\r");
  expect(rows.texts).toEqual(["x", "y"]);
  const one = JSON.stringify({ id: "a", at: "2026-03-01", text: "x" }, null, 2);
  expect(await readAsFile("n.json", one)).toMatchObject({ ids: ["a"], problems: [], truncated: null });
  await expect(readAsFile("n.csv", "<html>a, b\n</html>")).rejects.toMatchObject({
    code: "SOURCE_BAD_ANSWER",
  });
});

const twice = [
  { id: "1", at, text: "Ada" },
  { id: "2", at, text: "same" },
  { id: "1", at, text: "Hugo" },
  { id: "2", at, text: "same" },
  { id: "1", at: "soon", text: "no time" },
];
const asTable = (items: readonly { id: string; at: string; text: string }[]) =>
  `id,at,text\n${items.map(({ id, at: time, text }) => `${id},${time},${text}\n`).join("")}`;

test.each([
  ["n.json", JSON.stringify(twice), ["item 3", "item 1", "item 5"]],
  ["n.csv", asTable(twice), ["line 4", "line 2", "line 6"]],
])(
  "different items of one id in %s: the first keeps it, and the others are told with their places",
  async (name, text, [taken = "", first = "", broken = ""]) => {
    const { ids, texts, malformed, problems, ambiguous } = await readAsFile(name, text);
    expect([ids, texts, ambiguous]).toEqual([["1", "2"], ["Ada", "same"], []]);
    expect(problems).toEqual([
      `${taken} of ${name}: its id "1" is that of ${first} of ${name} already`,
      expect.stringMatching(new RegExp(`^${broken} of ${name}: its time "soon"`, "u")),
    ]);
    expect(malformed.map(({ code }) => code)).toEqual(["MEMORY_ID_TAKEN", undefined]);
    const given = malformed.map(({ id }) => id);
    expect(given).toEqual([
      expect.stringMatching(/^1 \([\da-f]{8}\)$/u),
      expect.stringMatching(/^1 \([\da-f]{8}\)$/u),
    ]);
    // Their place is no part of their ids: what comes before them in the file makes no other dead letters of them.
    const more = { id: "0", at, text: "before" };
    const longer = name.endsWith("json") ? JSON.stringify([more, ...twice]) : asTable([more, ...twice]);
    expect((await readAsFile(name, longer)).malformed.map(({ id }) => id)).toEqual(given);
  },
);

test("of two forms of one item in one file the one updated last is shown, wherever it stands", async () => {
  const items = [
    { id: "a", at, text: "new", updated: "2026-03-02" },
    { id: "a", at, text: "old", updated: "2026-03-01" },
  ];
  for (const each of [items, items.toReversed()])
    expect(await readAsFile("n.json", JSON.stringify(each))).toMatchObject({ texts: ["new"], problems: [] });
});

test.each([
  ["no JSON", '{"id":"a","at":"2026-03-01","lat":NaN}\n'],
  ["without a time", '{"id":"a","text":"when?"}\n'],
])(
  "a later line of a log that is %s is told, and what stood before it is not true any more",
  async (_, broken) => {
    const { ids, malformed, truncated } = await readAsFile("n.jsonl", `${line("a")}${line("b")}${broken}`);
    expect([ids, malformed.map(({ id }) => id), truncated]).toEqual([["b"], ["a"], null]);
  },
);

test("a later line of a log that has no end yet leaves what stood before it as it is known", async () => {
  const log = `${line("a")}${line("b")}{"id":"a","at":"${at}","text":"says mo`;
  expect(await readAsFile("n.jsonl", log)).toMatchObject({
    ids: ["b"],
    malformed: [],
    truncated: expect.stringContaining("line 3"),
  });
});

test("an earlier line of a log that is broken is replaced by a good one, and not told", async () => {
  const log = `{"id":"a","text":"no time"}\n${line("a")}`;
  expect(await readAsFile("n.jsonl", log)).toMatchObject({ ids: ["a"], problems: [] });
});
