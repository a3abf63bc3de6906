import * as z from "zod";
import { metadata } from "../../kernel/settings/metadata.ts";
import { headerSecret } from "../../kernel/settings/types.ts";
import { serverSettings, toServerConfig } from "../server-settings.ts";
import type { SourceKind } from "../source-kind.ts";

export const limitlessSettings = z.strictObject({
  ...serverSettings({
    server: "Limitless",
    url: "https://api.limitless.ai",
    example: "https://api.limitless.ai",
    requestsPerSecond: 2,
  }),
  api_key: headerSecret().register(metadata, {
    description: "Key of the Limitless developer API.",
    example: `\${LIMITLESS_API_KEY}`,
    secret: true,
    belongsTo: "url",
  }),
});

/** A relative path begins at `folder`. */
export function toLimitlessConfig(
  settings: z.output<typeof limitlessSettings>,
  place: { folder: string; keyOrigin: string | null },
) {
  const server = toServerConfig(settings, place);
  return { type: "limitless" as const, title: "Limitless", ...server, apiKey: settings.api_key };
}

/** How somebody begins with it. */
export const limitlessKind = {
  type: "limitless",
  label: "Limitless",
  connectorId: "limitless",
  asks: [
    { setting: "url", what: "Address of Limitless" },
    { setting: "api_key", what: "Its key" },
  ],
} as const satisfies SourceKind;
