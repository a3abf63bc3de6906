import type { BlockList } from "node:net";
import type { Clock } from "../kernel/util/clock.ts";
import type { Channel } from "./channel.ts";
import { discordBody, slackBody } from "./channels/chat-bodies.ts";
import { ChatChannel } from "./channels/chat-channel.ts";
import { WebhookChannel } from "./channels/webhook-channel.ts";
import { WebhookPoster } from "./channels/webhook-poster.ts";
import type { ChannelConfig } from "./settings.ts";

export interface ChannelSurroundings {
  /** Addresses beside the public ones that may be reached. */
  allowed: BlockList;
  clock: Clock;
  /** For one attempt; a mail server has as long between two signs of life. Milliseconds. */
  timeoutMs?: number;
}

/** Nothing is contacted. Code for mail is loaded only where there is a channel for it. */
export async function createChannel(
  config: ChannelConfig,
  { allowed, clock, timeoutMs = 10_000 }: ChannelSurroundings,
): Promise<Channel> {
  const { id } = config;
  if (config.type === "email") {
    const { MailChannel } = await import("./channels/mail-channel.ts");
    return new MailChannel(id, { mail: config, timeoutMs });
  }
  const secret = config.type === "webhook" ? config.signingSecret : null;
  const secrets = secret === null ? [] : [secret];
  const poster = new WebhookPoster({
    channelId: id,
    url: config.webhookUrl,
    secrets,
    allowed,
    clock,
    timeoutMs,
  });
  if (config.type === "webhook") return new WebhookChannel(id, { poster, secret, clock });
  return new ChatChannel(id, poster, config.type === "slack" ? slackBody : discordBody);
}
