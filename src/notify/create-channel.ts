import type { BlockList } from "node:net";
import type { Clock } from "../kernel/util/clock.ts";
import type { Channel } from "./channel.ts";
import { ChatChannel, discordBody, slackBody } from "./channels/chat-channel.ts";
import { WebhookChannel } from "./channels/webhook-channel.ts";
import { WebhookPoster } from "./channels/webhook-poster.ts";
import type { ChannelConfig } from "./settings.ts";

export interface ChannelDependencies {
  /** Allowed addresses besides public ones. */
  allowed: BlockList;
  clock: Clock;
  /** For one attempt; for a mail server, between two responses. Milliseconds. */
  timeoutMs?: number;
}

/** Makes no connection. Code for mail is loaded only when a channel needs it. */
export async function createChannel(
  config: ChannelConfig,
  { allowed, clock, timeoutMs = 10_000 }: ChannelDependencies,
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
