import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { notesFolder } from "../../../test/support/notes-folder.ts";
import { temporaryFolder } from "../../../test/support/temp-folder.ts";
import { problemsOf } from "../../domain/memory.ts";

const never = new AbortController().signal;

test("what programs keep for themselves, bins, conflict copies and excluded files are left out", async () => {
  const { write, list } = notesFolder({ exclude: ["Templates/**", "**/*.draft.md"] });
  const hidden = [".obsidian/a.md", ".trash/a.md", ".git/a.md", "node_modules/x/a.md", ".a.md"];
  const copies = ["a.sync-conflict-20260301-081500-ABC.md", "a (conflicted copy 2026-03-01).md"];
  const ours = [
    "Templates/day.md",
    "b/c.draft.md",
    "logseq/bak/a.md",
    "g/logseq/.recycle/a.md",
    "a.pdf",
    "b.org",
  ];
  for (const path of ["a.md", "b/c.txt", ...hidden, ...copies, ...ours]) write(path);
  expect((await list()).ids.toSorted()).toEqual(["a.md", "b/c.txt"]);
});

test("a moved file stays the same memory: by its id, or by its bytes", async () => {
  const { root, write, list, changes } = notesFolder();
  write("a.md", "of bytes");
  write("b.md", "---\nid: B1\n---\nof an id");
  const { mark, ids } = await list();
  expect(ids).toEqual(["a.md", "B1"]);
  mkdirSync(join(root, "new"));
  renameSync(join(root, "a.md"), join(root, "new/name.md"));
  renameSync(join(root, "b.md"), join(root, "new/b.md"));
  writeFileSync(join(root, "new/b.md"), "---\nid: B1\n---\nchanged as well");
  const moved = await changes(mark);
  expect(moved).toMatchObject({ deleted: [], ids: ["a.md"], pending: ["new/b.md", "B1"] });
  write("a.md", "another file of the old name");
  expect(await changes(moved.mark)).toMatchObject({ ids: ["a.md (2)"] });
});

test("a renamed file keeps its id whatever is changed in how and when files are read, and other files are another index", async () => {
  const { root, write, list, changedTo } = notesFolder();
  write("a.md", "one");
  await list();
  renameSync(join(root, "a.md"), join(root, "b.md"));
  expect(await list()).toMatchObject({ ids: ["a.md"] });
  const others = { settleMs: 5_000, watch: false, timeZone: "UTC", maxFileBytes: 20_000 };
  expect(await changedTo(others).list()).toMatchObject({ ids: ["a.md"] });
  expect(await changedTo({ extensions: ["txt", "md"] }).list()).toMatchObject({ ids: ["a.md"] });
  expect(await changedTo({ extensions: ["md"] }).list()).toMatchObject({ ids: ["b.md"] });
  expect(await changedTo({ exclude: ["c.md"] }).list()).toMatchObject({ ids: ["b.md"] });
});

test("a folder of many files may be moved as a whole", async () => {
  const { root, write, list, changes } = notesFolder();
  for (let n = 0; n < 450; n += 1) write(`old/${n}.md`, `note ${n}`);
  const { mark, ids } = await list();
  renameSync(join(root, "old"), join(root, "new"));
  const moved = await changes(mark);
  expect(moved.deleted).toEqual([]);
  expect(moved.ids.toSorted()).toEqual(ids.toSorted());
});

test("the changes of a folder: what was written, changed, touched, deleted, and nothing else", async () => {
  const { write, remove, list, changes } = notesFolder();
  for (const path of ["a.md", "b.md", "c.md", "d.md"]) write(path);
  const first = await list();
  expect(await changes(first.mark)).toMatchObject({ ids: [], deleted: [], truncated: null });
  write("a.md", "a changed");
  // Its time is set back, and its size is the same.
  write("b.md", "B.md");
  remove("c.md");
  write("e.md");
  const second = await changes(first.mark);
  expect(second.ids.toSorted()).toEqual(["a.md", "b.md", "e.md"]);
  expect(second.deleted).toEqual(["c.md"]);
  // Whoever has not seen them sees them again; a mark of nobody's shows everything.
  expect((await changes(first.mark)).ids.toSorted()).toEqual(["a.md", "b.md", "e.md"]);
  expect(await changes(second.mark)).toMatchObject({ ids: [], deleted: [] });
  expect((await changes("of-another:3")).ids.toSorted()).toEqual(["a.md", "b.md", "d.md", "e.md"]);
});

