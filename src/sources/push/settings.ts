import * as z from "zod";
import { sharedSecret } from "../../kernel/inbound/signed-message.ts";
import { metadata } from "../../kernel/settings/metadata.ts";
import type { SourceKind } from "../source-kind.ts";

export const pushSettings = z.strictObject({
  signing_secret: sharedSecret().optional().register(metadata, {
    description:
      "Key with which programs sign what they send, as Standard Webhooks has it, instead of showing a key of the API: a text, or `whsec_` and base64.",
    example: `\${PUSH_SECRET}`,
    secret: true,
  }),
});

/** Each connector has what was sent to it, so its id tells it from others. */
export function toPushConfig(settings: z.output<typeof pushSettings>, place: { connectorId: string }) {
  const { connectorId } = place;
  return {
    type: "push" as const,
    title: "Memories that are sent",
    name: `what is sent to ${connectorId}`,
    server: null,
    connectorId,
    signingSecret: settings.signing_secret ?? null,
  };
}

/** How somebody begins with it. */
export const pushKind = {
  type: "push",
  label: "what apps and scripts send by themselves",
  connectorId: "apps",
  asks: [
    { setting: "signing_secret", what: "Secret by which they sign, where they do not show a key of the API" },
  ],
} as const satisfies SourceKind;
