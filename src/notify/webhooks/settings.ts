import * as z from "zod";
import { metadata } from "../../kernel/settings/metadata.ts";
import { httpUrl, text } from "../../kernel/settings/types.ts";
import { channelId, signingSecret } from "../settings.ts";
import { webhookEventTypes } from "./event-types.ts";

export const webhookSettings = z.strictObject({
  id: channelId().register(metadata, {
    description: "Its name, for logs, metrics and `alerts test`.",
    example: "archive",
  }),
  webhook_url: httpUrl().register(metadata, {
    description: "Where events are posted.",
    example: "https://hooks.example.org/memories",
    secret: true,
  }),
  signing_secret: signingSecret(),
  events: z
    .array(z.enum(webhookEventTypes))
    .min(1)
    .optional()
    .register(metadata, {
      description: `The only events that are posted, of ${webhookEventTypes.join(", ")}. Left out: all.`,
      example: ["memory.dead", "job.failed"],
    }),
  connectors: z
    .array(text())
    .min(1)
    .optional()
    .register(metadata, {
      description: "Ids of the only connectors whose events are posted. Left out: all, and events of none.",
      example: ["personal-memories"],
    }),
});

export function toWebhookConfig(settings: z.output<typeof webhookSettings>) {
  return {
    id: settings.id,
    webhookUrl: settings.webhook_url,
    signingSecret: settings.signing_secret ?? null,
    events: settings.events ?? null,
    connectors: settings.connectors ?? null,
  };
}