test("a listing that is left in the middle loses nothing for the next one", async () => {
  const { source, write, remove, list, changes } = notesFolder();
  for (let n = 0; n < 500; n += 1) write(`${n}.md`, `note ${n}`);
  const { mark } = await list();
  remove("7.md");
  for (let n = 0; n < 450; n += 1) if (n !== 7) write(`${n}.md`, `note ${n}, changed`);
  const scope = { kind: "changes", since: mark } as const;
  for await (const page of source.list({ contextId: "CTX", scope, limit: 1 }, never)) {
    expect(page.memories.length).toBeGreaterThan(0);
    break;
  }
  const again = await changes(mark);
  expect(again.ids).toHaveLength(449);
  expect(again.deleted).toEqual(["7.md"]);
});

test("a file that is still being written waits, known or new, and counts as shown", async () => {
  const { write, list, changes } = notesFolder({ settleMs: 3_600_000 });
  write("old.md");
  const { mark } = await list();
  write("old.md", "half a sent", Date.now() / 1000);
  write("new.md", "half a sent", Date.now() / 1000);
  // A clock that is wrong makes no file wait for ever.
  write("future.md", "x", new Date("2099-01-01"));
  const now = await changes(mark);
  expect(now).toMatchObject({ ids: ["future.md"], deleted: [] });
  expect(now.pending.toSorted()).toEqual(["new.md", "old.md"]);
});

test("a folder that is not there, cannot be read, or is a file is said to be that", async () => {
  const { root, source, list } = notesFolder();
  rmSync(root, { recursive: true });
  await expect(list()).rejects.toMatchObject({ code: "SOURCE_UNREACHABLE", subject: root });
  await expect(source.check("CTX", never)).rejects.toMatchObject({
    hint: expect.stringContaining("source.path"),
  });
  writeFileSync(root, "");
  await expect(list()).rejects.toThrow("it is a file");
});

test("a check says what times the notes say, and leaves what is remembered as it is", async () => {
  const { write, remove, list, changes, source } = notesFolder();
  const said = async () => (await source.check("CTX", never)).times;
  expect(await said()).toBe("there are no notes yet");
  write("plain.md");
  expect(await said()).toBe("the only note says no time");
  const { mark } = await list();
  write("2026-03-01 River.md");
  write("old.md", "---\ndate: 2019-12-31\n---\nx");
  const days = "they go from 2019-12-31 to 2026-03-01";
  expect(await said()).toBe(`2 of the 3 notes say a time, such as 2026-02-28T23:00:00.000Z; ${days}`);
  remove("plain.md");
  expect(await changes(mark)).toMatchObject({
    ids: ["2026-03-01 River.md", "old.md"],
    deleted: ["plain.md"],
  });
});

test("an emptied folder deletes nothing: a drive that is not mounted looks the same", async () => {
  const { write, remove, list, changes } = notesFolder();
  for (const path of ["a.md", "b/c.md"]) write(path);
  const { mark } = await list();
  remove("a.md");
  remove("b");
  for (const listing of [await changes(mark), await list()])
    expect(listing).toMatchObject({
      ids: [],
      deleted: [],
      truncated: { reason: expect.stringContaining("drive") },
    });
  write("a.md");
  write("b/c.md");
  expect((await changes(mark)).deleted).toEqual([]);
});

test.skipIf(process.getuid?.() === 0)(
  "a folder below that cannot be read makes the list incomplete, and deletes nothing",
  async () => {
    const { root, write, list, changes } = notesFolder();
    for (const path of ["a.md", "b/c.md"]) write(path);
    const { mark } = await list();
    chmodSync(join(root, "b"), 0);
    const listing = await changes(mark);
    chmodSync(join(root, "b"), 0o700);
    expect(listing).toMatchObject({ deleted: [], truncated: { reason: expect.stringContaining("b") } });
  },
);

