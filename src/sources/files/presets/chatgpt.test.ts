import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { listedFiles, readAsFile } from "../../../../test/support/listed-files.ts";
import { zipOf } from "../../../../test/support/zip-file.ts";

const begin = 1772349300;
const node = (id: string, parent: string | null, role: string, content: object, seconds = 1, more = {}) => [
  id,
  { id, parent, message: { author: { role }, create_time: begin + seconds, content, ...more } },
];
const says = (...parts: unknown[]) => ({ content_type: "text", parts });
const talk = (conversation_id: string, nodes: unknown[][], more: object = {}) => ({
  conversation_id,
  title: `Talk ${conversation_id}`,
  create_time: begin,
  mapping: Object.fromEntries(nodes),
  ...more,
});
const read = (...talks: unknown[]) =>
  readAsFile("conversations.json", JSON.stringify(talks), { format: "chatgpt" });

test("a conversation that does not say where it is ends with the newest branch", async () => {
  const nodes = [
    node("root", null, "system", says("obey"), 0),
    node("a", "root", "user", says("Shade?"), 1),
    node("late", "a", "assistant", says("Ferns."), 9),
    node("early", "a", "assistant", says("(given up)"), 3),
  ];
  const circle = [
    node("a", "b", "user", says("round"), 1),
    node("b", "a", "assistant", says("and round"), 2),
  ];
  const { texts, problems } = await read(
    talk("missing", nodes),
    talk("null", nodes, { current_node: null }),
    talk("dangling", nodes, { current_node: "gone" }),
    talk("known", nodes, { current_node: "early" }),
    talk("circle", circle),
  );
  const newest = "Me: Shade?\nChatGPT: Ferns.";
  expect(texts).toEqual([
    newest,
    newest,
    newest,
    "Me: Shade?\nChatGPT: (given up)",
    "Me: round\nChatGPT: and round",
  ]);
  expect(problems).toEqual([]);
});

test("a conversation without messages that can be read is named, and one without words is an empty memory", async () => {
  const picture = { content_type: "image_asset_pointer", asset_pointer: "file-service://file-abc" };
  const { memories, problems } = await read(
    talk("missing", [], { mapping: undefined }),
    talk("null", [], { mapping: null, title: null }),
    talk("pictures", [node("a", null, "user", says(picture))], { current_node: "a" }),
    talk("nothing", []),
    talk("never", [], { create_time: null }),
  );
  expect(memories).toMatchObject([
    { id: "pictures/2026-03-01", transcript: "", segments: [], createdAt: "2026-03-01T07:15:00.000Z" },
    { id: "nothing/2026-03-01", transcript: "", title: "Talk nothing" },
  ]);
  expect(problems).toEqual([
    'item 1 of conversations.json: the conversation "Talk missing" has no `mapping`, in which its messages are',
    'item 2 of conversations.json: the conversation "null" has no `mapping`, in which its messages are',
    "item 5 of conversations.json: it has neither words nor a time that can be read",
  ]);
});

test("what is written beside the conversation is part of it, and what is given to other tools is not", async () => {
  const code = (value: unknown) => ({ content_type: "code", language: "json", text: JSON.stringify(value) });
  const to = (recipient: string) => ({ recipient });
  const nodes = [
    node("a", null, "user", says("A poem?"), 1),
    node("b", "a", "assistant", code({ query: "poems" }), 2, to("web.search")),
    node(
      "c",
      "b",
      "assistant",
      code({ name: "poem", type: "document", content: "The boat sails" }),
      3,
      to("canmore.create_textdoc"),
    ),
    node(
      "d",
      "c",
      "assistant",
      says(JSON.stringify({ updates: [{ pattern: ".*", replacement: "It is back" }] })),
      4,
      to("canmore.update_textdoc"),
    ),
    node("e", "d", "assistant", says("no JSON"), 5, to("canmore.comment_textdoc")),
  ];
  const { texts } = await read(talk("c", nodes, { current_node: "e" }));
  expect(texts).toEqual([
    "Me: A poem?\nChatGPT: poem\nThe boat sails\nChatGPT: It is back\nChatGPT: no JSON",
  ]);
});

test("marks of citations are no words", async () => {
  const answer =
    'A seal \uE200cite\uE202turn0search1\uE202turn0news3\uE201. \uE203Seen\uE204 at \uE200entity\uE202["city","Setúbal","Portugal"]\uE201.\uE200';
  const { texts } = await read(talk("c", [node("a", null, "assistant", says(answer))]));
  expect(texts).toEqual(["ChatGPT: A seal. Seen at Setúbal."]);
});

/** An export as it is made for long histories, with what is beside the conversations. */
const divided = new Map<string, unknown>([
  ["conversations-000.json", [talk("a", [node("1", null, "user", says("first"))])]],
  ["conversations-001.json", [talk("b", [node("1", null, "user", says("second"))])]],
  ["export_manifest.json", { version: 1, export_files: [{ path: "conversations-000.json" }] }],
  ["user.json", { id: "user-1" }],
  ["user_settings.json", { user_id: "user-1" }],
  ["message_feedback.json", [{ id: "f", conversation_id: "a", create_time: "2026-03-01" }]],
  ["shared_conversations.json", [{ id: "s", conversation_id: "a", title: "Talk a" }]],
  ["group_chats.json", { chats: [] }],
  ["of-tomorrow/new.json", { what: "is not known yet" }],
]);

test.each([
  ["auto", "export.zip"],
  ["chatgpt", "export.zip"],
  ["chatgpt", "."],
  ["chatgpt", "*.json"],
] as const)(
  "an export in several files is whole, whatever is beside them: %s of %s",
  async (format, path) => {
    const { root, write, list } = listedFiles({ path, format });
    const files = Array.from(divided, ([name, value]) => ({ name, content: JSON.stringify(value) }));
    if (path === "export.zip") write(path, zipOf(files));
    else
      for (const { name, content } of files) {
        mkdirSync(join(root, dirname(name)), { recursive: true });
        write(name, content);
      }
    const { ids, problems, truncated } = await list();
    expect([ids, problems, truncated]).toEqual([["a/2026-03-01", "b/2026-03-01"], [], null]);
  },
);

test("conversations under other names are read beside those that have the usual one", async () => {
  const { write, list } = listedFiles({ path: ".", format: "chatgpt" });
  write("conversations.json", JSON.stringify(divided.get("conversations-000.json")));
  write("of-march.json", JSON.stringify(divided.get("conversations-001.json")));
  expect((await list()).ids).toEqual(["a/2026-03-01", "b/2026-03-01"]);
});

test("of several exports the form of a conversation that was changed last counts, whatever the files are called", async () => {
  const form = (text: string, update_time: number) => [
    talk("a", [node("1", null, "user", says(text))], { update_time: begin + update_time }),
  ];
  const { write, list } = listedFiles({ path: ".", format: "chatgpt" });
  write("a.json", JSON.stringify(form("newer", 90)));
  write("b.json", JSON.stringify(form("older", 30)));
  const { texts, ambiguous } = await list();
  expect([texts, [...(ambiguous ?? [])]]).toEqual([["Me: newer"], []]);
});
