import * as z from "zod";
import { metadata } from "../../kernel/settings/metadata.ts";
import { count, duration } from "../../kernel/settings/types.ts";
import { type FolderOptions, folderFields, toFolderOptions } from "../files-of-a-folder/settings.ts";
import type { SourceKind } from "../source-kind.ts";

export const transcriptsSettings = z.strictObject({
  ...folderFields({ example: "./recordings", excluded: "Archive/**" }),
  wait_for_text: duration({ minMs: 0 }).prefault("10m").register(metadata, {
    description:
      "How long a recording without a text waits for one, from its last change on. Then it is transcribed, with `transformation.include_audio` and `media.transcription`, or left out until it has a text.",
  }),
  max_file_bytes: count({ min: 1024, max: 256 * 1024 * 1024 })
    .prefault(32 * 1024 * 1024)
    .register(metadata, {
      description:
        "A larger text is passed over; a recording without a smaller one becomes a dead letter. Sound and film may have any size.",
    }),
});

/** What a folder of recordings is read by. Times in milliseconds. */
export interface RecordingOptions extends FolderOptions {
  waitForTextMs: number;
  maxFileBytes: number;
}

/** A relative path is relative to `folder`; `timezone` is the connector's. */
export function toTranscriptsConfig(
  settings: z.output<typeof transcriptsSettings>,
  place: { folder: string; timezone: string },
) {
  return {
    type: "transcripts" as const,
    title: "Recordings",
    ...toFolderOptions(settings, place),
    waitForTextMs: settings.wait_for_text,
    maxFileBytes: settings.max_file_bytes,
  };
}

/** How somebody begins with it. */
export const transcriptsKind = {
  type: "transcripts",
  label: "a folder of recordings and transcripts",
  connectorId: "recordings",
  asks: [{ setting: "path", what: "The folder", isPath: true }],
} as const satisfies SourceKind;
