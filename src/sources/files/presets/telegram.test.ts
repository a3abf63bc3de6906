import { describe, expect, test } from "vitest";
import { listedFiles } from "../../../../test/support/listed-files.ts";

const noon = 1772362800;
const message = (id: number, text: string, more: object = {}) => ({
  id,
  type: "message",
  date_unixtime: String(noon + id),
  from: "Ada",
  text,
  ...more,
});
const chat = (...messages: unknown[]) => ({ name: "Ben", type: "personal_chat", id: 111, messages });

/** What a list of several exports shows, by the names of their files. */
async function listed(exports: Record<string, unknown>, settings: object = {}) {
  const { write, list } = listedFiles({ path: ".", ...settings });
  for (const [name, value] of Object.entries(exports)) write(name, JSON.stringify(value));
  return list();
}

describe("several exports of a chat are one", () => {
  const all = [message(1, "one"), message(2, "two"), message(3, "three"), message(4, "four")];

  test.each([
    ["an older one behind a newer one", all, all.slice(0, 2)],
    ["a later part behind the whole", all, all.slice(2)],
    ["two parts", all.slice(0, 2), all.slice(2)],
    ["two parts, the later one first", all.slice(2), all.slice(0, 2)],
    ["parts that overlap", all.slice(1), [all[0], all[2]]],
  ])("%s", async (_, first, second) => {
    const { texts, ids, problems, ambiguous } = await listed({
      "a.json": chat(...first),
      "b.json": chat(...second),
    });
    expect(texts).toEqual(["Ada: one\nAda: two\nAda: three\nAda: four"]);
    expect([ids, problems, [...(ambiguous ?? [])]]).toEqual([["111/2026-03-01"], [], []]);
  });

  test("a message is as it was last changed, whichever file says it, and others as the later file has them", async () => {
    const edited = (text: string, after: number) =>
      message(1, text, { edited_unixtime: String(noon + after) });
    const { texts, memories } = await listed({
      "a.json": chat(edited("last", 900), message(2, "as before")),
      "b.json": { chats: { list: [chat(edited("first", 600), message(2, "as now"), message(3, "new"))] } },
      "c.json": chat(message(1, "never changed")),
    });
    expect(texts).toEqual(["Ada: last\nAda: as now\nAda: new"]);
    expect(memories[0]?.updatedAt).toBe(new Date((noon + 900) * 1000).toISOString());
  });

  test("chats without an id are not taken for one", async () => {
    const { id: _, ...nameless } = chat(message(1, "mine"));
    const { texts, ambiguous } = await listed({
      "a.json": nameless,
      "b.json": { ...nameless, messages: [message(2, "yours")] },
    });
    expect(texts).toEqual(["Ada: yours"]);
    expect([...(ambiguous ?? [])]).toEqual(["chat/2026-03-01"]);
  });
});
