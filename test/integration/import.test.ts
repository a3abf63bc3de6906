import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { runCli } from "../support/cli.ts";
import { temporaryFolder } from "../support/temp-folder.ts";
import { zipOf } from "../support/zip-file.ts";

const table = `id;date;time;text
n1;01.03.2026;08:15;"Ines met Jonas at the river"
n2;02.03.2026;19:40;"The boat Gaivota goes back into the water"
n3;soon;;"when?"
`;

/** A folder with these files, and the command in it. */
function worldOf(files: Record<string, string | Buffer>) {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  const cli = (...args: string[]) => runCli(args, { cwd: folder });
  return { folder, cli, importing: (...args: string[]) => cli("import", ...args) };
}

test("a table is looked at, synced once, asked, and synced again without anything new", async () => {
  const { folder, cli, importing } = worldOf({ "notes.csv": table });
  const first = await importing("notes.csv", "--timezone", "Europe/Berlin");
  expect(first).toMatchObject({ code: 3, out: expect.stringContaining("2 proved processed") });
  expect(first.err).toContain("2 memories, 2026-03-01 to 2026-03-02");
  expect(first.err).toContain("line 4 of notes.csv");
  expect(first.out).toContain('query "…" --config memories/config.yaml');
  const asked = await cli("query", "Whom did Ines meet?", "--config", "memories/config.yaml");
  expect(asked.out).toContain("Jonas");
  expect((await importing("notes.csv")).out).toContain("0 submitted");
  writeFileSync(
    join(folder, "more.json"),
    JSON.stringify([{ id: 1, at: "2026-03-01", text: "Ada plants ferns" }]),
  );
  expect(await importing("more.json")).toMatchObject({
    code: 0,
    out: expect.stringContaining("more: success"),
  });
  expect((await cli("sync", "--all", "--config", "memories/config.yaml")).out).toContain("notes: ");
});

test("the encoding of a file is an option, which an import says when it is wanted, and knows the next time", async () => {
  const latin = Buffer.from("id;date;text\nn1;01.03.2026;Inês às dez no café\n", "latin1");
  const { cli, importing } = worldOf({
    "notes.csv": latin,
    "vault/a.md": Buffer.from("O café às dez", "latin1"),
  });
  const refused = await importing("notes.csv");
  expect(refused).toMatchObject({
    code: 2,
    err: expect.stringContaining("give --encoding, such as windows-1252"),
  });
  expect(refused.err).not.toContain("source.encoding");
  const looked = await importing("vault", "--dry-run");
  expect(looked.err).toContain("give --encoding, such as windows-1252");
  expect(looked.err).not.toContain("source.encoding");
  for (const what of ["notes.csv", "vault"]) {
    const given = await importing(what, "--encoding", "latin1");
    expect(given).toMatchObject({ code: 0, out: expect.stringContaining("1 proved processed") });
    expect(await importing(what)).toMatchObject({ code: 0, out: expect.stringContaining("0 submitted") });
  }
  const asked = await cli("query", "café", "--config", "memories/config.yaml");
  expect(asked.out).toContain("Inês às dez no café");
  expect(await importing("notes.csv", "--encoding", "klingon")).toMatchObject({
    code: 2,
    err: expect.stringContaining("windows-1252"),
  });
});

test("a folder of chats is that, whether each has a folder of its own or not, and of other texts it is notes", async () => {
  const chat = "[13.01.26, 08:15:00] Ada: the boat\n";
  const { importing } = worldOf({
    "phone/WhatsApp Chat - Ada/_chat.txt": chat,
    "phone/WhatsApp Chat - Ben/_chat.txt": chat,
    "mails/WhatsApp Chat with Ada.txt": "13/01/26, 08:15 - Ada: the boat\n",
    "notes/a.txt": chat,
    "notes/b.txt": "Ada met Ben.",
    "vault/a.txt": chat,
    "vault/b.md": "Ada met Ben.",
  });
  const found = async (name: string) =>
    (await importing(name, "--dry-run")).out.split("\n").slice(0, 2).join(" ");
  expect(await found("phone")).toMatch(/: whatsapp +2 memories, 2026-01-13/u);
  expect(await found("mails")).toMatch(/: whatsapp +1 memory, 2026-01-13/u);
  for (const notes of ["notes", "vault"])
    expect(await found(notes)).toMatch(/: a folder of notes +2 memories/u);
});

