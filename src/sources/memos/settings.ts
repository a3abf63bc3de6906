import * as z from "zod";
import { metadata } from "../../kernel/settings/metadata.ts";
import { headerSecret } from "../../kernel/settings/types.ts";
import { serverSettings, toServerConfig } from "../server-settings.ts";
import type { SourceKind } from "../source-kind.ts";

const visibilities = ["private", "protected", "public"] as const;

export const memosSettings = z.strictObject({
  ...serverSettings({ server: "Memos", example: "http://127.0.0.1:5230", requestsPerSecond: 20 }),
  token: headerSecret().register(metadata, {
    description: "Access token, from the settings of one's account in Memos.",
    example: `\${MEMOS_TOKEN}`,
    secret: true,
    belongsTo: "url",
  }),
  visibility: z
    .array(z.enum(visibilities))
    .min(1)
    .prefault([...visibilities])
    .register(metadata, {
      description: "Which of the account's own memos are read. Those of others never are.",
    }),
  archived: z.boolean().prefault(false).register(metadata, {
    description:
      "Whether archived memos are read, too. Without them, one that is archived counts as deleted.",
  }),
  comments: z.boolean().prefault(false).register(metadata, {
    description: "Whether the comments on a memo belong to its text. They cost one request for each memo.",
  }),
});

/** How Memos is read. */
export interface MemosOptions {
  token: string;
  /** In small letters. */
  visibility: readonly string[];
  archived: boolean;
  comments: boolean;
}

/** A relative path begins at `folder`. */
export function toMemosConfig(
  settings: z.output<typeof memosSettings>,
  place: { folder: string; keyOrigin: string | null },
) {
  const { token, visibility, archived, comments } = settings;
  return {
    type: "memos" as const,
    title: "Memos",
    ...toServerConfig(settings, place),
    ...{ token, visibility, archived, comments },
  };
}

/** How somebody begins with it. */
export const memosKind = {
  type: "memos",
  label: "Memos",
  connectorId: "memos",
  asks: [
    { setting: "url", what: "Address of Memos" },
    { setting: "token", what: "Its access token" },
  ],
} as const satisfies SourceKind;
