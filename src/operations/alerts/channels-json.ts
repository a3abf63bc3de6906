import * as z from "zod";
import type { ChannelConfig } from "../../config/config.ts";
import { allChannels } from "../../config/config.ts";
import { channelTypes } from "../../notify/settings.ts";
import type { StoredDelivery } from "../../state/notification-store.ts";
import type { Services } from "../operation-context.ts";
import { countSchema, instantSchema, isoInstant } from "../runs/run-json.ts";

export const channelSchema = z
  .strictObject({
    id: z.string(),
    type: z.enum(channelTypes),
    target: z.string().describe("its host; the rest of an address may be secret"),
    waiting: countSchema.describe("messages that are not sent yet"),
    lastError: z.string().nullable().describe("why the oldest of them was not taken"),
    nextAttemptAt: instantSchema.nullable(),
  })
  .meta({ id: "Channel" });

/** The channels and webhooks of the configuration, with their queued messages. */
export async function channelsJson({
  state,
  config,
}: Pick<Services, "state" | "config">): Promise<z.infer<typeof channelSchema>[]> {
  const waiting = Map.groupBy(await state.notifications.listDeliveries(), ({ channelId }) => channelId);
  return allChannels(config.notifications).map((channel) =>
    channelJson(channel, waiting.get(channel.id) ?? []),
  );
}

function channelJson(
  channel: ChannelConfig,
  waiting: readonly StoredDelivery[],
): z.infer<typeof channelSchema> {
  const [oldest] = waiting;
  return {
    id: channel.id,
    type: channel.type,
    target: targetOf(channel),
    waiting: waiting.length,
    lastError: oldest?.lastError ?? null,
    nextAttemptAt: oldest === undefined ? null : isoInstant(oldest.nextAttemptAt),
  };
}

/** The host of a channel. */
export function targetOf(channel: ChannelConfig): string {
  return channel.type === "email" ? `${channel.host}:${channel.port}` : new URL(channel.webhookUrl).host;
}