test("what is deleted in a folder is meant to go, and what a newer export lacks is not", async () => {
  const { folder, importing } = worldOf({ "vault/a.md": "Ada", "notes.csv": table });
  await importing("vault");
  await importing("notes.csv", "--timezone", "Europe/Berlin");
  const { connectors } = parse(readFileSync(join(folder, "memories", "config.yaml"), "utf8"));
  expect(connectors).toMatchObject([{ on_delete: "propagate" }, { id: "notes" }]);
  expect(connectors[1]).not.toHaveProperty("on_delete");
});

const days = (...texts: string[]) =>
  texts.map((text, at) => `${13 + at}/01/2026, 08:15 - Ada: ${text}\n`).join("");

test.each([
  [
    "a later export of a chat in another folder",
    {
      "January/WhatsApp Chat with Ben.txt": days("Met Ben"),
      "May/WhatsApp Chat with Ben.txt": days("Met Ben", "The boat"),
    },
    ["--format", "whatsapp"],
  ],
  [
    "a later export of a chat that a browser has saved beside the first one",
    {
      "WhatsApp Chat with Ben.txt": days("Met Ben"),
      "WhatsApp Chat with Ben (1).txt": days("Met Ben", "The boat"),
    },
    ["--format", "whatsapp"],
  ],
  [
    "a table under another name",
    { "notes.csv": table, "notes (1).csv": `${table}n4;03.03.2026;07:00;"The boat is there"\n` },
    ["--timezone", "Europe/Berlin"],
  ],
  [
    "a copy of a folder of notes",
    {
      "vault/a.md": "---\ndate: 2026-03-01\n---\nMet Ada",
      "copy/a.md": "---\ndate: 2026-03-01\n---\nMet Ada",
      "copy/b.md": "The boat",
    },
    [],
  ],
])("%s goes on where the first import ended, and nothing comes twice", async (_, files, options) => {
  const { folder, importing } = worldOf(files);
  const names = Object.keys(files).map((name) => (options.length === 0 ? (name.split("/")[0] ?? "") : name));
  const [first = "", second = ""] = [...new Set(names)];
  await importing(first, ...options);
  const looked = await importing(second, "--dry-run", "--json", ...options);
  expect(JSON.parse(looked.out).continues).toBe(join(folder, first));
  const { err, out } = await importing(second, ...options);
  expect(err).toContain("nothing twice. Where the two differ, this one counts from now on");
  expect(out).toContain("1 submitted");
  const { connectors } = parse(readFileSync(join(folder, "memories", "config.yaml"), "utf8"));
  expect(connectors).toMatchObject([{ source: { path: join(folder, second) } }]);
  expect(await importing(first, ...options)).toMatchObject({ out: expect.stringContaining("0 submitted") });
});

test("other things under the same ids are another import", async () => {
  const rows = (word: string, year: number) =>
    `id,date,text\n${[1, 2, 3].map((n) => `${n},${year}-03-0${n},${word} ${n}\n`).join("")}`;
  const { folder, importing } = worldOf({ "boats.csv": rows("Boat", 2025), "birds.csv": rows("Bird", 2026) });
  await importing("boats.csv");
  const { code, err } = await importing("birds.csv");
  expect([code, err.includes("twice")]).toEqual([0, false]);
  const { connectors } = parse(readFileSync(join(folder, "memories", "config.yaml"), "utf8"));
  expect(connectors.map(({ id }: { id: string }) => id)).toEqual(["boats", "birds"]);
});

test("what is in it is said without writing anything", async () => {
  const { folder, importing } = worldOf({ "notes.csv": table });
  const { code, out } = await importing("notes.csv", "--dry-run", "--json", "--timezone", "Europe/Berlin");
  expect([code, readdirSync(folder)]).toEqual([0, ["notes.csv"]]);
  expect(JSON.parse(out)).toMatchObject({
    run: null,
    found: {
      format: "csv",
      memories: 2,
      malformed: 1,
      from: "2026-03-01T07:15:00.000Z",
      first: { id: "n1", text: "Ines met Jonas at the river" },
    },
  });
});

