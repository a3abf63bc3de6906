import { resolve } from "node:path";
import * as z from "zod";
import { metadata } from "../../kernel/settings/metadata.ts";
import { duration, path, text, timeZone } from "../../kernel/settings/types.ts";
import { isKnownCharset } from "../../kernel/util/decode/charset.ts";

/** The settings that all folders have. `example` and `excluded` are of that kind of folder. */
export function folderFields({ example, excluded }: { example: string; excluded: string }) {
  return {
    path: path().register(metadata, {
      description: "The folder. It is read with all that is in it, and never written to.",
      example,
    }),
    exclude: z
      .array(text())
      .prefault([])
      .register(metadata, {
        description: `Files and folders that are left out, as patterns of their paths below \`path\`: \`${excluded}\`, \`**/*.draft.*\`. What begins with a dot, bins and copies of sync programs are left out anyway.`,
        example: [excluded],
      }),
    timezone: timeZone().optional().register(metadata, {
      description: "Zone of the dates and times in files and their names that say none.",
      defaultText: "the connector's `timezone`",
      example: "Europe/Lisbon",
    }),
    encoding: text()
      .refine(isKnownCharset, { error: "must be an encoding such as windows-1252, iso-8859-2 or shift_jis" })
      .optional()
      .register(metadata, {
        description:
          "How files are written that are neither UTF-8 nor UTF-16. Without it, such a file becomes a dead letter.",
        example: "windows-1252",
      }),
    watch: z.boolean().prefault(true).register(metadata, {
      description:
        "Whether the service runs the connector soon after a file has changed, beside its schedule; not where that is `manual`. Network drives tell of no changes.",
    }),
    settle: duration({ minMs: 0 }).prefault(2).register(metadata, {
      description: "A file that was changed more recently may still be being written: a later run reads it.",
    }),
  };
}

/** What a folder is read by. Times in milliseconds. */
export interface FolderOptions {
  root: string;
  exclude: readonly string[];
  timeZone: string;
  /** Of files that are neither UTF-8 nor UTF-16; null where nobody says it. */
  encoding: string | null;
  watch: boolean;
  settleMs: number;
}

type FolderSettings = z.output<z.ZodObject<ReturnType<typeof folderFields>>>;

/** A relative path is relative to `folder`; `timezone` is the connector's. */
export function toFolderOptions(
  settings: FolderSettings,
  { folder, timezone }: { folder: string; timezone: string },
) {
  const root = resolve(folder, settings.path);
  return {
    name: root,
    server: null,
    root,
    exclude: settings.exclude,
    timeZone: settings.timezone ?? timezone,
    encoding: settings.encoding ?? null,
    watch: settings.watch,
    settleMs: settings.settle,
  };
}
