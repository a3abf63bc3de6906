import { expect, test } from "vitest";
import type { Message } from "../../state/message.ts";
import { discordBody, slackBody } from "./chat-channel.ts";

const message = (change: Partial<Message>): Message => ({
  title: "3 runs failed",
  text: "",
  tone: "bad",
  events: [],
  dropped: 0,
  ...change,
});

test("Slack gets a line with a mark for its tone, and the rest below it", () => {
  expect(slackBody(message({ text: "the last one: SOURCE_TIMEOUT" }))).toEqual({
    text: "3 runs failed",
    blocks: [
      {
        type: "section",
        text: { type: "mrkdwn", text: ":red_circle: *3 runs failed*\nthe last one: SOURCE_TIMEOUT" },
      },
    ],
  });
});

test("a text can ping nobody and forge no link on Slack", () => {
  const { text } = slackBody(message({ title: "<!channel> & <https://evil.example|here>" }));
  expect(text).toBe("&lt;!channel&gt; &amp; &lt;https://evil.example|here&gt;");
});

test("a text can ping nobody and format nothing on Discord", () => {
  expect(
    discordBody(message({ title: "@everyone", text: "**[x](https://evil.example)**", tone: "good" })),
  ).toEqual({
    embeds: [
      {
        title: "@everyone",
        description: "\\*\\*\\[x\\]\\(https://evil.example\\)\\*\\*",
        color: 0x30a040,
      },
    ],
    allowed_mentions: { parse: [] },
  });
});

test("a link leads where it leads, on Discord, too", () => {
  const link = "https://ops.example/runs/a_b?from=1&to=2#x";
  const [embed] = discordBody(message({ text: `_see_ (${link}) and **${link}**` })).embeds;
  expect(embed?.description).toBe(`\\_see\\_ \\(${link}\\) and \\*\\*${link}\\*\\*`);
});

test("texts are cut to what the chats take, between characters", () => {
  const long = message({ title: "😀".repeat(5000), text: "😀".repeat(5000) });
  const [embed] = discordBody(long).embeds;
  expect([...(embed?.title ?? "")]).toHaveLength(256);
  expect([...(embed?.description ?? "")]).toHaveLength(4096);
  expect(slackBody(long).blocks[0]?.text.text.isWellFormed()).toBe(true);
  expect([...(slackBody(long).blocks[0]?.text.text ?? "")]).toHaveLength(2900);
});
