import { Argument, Option } from "commander";
import type * as z from "zod";
import { plural, readableMoment } from "../../kernel/util/readable.ts";
import type { channelSchema } from "../../operations/alerts/channels-json.ts";
import { type alertSchema, listAlerts } from "../../operations/alerts/list-alerts.ts";
import { testChannel } from "../../operations/alerts/test-channel.ts";
import type { CommandSpec } from "../command.ts";
import { renderTable } from "../lay-out.ts";
import { stateCommandOf } from "../operation-command.ts";
import { configOption } from "../options.ts";

const listCommand = stateCommandOf(listAlerts, {
  name: "list",
  summary: "Show the conditions that last, and the channels and webhooks with what waits for them",
  options: [configOption(), new Option("--all", "also conditions that are over")],
  examples: ["alerts list", "alerts list --all --json"],
  input: ({ options }) => (options.all === true ? {} : { state: "firing" as const }),
  text: ({ alerts, enabled, channels }) => [alertsText(alerts, enabled), channelsText(channels)].join("\n\n"),
});

const testCommand = stateCommandOf(testChannel, {
  name: "test",
  arguments: [new Argument("<channel>", "its id; `default` is the one of `monitoring.alerts.webhook_url`")],
  options: [configOption()],
  examples: ["alerts test ops"],
  input: ({ arguments: [channelId = ""] }) => ({ channelId }),
  text: ({ channel, target, answer }) => `${channel} (${target}) ${answer}`,
});

export const alertsCommand: CommandSpec = {
  name: "alerts",
  summary: "Show alerts, and try the channels that tell them",
  options: [],
  examples: [],
  children: [listCommand, testCommand],
};

function alertsText(alerts: readonly z.output<typeof alertSchema>[], enabled: boolean): string {
  if (!enabled) return "Alerts are not enabled (monitoring.alerts.enabled).";
  if (alerts.length === 0) return "No condition lasts.";
  const rows = alerts.map(({ title, rule, since, resolvedAt }) => [
    rule,
    readableMoment(Date.parse(since)),
    readableMoment(resolvedAt === null ? null : Date.parse(resolvedAt)),
    title,
  ]);
  return renderTable(["RULE", "SINCE", "UNTIL", "WHAT"], rows);
}

function channelsText(channels: readonly z.output<typeof channelSchema>[]): string {
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
