import { describe, expect, test } from "vitest";
import { listedFiles, readAsFile } from "../../../../test/support/listed-files.ts";

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

describe("all chats", () => {
  const left = { ...chat(message(1, "I leave")), id: 777 };
  const own = chat(message(1, 'the name "left_chats": of a list'));

  test.each([
    ["with those that were left", { chats: { list: [own] }, left_chats: { about: "x", list: [left] } }, 2],
    ["of which only those that were left are exported", { left_chats: { list: [left] } }, 1],
    ["without any that was left", { chats: { list: [own] }, left_chats: { list: [] } }, 1],
  ])("%s", async (_, value, count) => {
    for (const space of [0, 1]) {
      const { ids, truncated, problems } = await readAsFile(
        "result.json",
        JSON.stringify(value, null, space),
        {
          format: "telegram",
        },
      );
      expect([ids.length, truncated, problems]).toEqual([count, null, []]);
    }
  });

  test("in another encoding, and cut off behind the ones of the first list", async () => {
    const text = JSON.stringify({ chats: { list: [own] }, left_chats: { list: [left, left] } });
    const utf16 = await readAsFile("result.json", Buffer.from(`\ufeff${text}`, "utf16le"), {
      format: "telegram",
    });
    expect(utf16.ids).toEqual(["111/2026-03-01", "777/2026-03-01"]);
    const cut = await readAsFile("result.json", text.slice(0, -20), { format: "telegram" });
    expect(cut.ids).toEqual(utf16.ids);
    expect(cut.truncated).toMatch(/may hold more/u);
  });
});

test.each([
  [
    { contact_information: { first_name: "Ada", last_name: "L", phone_number: "+49" } },
    "(contact: Ada L, +49)",
  ],
  [{ contact_information: { first_name: "", last_name: "", phone_number: "" } }, "(contact)"],
  [{ game_title: "Chess", game_description: "Two play", game_link: "x" }, "(game: Chess, Two play)"],
  [
    {
      todo_list: {
        title: [{ type: "plain", text: "Garden" }],
        answers: [{ id: 1, text: "soil" }, { text: "ivy" }],
      },
    },
    "(to-do list) Garden\n- soil\n- ivy",
  ],
  [{ giveaway_information: { quantity: 3 } }, "(giveaway)"],
  [{ giveaway_results: { winners: [] } }, "(results of a giveaway)"],
  [{ invoice_information: { title: "Boat", description: "one day" } }, "(invoice: Boat, one day)"],
  [
    { location_information: { latitude: 38.5, longitude: -8.9 }, place_name: "Port", address: "Quay 1" },
    "(location: Port, Quay 1)",
  ],
  [{ location_information: { latitude: 38.5, longitude: -8.9 } }, "(location)"],
  [{ file: "files/plan.pdf", file_name: "plan.pdf" }, "(file: plan.pdf)"],
  [{ file: "files/a.bin" }, "(file)"],
  [
    { media_type: "audio_file", performer: "Ben", title: "The river", file: "a.mp3" },
    "(audio file: Ben, The river)",
  ],
  [{ media_type: "voice_message", file: "a.ogg", file_name: "a.ogg" }, "(voice message)"],
  [{ hologram: { of: "tomorrow" } }, "(some media)"],
  [{ type: "unsupported" }, "(some media)"],
])("a message without words says what it is: %j", async (more, said) => {
  const { texts, problems } = await readAsFile("result.json", JSON.stringify(chat(message(1, "", more))));
  expect([texts, problems]).toEqual([[`Ada: ${said}`], []]);
});