const chat = "13/01/2026, 08:15 - Ada: Met Ben\n13/01/2026, 08:16 - Ben: yes\n";
const keep = JSON.stringify({ textContent: "x", isTrashed: false, createdTimestampUsec: 1772349300123000 });

test.each([
  ["a folder of notes", { "v/a.md": "# A\nMet Ada.", "v/b.md": "B" }, "v", { type: "folder", memories: 2 }],
  [
    "a folder of recordings",
    {
      "r/2026-03-01 0815.srt": "1\n00:00:00,000 --> 00:00:02,000\nMet Ada.\n",
      "r/2026-03-01 0815.txt": "Met Ada.",
    },
    "r",
    { type: "transcripts", memories: 1 },
  ],
  ["a chat by its file", { "c.txt": chat }, "c.txt", { format: "whatsapp", memories: 1 }],
  [
    "a chat by its folder",
    { "WhatsApp Chat - Ben/_chat.txt": chat },
    "WhatsApp Chat - Ben",
    { format: "whatsapp" },
  ],
  [
    "Takeout's notes",
    { "Keep/a.json": keep, "Keep/Labels.txt": "G" },
    "Keep",
    { format: "google_keep", memories: 1 },
  ],
  [
    "lists in a folder",
    { "d/a.jsonl": '{"id":"a","at":"2026-03-01"}\n' },
    "d",
    { format: "auto", memories: 1 },
  ],
])("%s is known", async (_, files, what, found) => {
  const { importing } = worldOf(files as Record<string, string>);
  const { code, out } = await importing(what, "--dry-run", "--json");
  expect([code, JSON.parse(out).found]).toEqual([0, expect.objectContaining(found)]);
});

test("an export is read from its archive, without unpacking it by hand", async () => {
  const { folder, importing } = worldOf({});
  const chat = "[3/1/26, 8:15:02 AM] Ada: Met Ben at the river\n[3/13/26, 8:15:02 AM] Ben: So did I\n";
  writeFileSync(join(folder, "WhatsApp Chat - Ben.zip"), zipOf([{ name: "_chat.txt", content: chat }]));
  const { code, out } = await importing("WhatsApp Chat - Ben.zip");
  expect([code, out]).toEqual([0, expect.stringContaining("2 proved processed")]);
  expect(await importing("WhatsApp Chat - Ben.zip")).toMatchObject({
    code: 0,
    out: expect.stringContaining("0 submitted"),
  });
  writeFileSync(join(folder, "locked.zip"), zipOf([{ name: "a.json", content: "[]", isEncrypted: true }]));
  expect(await importing("locked.zip")).toMatchObject({
    code: 2,
    err: expect.stringMatching(/^USAGE: .*is encrypted/u),
  });
});

test("standard input is kept, so that the same again is nothing new", async () => {
  const { folder } = worldOf({});
  const importInput = () =>
    runCli(["import", "-"], {
      cwd: folder,
      stdin: Readable.from(['{"id":"a","at":"2026-03-01","text":"Ada sails"}\n']),
    });
  expect(await importInput()).toMatchObject({ code: 0, out: expect.stringContaining("1 proved processed") });
  expect(await importInput()).toMatchObject({ code: 0, out: expect.stringContaining("0 submitted") });
});

test("standard input is looked at, and kept nowhere", async () => {
  const { folder } = worldOf({});
  const stdin = Readable.from(['{"id":"a","at":"2026-03-01","text":"Ada sails"}\n']);
  const { code, out } = await runCli(["import", "-", "--dry-run"], { cwd: folder, stdin });
  expect(out).toContain("standard input: jsonl");
  expect([code, out]).toEqual([0, expect.stringContaining("1 memory")]);
  expect(readdirSync(folder)).toEqual([]);
});