test("links are not followed, and a circle of them ends", async () => {
  const { root, write, list } = notesFolder();
  const outside = temporaryFolder();
  writeFileSync(join(outside, "secret.md"), "not ours");
  write("a.md");
  symlinkSync(outside, join(root, "out"));
  symlinkSync(join(outside, "secret.md"), join(root, "secret.md"));
  symlinkSync(root, join(root, "loop"));
  expect((await list()).ids).toEqual(["a.md"]);
});

test("what cannot be carried is named, and costs no other file", async () => {
  const { write, list } = notesFolder();
  write("good.md");
  write("large.md", "x".repeat(10_001));
  write("latin.md", Buffer.from("caf\xe9", "latin1"));
  write("double 1.md", "---\nid: D\n---\none");
  write("double 2.md", "---\nid: D\n---\nother");
  write("half.md", Buffer.from([0xff, 0xfe, 0x00, 0x80, 0x62]));
  write("utf16.txt", Buffer.from("\ufeffÜber", "utf16le"));
  const { ids, malformed } = await list();
  expect(ids.toSorted()).toEqual(["D", "good.md", "utf16.txt"]);
  expect(malformed.map((item) => [item.id, item.code, problemsOf(item)[0]])).toEqual([
    ["double 2.md", "MEMORY_ID_TAKEN", 'the id "D" of double 2.md is that of double 1.md already'],
    [
      "half.md",
      "MEMORY_UNDECODABLE",
      expect.stringMatching(/^it holds bytes that are no text.*source\.encoding/u),
    ],
    ["large.md", "MEMORY_TOO_LARGE", "it has 10001 bytes, more than 10000"],
    [
      "latin.md",
      "MEMORY_UNDECODABLE",
      expect.stringMatching(/^it holds bytes that are no text.*source\.encoding/u),
    ],
  ]);
});

test("files of an older program among others are read in the encoding that is named, and no other is read so", async () => {
  const { write, list } = notesFolder({ encoding: "windows-1252" });
  write("utf8.md", "café à la carte – “so”");
  write("marked.md", Buffer.from("\ufeffcafé", "utf16le"));
  write("unmarked.md", Buffer.from("plain letters and a café", "utf16le"));
  write("old.md", Buffer.from("caf\xe9 \x84so\x93 \x80 5", "latin1"));
  const { memories, malformed } = await list();
  const texts = new Map(memories.map(({ id, transcript }) => [id, transcript]));
  expect(Object.fromEntries(texts)).toEqual({
    "utf8.md": "café à la carte – “so”",
    "marked.md": "café",
    "unmarked.md": "plain letters and a café",
    "old.md": "café „so“ € 5",
  });
  expect(malformed).toEqual([]);
});

test("a date that cannot be read costs no note, and is said with the time that counts instead", async () => {
  const { write, list } = notesFolder();
  write("a.md", "---\ndate: 2026-02-30\n---\nx");
  write("2026-03-01 b.md", "---\nid: B\ndate: yesterday\n---\nx");
  write("c.md", "---\ndate: 2026-03-01\n---\nx");
  const { ids, malformed, pages } = await list();
  expect([ids.toSorted(), malformed]).toEqual([["B", "a.md", "c.md"], []]);
  const doubts = pages.flatMap((page) => page.doubts ?? []);
  expect(doubts.toSorted((one, other) => (one.id < other.id ? -1 : 1))).toEqual([
    {
      id: "B",
      problem:
        '2026-03-01 b.md: its `date` "yesterday" is no time that can be read in one way only; its time is the one of its name',
    },
    {
      id: "a.md",
      problem:
        'a.md: its `date` "2026-02-30" is no time that can be read in one way only; its time is the file\'s own',
    },
  ]);
});

test("an id goes from one file to another", async () => {
  const { write, list, changes } = notesFolder();
  write("a.md", "---\nid: X\n---\nfirst");
  write("b.md", "second");
  const { mark } = await list();
  write("a.md", "first, without an id");
  write("b.md", "---\nid: X\n---\nsecond");
  const one = await changes(mark);
  const two = await changes(one.mark);
  const ids = new Set([...one.ids, ...two.ids]);
  expect(ids).toEqual(new Set(["a.md", "X"]));
  expect((await list()).malformed).toEqual([]);
});

