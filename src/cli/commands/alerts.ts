import { Argument, Option } from "commander";
import * as z from "zod";
import { allChannels } from "../../config/channels.ts";
import type { ChannelConfig, NotificationConfig } from "../../config/config.ts";
import { alertJson, alertSchema } from "../../json/alert-json.ts";
import { countSchema, instantSchema, isoInstant } from "../../json/run-json.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { systemClock } from "../../kernel/util/clock.ts";
import { plural, readableMoment } from "../../kernel/util/readable.ts";
import type { App } from "../../runtime/app.ts";
import type { Message } from "../../state/message.ts";
import type { StoredAlert, StoredDelivery } from "../../state/notification-store.ts";
import type { CommandSpec } from "../command.ts";
import { configOption } from "../common-options.ts";
import { loadConfig } from "../load-config.ts";
import { renderTable } from "../table.ts";
import { withApp } from "../with-app.ts";

const channelSchema = z.strictObject({
  id: z.string(),
  type: z.enum(["webhook", "slack", "discord", "email"]),
  target: z.string().describe("its host; the rest of an address may be secret"),
  waiting: countSchema.describe("messages that are not sent yet"),
  lastError: z.string().nullable().describe("why the oldest of them was not taken"),
  nextAttemptAt: instantSchema.nullable(),
});
type ChannelView = z.infer<typeof channelSchema>;

const listAlerts: CommandSpec = {
  name: "list",
  summary: "Show the conditions that last, and the channels and webhooks with what waits for them",
  options: [configOption(), new Option("--all", "also conditions that are over")],
  examples: ["alerts list", "alerts list --all --json"],
  json: z.strictObject({
    enabled: z.boolean(),
    alerts: z.array(alertSchema),
    channels: z.array(channelSchema),
  }),
  run: (input, context) =>
    withApp(input, context, { readOnly: true }, async (app) => {
      const alerts = await storedAlerts(app, input.options.all === true);
      const channels = await viewChannels(app);
      const { enabled } = app.config.notifications.alerts;
      return {
        json: { enabled, alerts: alerts.map(alertJson), channels },
        text: [alertsText(alerts, enabled), channelsText(channels)].join("\n\n"),
      };
    }),
};

const testChannel: CommandSpec = {
  name: "test",
  summary: "Send one message to an alert channel or webhook, and say what came back",
  details: "Sends at once and once, whether alerts are enabled or not.",
  arguments: [new Argument("<channel>", "its id; `default` is the one of `monitoring.alerts.webhook_url`")],
  options: [configOption()],
  examples: ["alerts test ops"],
  json: z.strictObject({ channel: z.string(), answer: z.string(), messageId: z.string() }),
  run: async (input, context) => {
    const { notifications } = loadConfig(input, context).config;
    const config = channelOf(notifications, input.arguments[0] ?? "");
    const { addressRanges } = await import("../../kernel/util/address-ranges.ts");
    const { createChannel } = await import("../../notify/create-channel.ts");
    const { newDeliveryId } = await import("../../notify/outbox.ts");
    const allowed = addressRanges(notifications.privateAddresses);
    const channel = await createChannel(config, { allowed, clock: systemClock });
    const now = systemClock.now();
    const id = newDeliveryId(now);
    try {
      const answer = await channel.send({ id, message: testMessage(config.id, now) }, context.io.signal);
      return {
        json: { channel: config.id, answer, messageId: id },
        text: `${config.id} (${targetOf(config)}) ${answer}`,
      };
    } finally {
      await channel.close();
    }
  },
};

export const alertsCommand: CommandSpec = {
  name: "alerts",
  summary: "Show alerts, and try the channels that tell them",
  options: [],
  examples: [],
  children: [listAlerts, testChannel],
};

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
  const text = `Somebody asked for it with \`memory-connector alerts test ${channelId}\`. Nothing is wrong.`;
  const event = { type: "test", at: isoInstant(now), connectorId: null, data: { text } };
  return { title: "This is a test", text, tone: "neutral", events: [event], dropped: 0 };
}

async function storedAlerts({ state }: App, all: boolean): Promise<StoredAlert[]> {
  const alerts = await state.notifications.listAlerts();
  return alerts.filter(({ resolvedAt }) => all || resolvedAt === null).sort((a, b) => a.since - b.since);
}

async function viewChannels({ state, config }: App): Promise<ChannelView[]> {
  const deliveries = await state.notifications.listDeliveries();
  return allChannels(config.notifications).map((channel) =>
    viewChannel(
      channel,
      deliveries.filter(({ channelId }) => channelId === channel.id),
    ),
  );
}

function viewChannel(channel: ChannelConfig, waiting: readonly StoredDelivery[]): ChannelView {
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

function targetOf(channel: ChannelConfig): string {
  return channel.type === "email" ? `${channel.host}:${channel.port}` : new URL(channel.webhookUrl).host;
}

function alertsText(alerts: readonly StoredAlert[], enabled: boolean): string {
  if (!enabled) return "Alerts are not enabled (monitoring.alerts.enabled).";
  if (alerts.length === 0) return "No condition lasts.";
  const rows = alerts.map(({ title, rule, since, resolvedAt }) => [
    rule,
    readableMoment(since),
    readableMoment(resolvedAt),
    title,
  ]);
  return renderTable(["RULE", "SINCE", "UNTIL", "WHAT"], rows);
}

function channelsText(channels: readonly ChannelView[]): string {
  if (channels.length === 0) return "No channel is configured.";
  const rows = channels.map(({ id, type, target, waiting, lastError }) => [
    id,
    type,
    target,
    waiting === 0 ? "nothing" : plural(waiting, "message"),
    lastError ?? "-",
  ]);
  return renderTable(["CHANNEL", "TYPE", "TARGET", "WAITING", "LAST ERROR"], rows);
}
