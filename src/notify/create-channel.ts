import type { BlockList } from "node:net";
import type { Clock } from "../util/clock.ts";
import type { Channel } from "./channel.ts";
import { discordBody, slackBody } from "./channels/chat-bodies.ts";
import { ChatChannel } from "./channels/chat-channel.ts";
import { WebhookChannel } from "./channels/webhook-channel.ts";
import { WebhookPoster } from "./channels/webhook-poster.ts";
import type { ChannelConfig } from "./settings.ts";

/** For one attempt. Milliseconds. */
const timeoutMs = 10_000;

/** Nothing is contacted. Code for mail is loaded only where there is a channel for it. */
export async function createChannel(
  config: ChannelConfig,
  { allowed, clock }: { allowed: BlockList; clock: Clock },
): Promise<Channel> {
  const { id } = config;
  if (config.type === "email") {
    const { MailChannel } = await import("./channels/mail-channel.ts");
    return new MailChannel(id, { mail: config, timeoutMs });
  }
  const poster = new WebhookPoster({ channelId: id, url: config.webhookUrl, allowed, clock, timeoutMs });
  if (config.type === "webhook")
    return new WebhookChannel(id, { poster, secret: config.signingSecret, clock });
  return new ChatChannel(id, poster, config.type === "slack" ? slackBody : discordBody);
}