test("names of any script, blanks and signs are ids as they are, composed", async () => {
  const { write, list } = notesFolder();
  const paths = ["Café Überblick 🍏.md", "日記/二月.md", "a#b%20c?d.md", "q'uote\".md"];
  for (const path of paths) write(path.normalize("NFD"));
  expect((await list()).ids.toSorted()).toEqual(paths.map((path) => path.normalize("NFC")).toSorted());
});

test("a recording that a note includes is its medium", async () => {
  const { root, source, write, list } = notesFolder();
  write("notes/a.md", "![[river.m4a]] ![a picture](../pictures/the%20river.png) ![[missing.mp3]]");
  write("audio/deep/river.m4a", "sound");
  write("pictures/the river.png", "picture");
  const { memories } = await list();
  expect(memories).toMatchObject([
    {
      audio: true,
      image: true,
      transcript: "a picture",
      attachments: [{ kind: "audio", name: "missing.mp3" }],
    },
  ]);
  const request = { contextId: "CTX", memoryId: "notes/a.md", maxBytes: 100 } as const;
  const path = join(root, ".out");
  expect(await source.download({ ...request, kind: "audio" }, path, never)).toMatchObject({
    contentType: "audio/mp4",
    bytes: 5,
  });
  expect(await source.download({ ...request, kind: "image" }, path, never)).toMatchObject({
    contentType: "image/png",
    bytes: 7,
  });
  await expect(
    source.download({ ...request, kind: "image", maxBytes: 6 }, path, never),
  ).rejects.toMatchObject({
    code: "MEDIA_TOO_LARGE",
  });
});

test("what is said of a medium changes with its bytes, once it is whole, and not with its note", async () => {
  const { root, source, write, list } = notesFolder();
  const picture = "Fjäll.png".normalize("NFD");
  write("a.md", "![[Fjäll.png]]");
  write(picture, "a boat");
  await list();
  const request = { contextId: "CTX", memoryId: "a.md", kind: "image", maxBytes: 100 } as const;
  const { mark } = await source.download(request, join(root, ".out"), never);
  const look = () => source.mediaMarks.of(request, mark ?? {}, never);
  expect(mark).toMatchObject({ bytes: 6 });
  expect(await look()).toEqual(mark);
  write("a.md", "![[Fjäll.png]] with more words");
  expect(await look()).toEqual(mark);
  write(picture, "a house", new Date());
  expect(await look()).toEqual(mark);
  write(picture, "a house", new Date("2026-03-02T00:00:00Z"));
  expect(await look()).not.toEqual(mark);
  expect(await source.mediaMarks.of({ ...request, kind: "audio" }, {}, never)).toBeNull();
});

test("a medium is found by a source that has listed nothing yet", async () => {
  const { root, source, write } = notesFolder();
  write("a.md", "---\nid: A\n---\n![[river.m4a]]");
  write("river.m4a", "sound");
  const request = { contextId: "CTX", memoryId: "A", kind: "audio", maxBytes: 100 } as const;
  expect(await source.download(request, join(root, ".out"), never)).toMatchObject({ bytes: 5 });
});

test("a note without a date has that of its file, and keeps it when the file is copied", async () => {
  const { write, remove, list, changes } = notesFolder();
  write("a.md", "undated", new Date("2024-05-06T07:08:09Z"));
  const { mark, memories } = await list();
  expect(memories).toMatchObject([{ createdAt: "2024-05-06T07:08:09.000Z", timeSource: "file_date" }]);
  remove("a.md");
  write("b.md", "undated", new Date("2026-01-01"));
  expect((await changes(mark)).memories).toMatchObject([
    { id: "a.md", createdAt: "2024-05-06T07:08:09.000Z" },
  ]);
});

