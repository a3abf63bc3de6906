import * as z from "zod";
import { sharedSecret } from "../kernel/inbound/signed-message.ts";
import { metadata } from "../kernel/settings/metadata.ts";
import { givenKeys, isMap, type RuleProblem } from "../kernel/settings/rules.ts";
import { httpUrl, port, text } from "../kernel/settings/types.ts";

/** The name of a channel in queues, metrics and tests. */
export const channelId = () =>
  z
    .string()
    .regex(/^[A-Za-z0-9][\w.-]{0,63}$/, { error: "must be a name of letters, digits, `.`, `_` and `-`" })
    .meta({ title: "name" });

export const signingSecret = () =>
  sharedSecret().optional().register(metadata, {
    description:
      "Key with which bodies are signed, so that the receiver knows who sent them: a text, or `whsec_` and base64.",
    example: `\${WEBHOOK_SIGNING_SECRET}`,
    secret: true,
  });

const mailAddress = () =>
  text()
    .regex(/^[^\p{Cc}]*[^\s<>@]+@[^\s<>@]+>?$/u, { error: "must be a mail address" })
    .meta({ title: "mail address" });

const email = z.strictObject({
  host: text()
    .regex(/^[\w.:-]+$/, { error: "must be a host name or an address" })
    .register(metadata, {
      description: "The mail server that takes the messages.",
      example: "smtp.example.org",
    }),
  port: port().optional().register(metadata, {
    description: "Its port.",
    example: 587,
    defaultText: "465 with `tls`, else 587",
  }),
  security: z.enum(["starttls", "tls", "none"]).prefault("starttls").register(metadata, {
    description:
      "`starttls` begins in the clear and refuses to go on without encryption; `tls` is encrypted from the first byte; `none` is for a server on this machine.",
  }),
  verify_certificate: z.boolean().prefault(true).register(metadata, {
    description: "Refuse a server whose certificate is not trusted.",
  }),
  username: text()
    .optional()
    .register(metadata, { description: "Login, where the server wants one.", example: "connector" }),
  password: text()
    .optional()
    .register(metadata, { description: "Its password.", example: `\${SMTP_PASSWORD}`, secret: true }),
  from: mailAddress().register(metadata, {
    description: "Sender of the messages.",
    example: "connector@example.org",
  }),
  to: z
    .array(mailAddress())
    .min(1)
    .max(50)
    .register(metadata, {
      description: "Receivers of the messages.",
      example: ["ops@example.org"],
    }),
});

export const channelTypes = ["webhook", "slack", "discord", "email"] as const;

export const channelSettings = z.strictObject({
  id: channelId().register(metadata, {
    description: "Its name, for logs, metrics and `alerts test`.",
    example: "ops",
  }),
  type: z.enum(channelTypes).register(metadata, {
    description: "Form of the messages.",
    example: "webhook",
  }),
  webhook_url: httpUrl().optional().register(metadata, {
    description: "Where a webhook, Slack or Discord takes the messages.",
    example: "https://hooks.example.org/alerts",
    secret: true,
  }),
  signing_secret: signingSecret(),
  email: email.optional().register(metadata, { description: "The mail server and the people, for `email`." }),
});

type ChannelSettings = z.output<typeof channelSettings>;

/** The required and optional keys of each type. */
const keysOfType: ReadonlyMap<string, { needed: string; taken: readonly string[] }> = new Map([
  ["webhook", { needed: "webhook_url", taken: ["webhook_url", "signing_secret"] }],
  ["slack", { needed: "webhook_url", taken: ["webhook_url"] }],
  ["discord", { needed: "webhook_url", taken: ["webhook_url"] }],
  ["email", { needed: "email", taken: ["email"] }],
]);

/** A channel has the keys that its type requires, and none that it would ignore. */
export function channelIsWhole(channel: unknown): RuleProblem[] {
  if (!isMap(channel) || typeof channel.type !== "string") return [];
  const { type } = channel;
  const keys = keysOfType.get(type);
  if (keys === undefined) return [];
  const unused = givenKeys(channel, ["webhook_url", "signing_secret", "email"]).filter(
    (key) => !keys.taken.includes(key),
  );
  const missing = channel[keys.needed] === undefined ? [keys.needed] : [];
  return [
    ...missing.map((key) => ({ path: [key], reason: "is missing", hint: `type ${type} needs it` })),
    ...unused.map((key) => ({ path: [key], reason: `is not used by type ${type}`, hint: "drop it" })),
  ];
}

/** A login needs user and password. */
export function mailLoginIsWhole(settings: unknown): RuleProblem[] {
  const given = givenKeys(settings, ["username", "password"]);
  if (given.length !== 1) return [];
  const missing = given[0] === "username" ? "password" : "username";
  return [{ path: [missing], reason: "is missing", hint: `${given[0]} needs it` }];
}

/** A receiver of messages; `id` is unique among all channels and webhooks. */
export type ChannelConfig =
  | { id: string; type: "webhook"; webhookUrl: string; signingSecret: string | null }
  | { id: string; type: "slack" | "discord"; webhookUrl: string }
  | ({ id: string; type: "email" } & MailConfig);

export interface MailConfig {
  host: string;
  port: number;
  security: "starttls" | "tls" | "none";
  verifyCertificate: boolean;
  login: { username: string; password: string } | null;
  from: string;
  to: readonly string[];
}

/** The rules guarantee the required keys. */
export function toChannelConfig(settings: ChannelSettings): ChannelConfig[] {
  const { id, type, webhook_url: webhookUrl, signing_secret: secret, email } = settings;
  if (type === "email") return email === undefined ? [] : [{ id, type, ...toMailConfig(email) }];
  if (webhookUrl === undefined) return [];
  return type === "webhook"
    ? [{ id, type, webhookUrl, signingSecret: secret ?? null }]
    : [{ id, type, webhookUrl }];
}

function toMailConfig(settings: z.output<typeof email>): MailConfig {
  const { host, security, username, password, from, to } = settings;
  return {
    host,
    port: settings.port ?? (security === "tls" ? 465 : 587),
    security,
    verifyCertificate: settings.verify_certificate,
    login: username === undefined || password === undefined ? null : { username, password },
    from,
    to,
  };
}