test.each([
  ["a file that is not there", "none.csv", [], "is there"],
  ["an archive", "a.zip", [], "unpack it"],
  ["an empty file", "empty.json", [], "it is empty"],
  ["words", "words.bin", [], "no JSON, no table"],
  ["a single note", "note.md", [], "the folder that it is in"],
  ["a wrong preset", "notes.csv", ["--format", "chatgpt"], "holds no memory"],
  ["dates that may be read in two ways", "chat.txt", [], "--date-order"],
  ["a table without times", "timeless.csv", [], "--without-time"],
  ["a folder of somebody else", "notes.csv", ["--into", "other"], "--into"],
])("%s is one clear error", async (_, what, more, said) => {
  const { folder, importing } = worldOf({
    "notes.csv": table,
    "a.zip": "PK\u0003\u0004 and more",
    "empty.json": "",
    "words.bin": "just words",
    "note.md": "A note.",
    "chat.txt": "3/1/26, 8:15 AM - Ada: x",
    "timeless.csv": "id,text\na,x\n",
    "other/config.yaml": "connectors: []",
  });
  const { code, out, err } = await importing(what, ...more);
  expect([code, out]).toEqual([2, ""]);
  expect(err).toMatch(/^(?:USAGE|CONFIG_EXISTS): .+ · .+/mu);
  expect(err).toContain(said);
  expect(existsSync(join(folder, "memories"))).toBe(false);
});

test("how much of an export has no words is said before it is carried", async () => {
  const talk = (id: string, parts: unknown[]) => ({
    conversation_id: id,
    title: id,
    create_time: 1772349300,
    mapping: { a: { parent: null, message: { author: { role: "user" }, content: { parts } } } },
  });
  const talks = [talk("said", ["The boat"]), talk("shown", [{ asset_pointer: "file-service://a" }])];
  const { importing } = worldOf({ "conversations.json": JSON.stringify(talks) });
  const { out } = await importing("conversations.json", "--dry-run");
  expect(out).toContain("2 memories, 2026-03-01 to 2026-03-01");
  expect(out).toContain("1 of them has no words");
  expect((await importing("conversations.json")).out).toContain("1 skipped");
});

test("an export of ChatGPT in several files is known as that, and all of it is there", async () => {
  const talks = (id: string) =>
    JSON.stringify([
      {
        conversation_id: id,
        create_time: 1772349300,
        current_node: "a",
        mapping: { a: { message: { author: { role: "user" }, content: { parts: [`Says ${id}`] } } } },
      },
    ]);
  const files = new Map([
    ["conversations-000.json", talks("a")],
    ["conversations-001.json", talks("b")],
    ["export_manifest.json", "{}"],
    ["user.json", '{"id":"u"}'],
  ]);
  const inFolder = Array.from(files, ([name, content]) => [`export/${name}`, content] as const);
  const zip = zipOf(Array.from(files, ([name, content]) => ({ name, content })));
  const { importing } = worldOf({ ...Object.fromEntries(inFolder), "export.zip": zip });
  for (const name of ["export", "export.zip"]) {
    const { out, code } = await importing(name, "--json", "--into", `into-${name}`);
    const { found, run } = JSON.parse(out);
    expect([found, run.outcome, code]).toMatchObject([
      { format: "chatgpt", memories: 2, malformed: 0, truncated: null },
      "success",
      0,
    ]);
  }
});

test("an older export, or a part of one, changes nothing unless that is wanted, and is told before", async () => {
  const message = (id: number, day: number, text: string) => ({
    id,
    type: "message",
    from: "Ada",
    text,
    date_unixtime: String(1772362800 + id + day * 86_400),
  });
  const all = [message(1, 0, "morning"), message(2, 0, "noon"), message(3, 1, "later")];
  const chat = (messages: unknown[]) =>
    JSON.stringify({ name: "Ben", type: "personal_chat", id: 111, messages });
  const { importing, folder } = worldOf({
    "all.json": chat(all),
    "older.json": chat(all.slice(0, 1)),
    "part.json": chat(all.slice(1)),
    "newer.json": chat([...all, message(4, 2, "newest")]),
  });
  await importing("all.json");
  for (const [name, why] of [
    ["older.json", "its newest words or changes are of 2026-03-01"],
    ["part.json", "1 memory is shorter than in"],
  ] as const) {
    expect((await importing(name, "--dry-run")).out).toContain(why);
    const refused = await importing(name);
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining(why)]);
    expect(refused.err).toContain("--older");
  }
  expect(readFileSync(join(folder, "memories", "config.yaml"), "utf8")).toContain("all.json");
  expect((await importing("newer.json")).out).toContain("1 submitted");
  expect((await importing("part.json", "--older")).out).toContain("1 submitted");
});