test("what is known of the files outlives the process: changes, moves, deletions, dates, ids", async () => {
  const { root, write, remove, list, anotherProcess } = notesFolder();
  write("a.md", "undated", new Date("2024-05-06T07:08:09Z"));
  for (const path of ["b.md", "c.md", "d.md"]) write(path);
  const { mark } = await list();
  renameSync(join(root, "a.md"), join(root, "z.md"));
  remove("b.md");
  write("c.md", "c changed");
  const second = await anotherProcess().list({ kind: "changes", since: mark });
  expect(second.deleted).toEqual(["b.md"]);
  expect(second.memories).toMatchObject([
    { id: "c.md" },
    { id: "a.md", createdAt: "2024-05-06T07:08:09.000Z" },
  ]);
  const third = await anotherProcess().list({ kind: "changes", since: second.mark });
  expect(third).toMatchObject({ ids: [], deleted: [], mark: second.mark });
  // This process has an older index, and sees that there is a newer one.
  write("d.md", "d changed");
  expect(await list({ kind: "changes", since: third.mark })).toMatchObject({ ids: ["d.md"], deleted: [] });
  expect((await anotherProcess().list({ kind: "changes", since: mark })).deleted).toEqual(["b.md"]);
});

test("a file that vanished while another one was being written is not forgotten by the next process", async () => {
  const { root, write, list, anotherProcess } = notesFolder({ settleMs: 3_600_000 });
  write("a.md", "text");
  const { mark } = await list();
  renameSync(join(root, "a.md"), join(root, "b.md"));
  write("b.md", "text", Date.now() / 1000);
  const waiting = await anotherProcess().list({ kind: "changes", since: mark });
  expect(waiting).toMatchObject({ ids: [], deleted: [], pending: ["b.md", "a.md"] });
  write("b.md", "text");
  expect(await anotherProcess().list({ kind: "changes", since: waiting.mark })).toMatchObject({
    ids: ["a.md"],
    deleted: [],
  });
});

test("an index that is lost, broken, or of a process that was faster costs nothing but a look at everything", async () => {
  const { write, values, list, anotherProcess } = notesFolder();
  for (const path of ["a.md", "b.md"]) write(path);
  const { mark } = await list();
  const [shard = ""] = Object.keys(values.toJSON());
  await values.put(shard, ["broken"]);
  expect((await anotherProcess().list({ kind: "changes", since: mark })).ids.toSorted()).toEqual([
    "a.md",
    "b.md",
  ]);
  await values.removeBeginning("folder-index/");
  const again = await list({ kind: "changes", since: mark });
  expect(again.ids.toSorted()).toEqual(["a.md", "b.md"]);
  expect(await list({ kind: "changes", since: again.mark })).toMatchObject({ ids: [] });
});

test("a good note that becomes unreadable is named as that, and not taken for one that has gone", async () => {
  const { write, list, changes } = notesFolder();
  write("a.md", "good");
  write("b.md", "---\nid: B\n---\ngood");
  write("c.md", "stays");
  const { mark } = await list();
  write("a.md", Buffer.from("caf\xe9", "latin1"));
  write("b.md", "x".repeat(10_001));
  for (const listing of [await changes(mark), await list()])
    expect([listing.malformed.map(({ id }) => id), listing.deleted]).toEqual([["a.md", "B"], []]);
  write("a.md", "good again");
  expect(await changes(mark)).toMatchObject({ ids: ["a.md"], malformed: [{ id: "B" }] });
});

test("an index that begins anew leaves nothing behind of the one before", async () => {
  const { root, write, values, list, anotherProcess } = notesFolder();
  for (const path of ["a.md", "b.md"]) write(path);
  await list();
  const keys = Object.keys(values.toJSON());
  await values.put(keys.find((key) => key.endsWith("/head")) ?? "", "lost");
  renameSync(join(root, "a.md"), join(root, "z.md"));
  const { mark } = await anotherProcess().list({ kind: "everything" });
  expect(await anotherProcess().list({ kind: "changes", since: mark })).toMatchObject({
    ids: [],
    deleted: [],
  });
});

