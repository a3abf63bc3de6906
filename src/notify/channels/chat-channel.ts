import type { Delivery, Message } from "../../state/message.ts";
import type { Channel } from "../channel.ts";
import type { WebhookPoster } from "./webhook-poster.ts";

/** Sends messages to a chat through its incoming webhook. */
export class ChatChannel implements Channel {
  readonly id: string;
  readonly #poster: WebhookPoster;
  readonly #bodyOf: (message: Message) => unknown;

  constructor(id: string, poster: WebhookPoster, bodyOf: (message: Message) => unknown) {
    this.id = id;
    this.#poster = poster;
    this.#bodyOf = bodyOf;
  }

  send({ message }: Pick<Delivery, "message">, signal: AbortSignal): Promise<string> {
    return this.#poster.post(JSON.stringify(this.#bodyOf(message)), {}, signal);
  }

  close(): Promise<void> {
    return this.#poster.close();
  }
}

type Tone = Message["tone"];

const slackMarks: Readonly<Record<Tone, string>> = {
  bad: ":red_circle:",
  good: ":large_green_circle:",
  neutral: ":white_circle:",
};

/** Slack collapses longer texts; they are for mail. */
const longestSlackText = 2900;

/** A body for Slack's incoming webhooks. `text` is shown in notifications. */
export function slackBody({ title, text, tone }: Message) {
  const line = `${slackMarks[tone]} *${escapeSlack(title)}*`;
  const more = text === "" ? "" : `\n${escapeSlack(text)}`;
  const block = { type: "section", text: { type: "mrkdwn", text: cut(line + more, longestSlackText) } };
  return { text: cut(escapeSlack(title), longestSlackText), blocks: [block] };
}

/** Escapes Slack's three control characters; otherwise a text could mention everyone or forge a link. */
function escapeSlack(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

const discordColours: Readonly<Record<Tone, number>> = { bad: 0xd03030, good: 0x30a040, neutral: 0x808890 };

/** Limits of Discord's embeds. */
const longestDiscordTitle = 256;
const longestDiscordText = 4096;

/** A body for Discord's webhooks; mentions are disabled. */
export function discordBody({ title, text, tone }: Message) {
  const embed = {
    title: cut(escapeMarkdown(title), longestDiscordTitle),
    description: cut(escapeMarkdown(text), longestDiscordText),
    color: discordColours[tone],
  };
  return { embeds: [embed], allowed_mentions: { parse: [] } };
}

/** Links are not escaped, or they would break; without brackets a link cannot hide behind another text. */
function escapeMarkdown(text: string): string {
  return text.replace(
    /(https?:\/\/[^\s<>[\]()\\*~`|]+)|[\\*_~`|>[\]()#]/g,
    (found, link?: string) => link ?? `\\${found}`,
  );
}

function cut(text: string, longest: number): string {
  const characters = [...text];
  return characters.length <= longest ? text : `${characters.slice(0, longest - 1).join("")}…`;
}
