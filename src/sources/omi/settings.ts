import * as z from "zod";
import { metadata } from "../../kernel/settings/metadata.ts";
import { headerSecret } from "../../kernel/settings/types.ts";
import { serverSettings, toServerConfig } from "../server-settings.ts";
import type { SourceKind } from "../source-kind.ts";

/** What Omi has. */
export const omiKinds = ["conversations", "memories"] as const;

export type OmiKind = (typeof omiKinds)[number];

export const omiSettings = z.strictObject({
  ...serverSettings({
    server: "Omi",
    url: "https://api.omi.me",
    example: "https://api.omi.me",
    requestsPerSecond: 1.5,
  }),
  api_key: headerSecret().register(metadata, {
    description: "Developer key of Omi, from the settings of its app; it begins with `omi_dev_`.",
    example: `\${OMI_API_KEY}`,
    secret: true,
    belongsTo: "url",
  }),
  include: z
    .array(z.enum(omiKinds))
    .min(1)
    .prefault([...omiKinds])
    .register(metadata, {
      description:
        "What becomes memories: conversations with what was said, and the facts that Omi keeps of a person.",
    }),
});

/** How Omi is read. */
export interface OmiOptions {
  apiKey: string;
  include: readonly OmiKind[];
}

/** A relative path begins at `folder`. */
export function toOmiConfig(
  settings: z.output<typeof omiSettings>,
  place: { folder: string; keyOrigin: string | null },
) {
  return {
    type: "omi" as const,
    title: "Omi",
    ...toServerConfig(settings, place),
    apiKey: settings.api_key,
    include: settings.include,
  };
}

/** How somebody begins with it. */
export const omiKind = {
  type: "omi",
  label: "Omi",
  connectorId: "omi",
  asks: [
    { setting: "url", what: "Address of Omi" },
    { setting: "api_key", what: "Its developer key" },
  ],
} as const satisfies SourceKind;
