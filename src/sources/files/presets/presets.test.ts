import { mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { listedFiles, readAsFile } from "../../../../test/support/listed-files.ts";
import { zipOf } from "../../../../test/support/zip-file.ts";

const berlin = (day: string) => new Date(`${day}+01:00`).toISOString();

describe("WhatsApp", () => {
  const read = (text: string, settings: object = {}) =>
    readAsFile("WhatsApp Chat mit Ben.txt", text, { format: "whatsapp", ...settings });
  const android = [
    "01.03.26, 08:15 - Nachrichten und Anrufe sind Ende-zu-Ende-verschlüsselt.",
    "01.03.26, 08:15 - Ada: Met Ben at the river",
    "and spoke about: the garden",
    "01.03.26, 08:16 - Ada: PTT-20260301-WA0001.opus (Datei angehängt)",
    "01.03.26, 08:17 - Ben: <Medien ausgeschlossen>",
    "01.03.26, 08:17 - Ben: standort: https://maps.google.com/?q=50.7374,7.0982",
    "01.03.26, 08:18 - Ben: Diese Nachricht wurde gelöscht.",
    "02.03.26, 23:59 - Ben: Next day",
  ];

  test("a message that is larger than an item may be is told, in one line or in many, and the others are there", async () => {
    const long = "a".repeat(3000);
    const lines = `${"b".repeat(900)}\n`.repeat(3);
    const chat = `13.03.24, 14:00 - Ben: Moin\n14.03.24, 14:00 - Ben: ${long}\n15.03.24, 14:00 - Ben: ${lines}16.03.24, 14:00 - Ben: Bis dann\n`;
    const { memories, problems } = await read(chat, { max_item_bytes: 2000 });
    expect(memories.map(({ createdAt }) => createdAt.slice(0, 10))).toEqual(["2024-03-13", "2024-03-16"]);
    expect(problems).toEqual([
      expect.stringMatching(/line 2 of .*: it has 30\d\d bytes, more than 2000/u),
      expect.stringMatching(/line 3 of .*: it has \d+ bytes, more than 2000/u),
    ]);
  });

  test("two people of one name are two chats, in folders and in archives, and a chat that is exported again is one", async () => {
    const { root, write, list } = listedFiles({ path: ".", format: "whatsapp" });
    const chat = (...texts: string[]) =>
      texts.map((text, minute) => `[01.03.26, 08:1${minute}:00] Ada: ${text}\n`).join("");
    const texts = new Map([
      ["home/WhatsApp Chat - Ada/_chat.txt", chat("the boat", "ok")],
      ["later/WhatsApp Chat - Ada/_chat.txt", chat("the boat", "ok", "and the river")],
      ["work/WhatsApp Chat - Ada/_chat.txt", `${chat("the printer", "no")}[02.03.26, 09:00:00] Ada: again\n`],
    ]);
    for (const [path, text] of texts) {
      mkdirSync(join(root, dirname(path)), { recursive: true });
      write(path, text);
    }
    const { memories, ambiguous, problems } = await list();
    expect(memories.map(({ id, title, transcript }) => [id, title, transcript])).toEqual([
      ["Ada/2026-03-01", "Ada", "Ada: the boat\nAda: ok\nAda: and the river"],
      ["Ada/2026-03-01/work", "Ada (work)", "Ada: the printer\nAda: no"],
      ["Ada/2026-03-02", "Ada", "Ada: again"],
    ]);
    expect([...(ambiguous ?? [])]).toEqual(["Ada/2026-03-01"]);
    expect(problems).toEqual([]);

    const zipped = listedFiles({ path: "**/*.zip", format: "whatsapp" });
    for (const [path, text] of texts) {
      const archive = `${dirname(path)}.zip`;
      mkdirSync(join(zipped.root, dirname(archive)), { recursive: true });
      zipped.write(archive, zipOf([{ name: "_chat.txt", content: text }]));
    }
    expect((await zipped.list()).ids).toEqual(memories.map(({ id }) => id));
  });

  test("as Android writes it, in German: a memory a day, without what the program says", async () => {
    const { memories } = await read(android.join("\n"));
    expect(memories.map(({ id }) => id)).toEqual(["Ben/2026-03-01", "Ben/2026-03-02"]);
    expect(memories[0]).toMatchObject({
      type: "chat",
      title: "Ben",
      transcript:
        "Ada: Met Ben at the river\nand spoke about: the garden\nAda: (audio)\nBen: (media left out)\nBen: standort: https://maps.google.com/?q=50.7374,7.0982",
      createdAt: berlin("2026-03-01T08:15:00"),
      endedAt: berlin("2026-03-01T08:17:00"),
      location: { lat: 50.7374, lon: 7.0982 },
      attachments: [{ kind: "audio", name: "PTT-20260301-WA0001.opus" }],
    });
    expect(memories[0]?.segments?.map(({ startMs }) => startMs)).toEqual([0, 60_000, 120_000, 120_000]);
  });

  test("as an iPhone writes it, with its marks and narrow blanks", async () => {
    const ios = [
      "\u200e[3/1/26, 8:15:02\u202fAM] Ada: \u200eMessages and calls are end-to-end encrypted.",
      "[3/1/26, 8:15:40\u202fAM] Ada: Met Ben",
      "\u200e[3/1/26, 8:16:03\u202fAM] Ada: \u200e<attached: 00000003-AUDIO.opus>",
      "[3/1/26, 8:17:11\u202fAM] ~\u202fBen: \u200eimage omitted",
      "[3/1/26, 12:17:40\u202fPM] ~\u202fBen: edited text \u200e<This message was edited>",
    ].join("\r\n");
    await expect(read(ios)).rejects.toMatchObject({ hint: expect.stringContaining("date_order") });
    const { memories } = await read(ios, { date_order: "month_first" });
    expect(memories.map(({ transcript }) => transcript)).toEqual([
      "Ada: Met Ben\nAda: (audio)\nBen: (media left out)\nBen: edited text",
    ]);
    expect(memories[0]?.endedAt).toBe(berlin("2026-03-01T12:17:40"));
  });

  test.each([
    ["27/02/2026, 8:15 p. m. - Ada: x", "2026-02-27T20:15:00"],
    ["27-02-2026 20:15 - Ada: x", "2026-02-27T20:15:00"],
    ["2026-02-27, 20:15 - Ada: x", "2026-02-27T20:15:00"],
    ["2/27/26, 8:15 PM - Ada: x", "2026-02-27T20:15:00"],
    ["[27.02.26, 20:15:00] Ada: x", "2026-02-27T20:15:00"],
    ["2026/02/27 20:15 - Ada: x", "2026-02-27T20:15:00"],
  ])("reads the dates of phones: %s", async (line, time) => {
    expect((await read(line)).times).toEqual([berlin(time)]);
  });

  test("a day that another line shows to be one settles all of them", async () => {
    const { times } = await read("3/1/26, 8:15 - Ada: x\n1/13/26, 8:15 - Ada: y");
    expect(times).toEqual([berlin("2026-03-01T08:15:00"), berlin("2026-01-13T08:15:00")]);
  });

  test("a line that was pasted into a message is text of it, and no message of somebody else", async () => {
    const pasted = [
      "01.03.26, 08:15 - Ada: Look:",
      "[02.03.26, 10:00] quoted",
      "[45.13.26, 10:00] Hugo: no such day",
      "28.02.26, 10:00 - lunch with Hugo",
      "01.03.26, 08:16 - Ben hat die Gruppe verlassen",
      "01.03.26, 08:17 - Ben: yes",
    ];
    const { texts, problems } = await read(pasted.join("\n"));
    expect([texts, problems]).toEqual([[`Ada: Look:\n${pasted.slice(1, 4).join("\n")}\nBen: yes`], []]);
    const ios = [
      "[01.03.26, 08:15:00] Ada: Look:",
      "[02.03.26, 10:00] quoted",
      "02.03.26, 10:00 - Hugo: as Android has it",
      "\u200e[01.03.26, 08:15:30] You left",
      "[01.03.26, 08:16:00] Ada: \u200eYou are an admin",
      "[01.03.26, 08:17:00] Ben: yes",
    ];
    expect((await read(ios.join("\n"))).texts).toEqual([
      `Ada: Look:\n${ios.slice(1, 3).join("\n")}\nBen: yes`,
    ]);
  });

  test("its absence proves nothing, so it has to be named", async () => {
    expect(listedFiles({ path: "x", format: "whatsapp" }).source.capabilities.deletes).toBe("none");
    await expect(readAsFile("chat.txt", android.join("\n"))).rejects.toMatchObject({
      hint: expect.stringContaining("whatsapp"),
    });
  });
});

describe("Telegram", () => {
  const message = (id: number, more: object) => ({ id, type: "message", from: "Ada", text: "", ...more });
  const messages = [
    { id: 11, type: "service", date_unixtime: "1772348400", action: "create_group", text: "" },
    message(12, { date_unixtime: "1772349300", media_type: "voice_message", file: "voice/a.ogg" }),
    message(13, {
      date_unixtime: "1772349300",
      edited_unixtime: "1772349610",
      text: ["See ", { type: "link", text: "https://example.org" }, "!"],
    }),
    message(14, {
      date: "2026-03-01T08:16:00",
      from: null,
      location_information: { latitude: 50.7, longitude: 7.1 },
    }),
    message(15, { date_unixtime: "1772349420", photo: "(File not included.)", text: "the river" }),
  ];
  const chat = { name: "Saved", type: "saved_messages", id: 4242, messages };

  test("one chat, with a recording that lies beside it", async () => {
    const { root, write, list } = listedFiles({ path: "result.json" });
    write("result.json", JSON.stringify(chat, null, 1));
    mkdirSync(join(root, "voice"));
    write("voice/a.ogg", "sound");
    const { memories } = await list();
    expect(memories).toMatchObject([
      {
        id: "4242/2026-03-01",
        title: "Saved",
        audio: true,
        transcript:
          "Ada: (voice message)\nAda: See https://example.org!\nDeleted account: (location)\nAda: the river",
        updatedAt: "2026-03-01T07:20:10.000Z",
        location: { lat: 50.7, lon: 7.1 },
      },
    ]);
  });

  test("a recording is downloaded, and one outside of the export is not", async () => {
    const { root, write, source } = listedFiles({ path: "result.json" });
    const outside = {
      ...chat,
      id: 1,
      messages: [message(1, { date_unixtime: "1772349300", file: "../secret.ogg", text: "x" })],
    };
    write("result.json", JSON.stringify({ chats: { list: [chat, outside] } }));
    mkdirSync(join(root, "voice"));
    write("voice/a.ogg", "sound");
    const medium = (memoryId: string) =>
      ({ contextId: "C", memoryId, kind: "audio", maxBytes: 100 }) as const;
    const never = new AbortController().signal;
    await source.download(medium("4242/2026-03-01"), join(root, "got"), never);
    expect(readFileSync(join(root, "got"), "utf8")).toBe("sound");
    await expect(source.download(medium("1/2026-03-01"), join(root, "no"), never)).rejects.toMatchObject({
      code: "MEDIA_NOT_FOUND",
    });
  });

  test("all chats", async () => {
    const all = { chats: { about: "x", list: [chat, { ...chat, id: 5, name: null }] } };
    expect((await readAsFile("result.json", JSON.stringify(all))).ids).toEqual([
      "4242/2026-03-01",
      "5/2026-03-01",
    ]);
  });

  test("a message that cannot be read is told with its place, and costs no other", async () => {
    const at = { date_unixtime: "1772349300" };
    const broken = [
      message(1, { ...at, text: "good" }),
      message(2, { date: "soon", text: "when?" }),
      message(3, { ...at, text: { plain: "of another form" } }),
      message(4, { ...at, text: ["x", { words: "y" }] }),
      message(5, { ...at, type: undefined, text: "z" }),
      message(6, { ...at, text: undefined, text_entities: [{ type: "plain", text: "last" }] }),
    ];
    const one = await readAsFile("r.json", JSON.stringify({ ...chat, messages: broken }));
    expect(one.texts).toEqual(["Ada: good\nAda: last"]);
    expect(one.problems).toEqual([
      "item 2 of r.json: it has no date that can be read",
      "item 3 of r.json: its text has a form that is not known",
      "item 4 of r.json: its text has a form that is not known",
      "item 5 of r.json: it is no message: its `type` is none that is known",
    ]);
    const all = { chats: { list: [chat, { ...chat, id: 5, messages: broken }] } };
    const { texts, problems } = await readAsFile("r.json", JSON.stringify(all));
    expect(texts[1]).toBe("Ada: good\nAda: last");
    expect(problems).toHaveLength(4);
    expect(problems[0]).toBe("item 2 of r.json: message 2: it has no date that can be read");
  });

  test("forwarded words are those of somebody else, and a poll is what it asks", async () => {
    const at = { date_unixtime: "1772349300" };
    const messages = [
      message(1, { ...at, text: "I dive.", forwarded_from: "Hugo" }),
      message(2, { ...at, text: "Mine.", forwarded_from: "Ada" }),
      message(3, { ...at, text: "Whose?", forwarded_from: null }),
      message(4, { ...at, poll: { question: "When?", answers: [{ text: "Noon", voters: 1 }] } }),
    ];
    expect((await readAsFile("r.json", JSON.stringify({ ...chat, messages }))).texts).toEqual([
      "Ada (forwarded from Hugo): I dive.\nAda: Mine.\nAda (forwarded from a deleted account): Whose?\nAda: (poll) When?\n- Noon",
    ]);
  });

  test("a day that comes again behind another one is a memory of its own", async () => {
    const days = ["2026-03-01", "2026-03-02", "2026-03-01"].map((day, id) =>
      message(id, { date: `${day}T08:00:00`, text: "x" }),
    );
    const { ids } = await readAsFile("r.json", JSON.stringify({ ...chat, messages: days }));
    expect(ids).toEqual(["4242/2026-03-01", "4242/2026-03-02", "4242/2026-03-01 (2)"]);
  });
});

test("ChatGPT: from the last node upwards, without branches that were given up", async () => {
  const node = (
    id: string,
    parent: string | null,
    role: string,
    text: unknown,
    create_time: number | null,
  ) => [id, { id, parent, message: { author: { role }, create_time, content: { parts: [text] } } }];
  const mapping = Object.fromEntries([
    node("n0", null, "system", "obey", null),
    node("n1", "n0", "user", "What grows in shade?", 1772349301),
    node("n2", "n1", "assistant", "Ferns.", null),
    node("n3", "n1", "assistant", "(given up)", 1772349303),
    node("n4", "n2", "user", { picture: 1 }, 1772349400),
    node("n5", "n4", "user", "Tomorrow?", 1772349301 + 86_400),
  ]);
  const talk = {
    conversation_id: "c",
    title: "Garden",
    create_time: 1772349300.1,
    current_node: "n5",
    mapping,
  };
  const { memories } = await readAsFile("conversations.json", JSON.stringify([talk]));
  expect(memories.map(({ id, transcript }) => [id, transcript])).toEqual([
    ["c/2026-03-01", "Me: What grows in shade?\nChatGPT: Ferns."],
    ["c/2026-03-02", "Me: Tomorrow?"],
  ]);
});

test("Claude", async () => {
  const says = (sender: string, text: string) => ({
    sender,
    text: "",
    content: [{ type: "text", text }],
    created_at: "2026-03-01T07:15:01Z",
  });
  const talk = {
    uuid: "u",
    name: "Garden",
    created_at: "2026-03-01T07:15:00Z",
    chat_messages: [says("human", "Shade?"), says("assistant", "Ferns.")],
  };
  const { memories } = await readAsFile(
    "conversations.json",
    JSON.stringify([talk, { name: "no id", chat_messages: [] }]),
  );
  expect(memories).toMatchObject([
    { id: "u/2026-03-01", title: "Garden", transcript: "Me: Shade?\nClaude: Ferns." },
  ]);
});

test("Claude: what was given with a message, its name and its text, and messages without a time", async () => {
  const at = "2026-03-01T07:15:01Z";
  const talk = (uuid: string, ...chat_messages: object[]) => ({ uuid, name: "G", chat_messages });
  const given = {
    sender: "human",
    text: "Read this",
    created_at: at,
    attachments: [
      { file_name: "plan.txt", extracted_content: "Dig.\nPlant.\n" },
      { extracted_content: "pasted" },
    ],
    files: [{ file_name: "plan.txt" }, { file_name: "bed.png" }],
  };
  const { texts, problems } = await readAsFile(
    "conversations.json",
    JSON.stringify([
      talk("a", given, { ...given, text: "", attachments: [] }),
      talk("b", { sender: "human", text: "when?" }),
      { uuid: "c", name: "Boat" },
      { uuid: "d", name: "Silent", created_at: at, chat_messages: [] },
    ]),
    { format: "claude" },
  );
  expect(texts).toEqual([
    "Me: Read this\n(file plan.txt)\nDig.\nPlant.\n(file)\npasted\n(file bed.png)\nMe: (file plan.txt)\n(file bed.png)",
    "",
  ]);
  expect(problems).toEqual([
    "item 2 of conversations.json: 1 message of it: no time that can be read",
    'item 3 of conversations.json: the conversation "Boat" has no `chat_messages`, in which its messages are',
  ]);
});

test("Day One: with its place, zone, recording and picture", async () => {
  const { root, write, list } = listedFiles({ path: "Journal.json" });
  const entry = {
    uuid: "U1",
    creationDate: "2026-03-01T07:15:00Z",
    modifiedDate: "2026-03-04T18:02:11Z",
    timeZone: "Europe/Lisbon",
    text: "# Morning\n\n![](dayone-moment://8A)\n\nMet Ada\\. So\\!",
    tags: ["garden"],
    location: { latitude: 50.7374, longitude: 7.0982, placeName: "Rheinufer", localityName: "Bonn" },
    photos: [{ md5: "0f", type: "jpeg" }],
    audios: [{ md5: "5d", format: "m4a", transcription: "Met Ada at the river." }],
  };
  write(
    "Journal.json",
    JSON.stringify({
      metadata: { version: "1.0" },
      entries: [entry, { uuid: "U2", creationDate: "2019-06-28T15:38:37Z" }],
    }),
  );
  mkdirSync(join(root, "photos"));
  write("photos/0f.jpeg", "picture");
  const { memories } = await list();
  expect(memories[0]).toMatchObject({
    id: "U1",
    title: "Morning",
    transcript: "# Morning\n\nMet Ada. So!\n\nMet Ada at the river.",
    placeName: "Rheinufer, Bonn",
    timeZone: "Europe/Lisbon",
    image: true,
    audio: false,
    attachments: [{ kind: "audio", name: "5d.m4a" }],
  });
  expect(memories[1]).toMatchObject({ id: "U2", transcript: "", createdAt: "2019-06-28T15:38:37.000Z" });
});

test("Day One: of several exports the form that was changed last counts, and one that was never changed is the oldest", async () => {
  const { write, list } = listedFiles({ path: ".", format: "day_one" });
  const form = (text: string, modifiedDate?: string) =>
    JSON.stringify({
      entries: [{ uuid: "U", creationDate: "2026-03-01T07:15:00Z", text, modifiedDate }],
    });
  write("a.json", form("changed", "2026-03-04T18:02:11Z"));
  write("b.json", form("never changed"));
  const { texts, ambiguous } = await list();
  expect([texts, [...(ambiguous ?? [])]]).toEqual([["changed"], []]);
});

test("Day One: words are read from where the editor keeps them, and a date that is none is told", async () => {
  const creationDate = "2026-03-01T07:15:00Z";
  const contents = [{ text: "Only rich " }, { embeddedObjects: [{ type: "photo" }] }, { text: "text.\n" }];
  const entries = [
    { uuid: "U1", creationDate, text: "", richText: JSON.stringify({ contents }) },
    { uuid: "U2", creationDate, text: "Both", richText: JSON.stringify({ contents }) },
    { uuid: "U3", creationDate, richText: "{ broken" },
    { uuid: "U4", creationDate: "2026-02-30T10:00:00Z", text: "impossible" },
    { uuid: "U5", text: "when?" },
    { creationDate, text: "who?" },
  ];
  const { texts, problems } = await readAsFile("j.json", JSON.stringify({ entries }), { format: "day_one" });
  expect(texts).toEqual(["Only rich text.", "Both", ""]);
  expect(problems).toEqual([
    'item 4 of j.json: its creationDate "2026-02-30T10:00:00Z" is no date',
    "item 5 of j.json: it is no entry: it has no creationDate",
    "item 6 of j.json: it is no entry: it has no uuid",
  ]);
});

test("jrnl: two entries in one minute are two memories", async () => {
  const entry = (title: string) => ({
    title,
    body: "B",
    date: "2026-03-01",
    time: "08:15",
    tags: ["@garden"],
    starred: false,
  });
  const { memories } = await readAsFile(
    "j.json",
    JSON.stringify({ tags: {}, entries: [entry("a"), entry("b")] }),
  );
  expect(memories).toMatchObject([
    { transcript: "a\nB", createdAt: berlin("2026-03-01T08:15:00"), tags: ["garden"] },
    { transcript: "b\nB" },
  ]);
  expect(new Set(memories.map(({ id }) => id)).size).toBe(2);
});

test("Google Keep: a folder of notes, of which those in the bin are deleted", async () => {
  const { write, list } = listedFiles({ path: ".", format: "google_keep" });
  write(
    "a.json",
    JSON.stringify({
      textContent: "Met Ada",
      title: "",
      createdTimestampUsec: 1772349300123000,
      labels: [{ name: "G" }],
      attachments: [{ filePath: "v.3gp" }],
    }),
  );
  write(
    "b.json",
    JSON.stringify({
      listContent: [{ text: "soil", isChecked: true }],
      title: "Shop",
      isTrashed: true,
      createdTimestampUsec: "1772349300123001",
    }),
  );
  write("c.json", "{}");
  write("v.3gp", "sound");
  const { memories, deleted, problems } = await list();
  expect(memories).toMatchObject([
    { id: "1772349300123000", tags: ["G"], audio: true, createdAt: "2026-03-01T07:15:00.123Z" },
  ]);
  expect([deleted, problems]).toEqual([
    ["1772349300123001"],
    ["item 1 of c.json: it is no note of Google Keep"],
  ]);
});

test("Google Keep: notes of one moment are told apart by the names of their files, and one in the bin hides none", async () => {
  const { root, write, list } = listedFiles({ path: ".", format: "google_keep" });
  const note = (textContent: string, more: object = {}) =>
    JSON.stringify({ textContent, createdTimestampUsec: 1772349300123000, ...more });
  write("Ada.json", note("a"));
  write("Ben.json", note("b", { userEditedTimestampUsec: 1772349300123009 }));
  write("Bin.json", note("gone", { isTrashed: true }));
  write("Other.json", note("o", { createdTimestampUsec: 1772349300123001 }));
  const { memories, deleted, problems } = await list();
  expect(memories.map(({ id, transcript }) => [id, transcript])).toEqual([
    ["1772349300123000/Ada", "a"],
    ["1772349300123000/Ben", "b"],
    ["1772349300123001", "o"],
  ]);
  expect([deleted, problems]).toEqual([["1772349300123000/Bin"], []]);
  mkdirSync(join(root, "older"));
  write("older/O.json", note("o before", { createdTimestampUsec: 1772349300123001 }));
  write("older/Ada.json", note("a before"));
  expect((await list()).ids.toSorted()).toEqual(memories.map(({ id }) => id));
});

test("an entity of MCP's server-memory that is larger than an item may be is told, and the others are there", async () => {
  const entity = (name: string, observed: string) =>
    JSON.stringify({ type: "entity", name, entityType: "person", observations: [observed] });
  const text = [entity("Ada", "plans a garden"), entity("Ben", "x".repeat(3000))].join("\n");
  const { ids, problems } = await readAsFile("memory.jsonl", text, {
    format: "mcp_memory",
    max_item_bytes: 2000,
  });
  expect(ids).toEqual(["Ada"]);
  expect(problems).toEqual([
    expect.stringMatching(/^line 2 of memory.jsonl: it has \d+ bytes, more than 2000$/u),
  ]);
});

test("MCP's server-memory: entities with what is observed and related; their time is when they were first seen", async () => {
  const { write, list } = listedFiles({ path: "memory.jsonl" });
  const lines = [
    { type: "entity", name: "Ada", entityType: "person", observations: ["plans a garden", "moved to Bonn"] },
    { type: "entity", name: "River walk", entityType: "event", observations: [] },
    { type: "relation", from: "Ada", to: "River walk", relationType: "attended" },
  ];
  write("memory.jsonl", lines.map((line) => JSON.stringify(line)).join("\n"));
  const { memories, truncated } = await list();
  expect(memories).toMatchObject([
    {
      id: "Ada",
      type: "person",
      transcript: "Ada:\nplans a garden\nmoved to Bonn\nAda attended River walk.",
      timeSource: "first_seen",
    },
    { id: "River walk" },
  ]);
  expect(truncated).toBeNull();
  expect((await list()).memories).toEqual(memories);
});
