import * as z from "zod";
import { metadata } from "../kernel/settings/metadata.ts";
import { isMap, type RuleProblem } from "../kernel/settings/rules.ts";
import { count, duration, text } from "../kernel/settings/types.ts";
import { showsText, templateProblems } from "./template/template-check.ts";

/** The names in the strategies' registry. */
export const strategies = ["standard", "rich", "template"] as const;

export const transformationSettings = z.strictObject({
  strategy: z.enum(strategies).prefault("standard").register(metadata, {
    description:
      "How a memory is written down: `standard` with its bare facts, `rich` with local time, place, tags and people, `template` as `template` says.",
  }),
  template: text().optional().register(metadata, {
    description:
      "A Mustache template, for the strategy `template`. docs/transformation.md lists its variables.",
    example: "{{recorded}}, {{place}}: {{content}}",
  }),
  geocoding: z.boolean().prefault(false).register(metadata, {
    description: "Name the places of memories. For the strategies `rich` and `template`; see `geocoder`.",
  }),
  extract_tags: z.boolean().prefault(true).register(metadata, {
    description: "Find tags, people and links in transcripts. For the strategies `rich` and `template`.",
  }),
  language: z
    .string()
    .regex(/^[a-z]{2,3}(?:-[a-z0-9]{2,8})*$/iu, {
      error: "must be the code of a language, such as de or pt-BR",
    })
    .optional()
    .register(metadata, {
      description:
        "Language that the memories are in, as a code such as `de`. Believed for texts that are too short to tell, where the source says none.",
      example: "de",
      defaultText: "the one that most of the first fifty longer memories are in",
    }),
  include_audio: z.boolean().prefault(false).register(metadata, {
    description: "Transcribe audio that has no transcript, by `media.transcription`.",
  }),
  include_image: z.boolean().prefault(false).register(metadata, {
    description: "Describe pictures and read the writing in them, by `media.vision`.",
  }),
  merge: z.enum(["none", "day"]).prefault("none").register(metadata, {
    description: "`day` writes small notes of one day and place as one document.",
  }),
  merge_quiet: duration({ minMs: 0, maxMs: 86_400_000 }).prefault("1h").register(metadata, {
    description:
      "How long notes of such a document are to have come to rest before it is written, or written again: many notes cost one. What is erased, deleted or moved leaves at once; `sync --force` does not wait.",
  }),
  merge_document_characters: count({ min: 1000, max: 1_000_000 }).prefault(8_000).register(metadata, {
    description:
      "A document that has so many characters takes no more notes: the next ones of the day go into another one. Never more than half of the day's `budget`.",
  }),
  merge_max_characters: count({ max: 10_000 }).prefault(280).register(metadata, {
    description: "Notes that are longer are documents of their own.",
  }),
});

/** The strategy `template` needs a valid template. */
export function templateIsUsable(transformation: unknown): RuleProblem[] {
  if (!isMap(transformation)) return [];
  const { strategy, template } = transformation;
  if (strategy === "template" && !template) {
    return [{ path: ["template"], reason: "is missing", hint: "the strategy template needs it" }];
  }
  if (typeof template !== "string") return [];
  const problems = templateProblems(template).map(({ line, what }) => ({
    path: ["template"],
    reason: `cannot be used, line ${line}: ${what}`,
    hint: "docs/transformation.md lists the variables",
  }));
  // Another strategy leaves its template aside.
  const isFine = strategy !== "template" || showsText(template);
  return problems.length > 0 || isFine ? problems : [withoutText];
}

const withoutText: RuleProblem = {
  path: ["template"],
  reason: "shows nothing of what a memory says: every document would be the same",
  hint: "put {{content}} or {{transcript}} into it",
};

export function toTransformationConfig(settings: z.output<typeof transformationSettings>) {
  return {
    strategy: settings.strategy,
    template: settings.template ?? null,
    geocoding: settings.geocoding,
    extractTags: settings.extract_tags,
    /** Null: learnt from the memories. */
    language: settings.language ?? null,
    includeAudio: settings.include_audio,
    includeImage: settings.include_image,
    merge: settings.merge,
    mergeMaxCharacters: settings.merge_max_characters,
  };
}
