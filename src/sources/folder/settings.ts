import * as z from "zod";
import { metadata } from "../../kernel/settings/metadata.ts";
import { count } from "../../kernel/settings/types.ts";
import { type FolderOptions, folderFields, toFolderOptions } from "../files-of-a-folder/settings.ts";
import type { SourceKind } from "../source-kind.ts";

const extension = z
  .string()
  .regex(/^\.?[\p{L}\p{N}_-]+$/u, { error: "must be the end of a file's name, such as md" })
  .transform((name) => name.replace(/^\./u, "").toLowerCase())
  .meta({ title: "text" });

const { path, ...others } = folderFields({ example: "./vault", excluded: "Templates/**" });

export const folderSettings = z.strictObject({
  path,
  extensions: z.array(extension).min(1).prefault(["md", "markdown", "txt"]).register(metadata, {
    description: "Which files are notes, by the end of their names.",
  }),
  ...others,
  max_file_bytes: count({ min: 1024, max: 64 * 1024 * 1024 })
    .prefault(1024 * 1024)
    .register(metadata, { description: "A larger note becomes a dead letter." }),
});

/** What a folder of notes is read by. */
export interface NoteOptions extends FolderOptions {
  extensions: readonly string[];
  maxFileBytes: number;
}

/** A relative path is relative to `folder`; `timezone` is the connector's. */
export function toFolderConfig(
  settings: z.output<typeof folderSettings>,
  place: { folder: string; timezone: string },
) {
  return {
    type: "folder" as const,
    title: "Folder",
    ...toFolderOptions(settings, place),
    extensions: settings.extensions,
    maxFileBytes: settings.max_file_bytes,
  };
}

/** How somebody begins with it. */
export const folderKind = {
  type: "folder",
  label: "a folder of notes: Markdown, text",
  connectorId: "notes",
  asks: [{ setting: "path", what: "The folder", isPath: true }],
} as const satisfies SourceKind;
