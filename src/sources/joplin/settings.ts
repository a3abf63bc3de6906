import * as z from "zod";
import { metadata } from "../../kernel/settings/metadata.ts";
import { text } from "../../kernel/settings/types.ts";
import { serverSettings, toServerConfig } from "../server-settings.ts";
import type { SourceKind } from "../source-kind.ts";

export const joplinSettings = z.strictObject({
  ...serverSettings({
    server: "Joplin",
    url: "http://127.0.0.1:41184",
    example: "http://127.0.0.1:41184",
    requestsPerSecond: 50,
  }),
  token: text().register(metadata, {
    description: "Joplin's authorisation token: Options, Web Clipper, Advanced options.",
    example: `\${JOPLIN_TOKEN}`,
    secret: true,
    belongsTo: "url",
  }),
  notebooks: z
    .array(text())
    .min(1)
    .optional()
    .register(metadata, {
      description:
        "Only notes in these notebooks and in those within them, by title, or by path where titles repeat: `Work/Journal`.",
      defaultText: "all notebooks",
      example: ["Journal"],
    }),
  exclude_notebooks: z
    .array(text())
    .prefault([])
    .register(metadata, { description: "Notebooks that are left out, with all within them." }),
  notebook_as_tag: z.boolean().prefault(false).register(metadata, {
    description: "Whether the path of its notebook is one of a note's tags.",
  }),
});

/** How Joplin is read. */
export interface JoplinOptions {
  token: string;
  /** Titles or paths; null for all. */
  notebooks: readonly string[] | null;
  excludedNotebooks: readonly string[];
  notebookAsTag: boolean;
  /** Of times in texts: when something is due. */
  timeZone: string;
}

/** `timezone` is the connector's; a relative path begins at `folder`. */
export function toJoplinConfig(
  settings: z.output<typeof joplinSettings>,
  place: { folder: string; keyOrigin: string | null; timezone: string },
) {
  return {
    type: "joplin" as const,
    title: "Joplin",
    ...toServerConfig(settings, place),
    token: settings.token,
    notebooks: settings.notebooks ?? null,
    excludedNotebooks: settings.exclude_notebooks,
    notebookAsTag: settings.notebook_as_tag,
    timeZone: place.timezone,
  };
}

/** How somebody begins with it. */
export const joplinKind = {
  type: "joplin",
  label: "Joplin, by its Data API",
  connectorId: "joplin",
  asks: [
    { setting: "url", what: "Address of Joplin" },
    { setting: "token", what: "Its authorisation token" },
  ],
} as const satisfies SourceKind;
