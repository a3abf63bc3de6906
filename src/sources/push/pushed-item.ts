import * as z from "zod";
import { type Memory, type Segment, textFormats } from "../../domain/memory.ts";
import { metadata } from "../../kernel/settings/metadata.ts";
import { text, timeZone } from "../../kernel/settings/types.ts";
import { flawOfId } from "../listed-item.ts";
import { instant, memoryForm, toMemory } from "../memory-form.ts";

const id = text()
  .superRefine((value, context) => {
    // That it is empty is said by its type.
    const flaw = value === "" ? null : flawOfId(value);
    if (flaw !== null) context.addIssue({ code: "custom", message: flaw });
  })
  .register(metadata, {
    description: "Name of the memory: the same id again is the same memory.",
    example: "voice-0042",
  });

const milliseconds = () => z.number().nonnegative().optional();

const segment = z.strictObject({
  speaker: text().optional().register(metadata, { description: "Who spoke.", example: "Ada" }),
  start_ms: milliseconds().register(metadata, {
    description: "Milliseconds from the beginning of the memory.",
    example: 0,
  }),
  end_ms: milliseconds().register(metadata, { description: "As `start_ms`.", example: 4200 }),
  text: z.string().register(metadata, { description: "What was said.", example: "Good to see you!" }),
});

/** A memory as programs send it. */
export const pushedItem = memoryForm.extend({
  id,
  ended_at: instant().optional().register(metadata, {
    description: "When it ended.",
    example: "2026-03-01T08:17:30Z",
  }),
  time_zone: timeZone().optional().register(metadata, {
    description: "Zone whose clocks it was recorded by.",
    example: "Europe/Lisbon",
  }),
  url: z.url().optional().register(metadata, {
    description: "Where a person can look at it.",
    example: "https://notes.example/42",
  }),
  place_name: text().optional().register(metadata, {
    description: "What its place is called.",
    example: "Setúbal harbour",
  }),
  language: text().optional().register(metadata, {
    description: "Language of the transcript, BCP 47.",
    example: "en-GB",
  }),
  format: z
    .enum(textFormats)
    .optional()
    .register(metadata, { description: "How the transcript is written." }),
  segments: z.array(segment).prefault([]).register(metadata, {
    description: "The transcript once more, by who said what and when.",
  }),
});

/** The word of a program that a memory is gone. */
export const pushedDeletion = z.strictObject({
  id,
  deleted: z.literal(true).register(metadata, { description: "The memory is gone.", example: true }),
});

/** What may not be known is left out, as in every memory. */
export function toPushedMemory(item: z.output<typeof pushedItem>): Memory {
  const { ended_at, time_zone, url, place_name, language, format, segments, ...form } = item;
  return {
    ...toMemory(form),
    ...(ended_at !== undefined && { endedAt: new Date(ended_at).toISOString() }),
    ...(time_zone !== undefined && { timeZone: time_zone }),
    ...(url !== undefined && { url }),
    ...(place_name !== undefined && { placeName: place_name }),
    ...(language !== undefined && { language }),
    ...(format !== undefined && { format }),
    ...(segments.length > 0 && { segments: segments.map(toSegment) }),
  };
}

function toSegment({ speaker, start_ms, end_ms, text }: z.output<typeof segment>): Segment {
  return { speaker: speaker ?? null, startMs: start_ms ?? null, endMs: end_ms ?? null, text };
}
