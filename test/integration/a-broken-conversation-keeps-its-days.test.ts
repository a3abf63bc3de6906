import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runCli } from "../support/cli.ts";
import { makeWorld } from "../support/service.ts";

const seconds = (day: number) => Date.UTC(2026, 2, day, 12) / 1000;

/** A conversation with a message on each of these days of March. */
interface Talk {
  id: string;
  days: readonly number[];
}

const first = { id: "111", days: [1, 2, 3] };
const second = { id: "222", days: [4, 5] };
const third = { id: "333", days: [6] };

const said = ({ id }: Talk, day: number) => `${id} said on day ${day}`;

const chatgpt = (talk: Talk) => ({
  conversation_id: talk.id,
  title: `Talk ${talk.id}`,
  create_time: seconds(talk.days[0] ?? 1),
  mapping: Object.fromEntries(
    talk.days.map((day, at) => [
      `n${at}`,
      {
        parent: at === 0 ? null : `n${at - 1}`,
        message: {
          author: { role: "user" },
          create_time: seconds(day),
          content: { content_type: "text", parts: [said(talk, day)] },
        },
      },
    ]),
  ),
});

const claude = (talk: Talk) => ({
  uuid: talk.id,
  name: `Talk ${talk.id}`,
  created_at: new Date(seconds(talk.days[0] ?? 1) * 1000).toISOString(),
  chat_messages: talk.days.map((day) => ({
    sender: "human",
    created_at: new Date(seconds(day) * 1000).toISOString(),
    text: said(talk, day),
  })),
});

const telegram = (talk: Talk) => ({
  id: Number(talk.id),
  name: `Talk ${talk.id}`,
  messages: talk.days.map((day) => ({
    id: day,
    type: "message",
    date_unixtime: String(seconds(day)),
    from: "Ada",
    text: said(talk, day),
  })),
});

const chats = (list: readonly unknown[]) => ({ chats: { list } });
const asIs = (list: readonly unknown[]) => list;
const lacksNode = { ...chatgpt(first), mapping: { ...chatgpt(first).mapping, n1: null } };

test.each([
  ["ChatGPT, without its messages", "chatgpt", chatgpt, { ...chatgpt(first), mapping: null }, asIs],
  ["ChatGPT, with one of its messages missing", "chatgpt", chatgpt, lacksNode, asIs],
  ["Claude, without its messages", "claude", claude, { ...claude(first), chat_messages: 5 }, asIs],
  ["Claude, with messages of no form", "claude", claude, { ...claude(first), chat_messages: [1, 2] }, asIs],
  ["Telegram, without its messages", "telegram", telegram, { ...telegram(first), messages: null }, chats],
] as const)(
  "%s: a conversation that cannot be read is a dead letter, and its days stay; one that is deleted goes all the same",
  async (_, format, talkOf, broken, whole) => {
    const { folder, lightrag, configure } = await makeWorld(0);
    configure(`connectors:
  - id: talks
    context_id: TALKS
    deletions: { grace_listings: 1, grace_period: 0, max_percent: 100 }
    on_delete: propagate
    source: { type: files, format: ${format}, path: ./export.json }`);
    const write = (...talks: readonly unknown[]) =>
      writeFileSync(join(folder, "export.json"), JSON.stringify(whole(talks)));
    const texts = () => [...lightrag.texts().values()].join("\n");

    write(talkOf(first), talkOf(second), talkOf(third));
    expect(await runCli(["sync"], { cwd: folder })).toMatchObject({ code: 0 });
    write(broken, talkOf(third));
    expect(await runCli(["sync"], { cwd: folder })).toMatchObject({ code: 3 });
    for (const day of first.days) expect(texts()).toContain(said(first, day));
    for (const day of second.days) expect(texts()).not.toContain(said(second, day));
    expect(texts()).toContain(said(third, 6));
  },
);
