import * as z from "zod";
import { allChannels, type ChannelConfig, type NotificationConfig } from "../../config/config.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { systemClock } from "../../kernel/util/clock.ts";
import type { Message } from "../../state/message.ts";
import { channelErrors } from "../error-groups.ts";
import { textOf } from "../fields.ts";
import { stateOperation } from "../operation.ts";
import { isoInstant } from "../runs/run-json.ts";
import { targetOf } from "./channels-json.ts";

export const testChannel = stateOperation({
  name: "alert.test",
  tag: "Service",
  summary: "Send one message to an alert channel or webhook, and say what came back",
  details: "Sends at once and once, whether alerts are enabled or not.",
  access: "admin",
  input: z.strictObject({
    channelId: textOf(200).describe("its id; `default` is the one of `monitoring.alerts.webhook_url`"),
  }),
  output: z.strictObject({
    channel: z.string(),
    target: z.string().describe("its host"),
    answer: z.string(),
    messageId: z.string(),
  }),
  errors: ["CHANNEL_UNKNOWN", ...channelErrors],
  run: async ({ services, clock, signal }, { channelId }) => {
    const { notifications } = services.config;
    const config = channelOf(notifications, channelId);
    const { addressRanges } = await import("../../kernel/util/address-ranges.ts");
    const { createChannel } = await import("../../notify/create-channel.ts");
    const { newDeliveryId } = await import("../../notify/outbox.ts");
    const allowed = addressRanges(notifications.privateAddresses);
    const channel = await createChannel(config, { allowed, clock: systemClock });
    const now = clock.now();
    const messageId = newDeliveryId(now);
    try {
      const answer = await channel.send({ id: messageId, message: testMessage(config.id, now) }, signal);
      return { channel: config.id, target: targetOf(config), answer, messageId };
    } finally {
      await channel.close();
    }
  },
});

/** Throws `CHANNEL_UNKNOWN`. */
function channelOf(notifications: NotificationConfig, id: string): ChannelConfig {
  const channels = allChannels(notifications);
  const channel = channels.find((each) => each.id === id);
  if (channel !== undefined) return channel;
  const hint = `there are: ${channels.map((each) => each.id).join(", ") || "none"}`;
  throw new ConnectorError("CHANNEL_UNKNOWN", `no channel or webhook is called "${id}"`, {
    subject: id,
    hint,
  });
}

function testMessage(channelId: string, now: number): Message {
  const text = `Somebody asked for it with \`memory-connector alerts test ${channelId}\` or through the API. Nothing is wrong.`;
  const event = { type: "test", at: isoInstant(now), connectorId: null, data: { text } };
  return { title: "This is a test", text, tone: "neutral", events: [event], dropped: 0 };
}
