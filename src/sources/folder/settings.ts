import { resolve } from "node:path";
import * as z from "zod";
import { metadata } from "../../kernel/settings/metadata.ts";
import { count, duration, path, text, timeZone } from "../../kernel/settings/types.ts";

const extension = z
  .string()
  .regex(/^\.?[\p{L}\p{N}_-]+$/u, { error: "must be the end of a file's name, such as md" })
  .transform((name) => name.replace(/^\./u, "").toLowerCase())
  .meta({ title: "text" });

export const folderSettings = z.strictObject({
  path: path().register(metadata, {
    description: "The folder. It is read with all that is in it, and never written to.",
    example: "./vault",
  }),
  extensions: z.array(extension).min(1).prefault(["md", "markdown", "txt"]).register(metadata, {
    description: "Which files are notes, by the end of their names.",
  }),
  exclude: z
    .array(text())
    .prefault([])
    .register(metadata, {
      description:
        "Files and folders that are left out, as patterns of their paths below `path`: `Templates/**`, `**/*.draft.md`. What begins with a dot, bins and copies of sync programs are left out anyway.",
      example: ["Templates/**"],
    }),
  timezone: timeZone().optional().register(metadata, {
    description: "Zone of the dates and times in notes and names that say none.",
    defaultText: "the connector's `timezone`",
    example: "Europe/Lisbon",
  }),
  watch: z.boolean().prefault(true).register(metadata, {
    description:
      "Whether the service runs the connector soon after a file has changed, beside its schedule; not where that is `manual`. Network drives tell of no changes.",
  }),
  settle: duration({ minMs: 0 }).prefault(2).register(metadata, {
    description: "A file that was changed more recently may still be being written: a later run reads it.",
  }),
  max_file_bytes: count({ min: 1024, max: 64 * 1024 * 1024 })
    .prefault(1024 * 1024)
    .register(metadata, { description: "A larger note becomes a dead letter." }),
});

/** What a folder of notes is read by. Times in milliseconds. */
export interface FolderOptions {
  root: string;
  extensions: readonly string[];
  exclude: readonly string[];
  timeZone: string;
  watch: boolean;
  settleMs: number;
  maxFileBytes: number;
}

/** A relative path is relative to `folder`; `timezone` is the connector's. */
export function toFolderConfig(
  settings: z.output<typeof folderSettings>,
  { folder, timezone }: { folder: string; timezone: string },
) {
  const root = resolve(folder, settings.path);
  return {
    type: "folder" as const,
    title: "Folder",
    name: root,
    server: null,
    root,
    extensions: settings.extensions,
    exclude: settings.exclude,
    timeZone: settings.timezone ?? timezone,
    watch: settings.watch,
    settleMs: settings.settle,
    maxFileBytes: settings.max_file_bytes,
  };
}