test("a file that could never be read is named as gone when it is, and so is its dead letter when it becomes good", async () => {
  const { write, remove, list, changes, anotherProcess } = notesFolder();
  const broken = Buffer.from("caf\xe9", "latin1");
  for (const path of ["a.md", "b.md", "c.md"]) write(path, broken);
  write("d.md", Buffer.from("---\nid: D\n---\ncaf\xe9", "latin1"));
  write("good.md");
  const { mark, malformed } = await list();
  expect(malformed.map(({ id }) => id)).toEqual(["a.md", "b.md", "c.md", "D"]);
  remove("a.md");
  remove("d.md");
  write("b.md", "---\nid: B\n---\ngood");
  const next = await changes(mark);
  expect([next.deleted.toSorted(), next.ids, next.malformed]).toEqual([["D", "a.md", "b.md"], ["B"], []]);
  remove("c.md");
  expect((await anotherProcess().list({ kind: "changes", since: next.mark })).deleted).toEqual(["c.md"]);
  write("a.md", broken);
  const last = await changes(mark);
  expect([last.malformed.map(({ id }) => id), last.deleted.toSorted()]).toEqual([
    ["a.md"],
    ["D", "b.md", "c.md"],
  ]);
});

test("of two names that differ in their form of Unicode alone, the composed one has the path, in whatever order they are found", async () => {
  const { write, list } = notesFolder();
  const [composed, decomposed] = ["é.md", "é.md".normalize("NFD")];
  write(decomposed, "decomposed");
  write(composed, "composed");
  const first = (await list()).memories.map(({ id, transcript }) => [id, transcript]);
  expect(new Map(first as [string, string][])).toEqual(
    new Map([
      [composed, "composed"],
      [decomposed, "decomposed"],
    ]),
  );
});

test("a name of which only the case of letters was changed is the same note, even when that was changed as well", async () => {
  const { root, write, list, changes } = notesFolder();
  write("Notes/River.md", "first");
  write("other.md");
  const { mark } = await list();
  renameSync(join(root, "Notes"), join(root, "notes"));
  renameSync(join(root, "notes/River.md"), join(root, "notes/river.MD"));
  write("notes/river.MD", "second");
  expect(await changes(mark)).toMatchObject({
    memories: [{ id: "Notes/River.md", transcript: "second" }],
    deleted: [],
  });
});

test("a file that is included by another case of letters is that one, and not one of its name elsewhere", async () => {
  const { root, source, write, list } = notesFolder();
  write("notes/a.md", "![[../AUDIO/2026/River.M4A]]");
  write("audio/2026/river.m4a", "right");
  write("b/river.m4a", "of another");
  write("notes/b.md", "![[../B/RIVER.m4a]] ![](../b/river.M4A)");
  expect((await list()).memories.map(({ audio }) => audio)).toEqual([true, true]);
  const request = { contextId: "CTX", memoryId: "notes/a.md", kind: "audio", maxBytes: 100 } as const;
  expect(await source.download(request, join(root, ".out"), never)).toMatchObject({ bytes: "right".length });
});

test("a name that is no Unicode is told of, and keeps the rest of the list whole", async () => {
  const { root, write, remove, list, changes } = notesFolder();
  for (const path of ["a.md", "b.md"]) write(path);
  const bytes = (name: string) =>
    Buffer.concat([Buffer.from(`${root}/bad`), Buffer.from([0xff]), Buffer.from(name)]);
  writeFileSync(bytes(".md"), "x");
  mkdirSync(bytes(" folder"));
  const first = await list();
  expect(first).toMatchObject({ ids: ["a.md", "b.md"], truncated: null });
  expect(first.malformed.map(({ problems }) => problems[0])).toEqual([
    expect.stringContaining("rename it"),
    expect.stringContaining("rename it"),
  ]);
  remove("b.md");
  expect((await changes(first.mark)).deleted).toEqual(["b.md"]);
});

test("a file that becomes a folder, and a folder that becomes a file", async () => {
  const { write, remove, list, changes } = notesFolder();
  write("a.md", "file");
  write("b.md/in.md", "in a folder");
  const { mark } = await list();
  remove("a.md");
  remove("b.md");
  write("a.md/in.md", "now in a folder");
  write("b.md", "now a file");
  const next = await changes(mark);
  expect([next.ids.toSorted(), next.deleted.toSorted(), next.truncated]).toEqual([
    ["a.md/in.md", "b.md"],
    ["a.md", "b.md/in.md"],
    null,
  ]);
});

test("pipes, devices and sockets are no notes, and nobody waits for them", async () => {
  const { root, write, list } = notesFolder();
  write("a.md");
  execFileSync("mkfifo", [join(root, "pipe.md")]);
  expect(await list()).toMatchObject({ ids: ["a.md"], malformed: [], truncated: null });
});
