import * as z from "zod";

/** Text of 1 to `most` characters, counted as JSON Schema does: an emoji is one, not two. */
export function textOf(most: number) {
  return z
    .string()
    .refine((text) => text !== "" && [...text].length <= most, { error: `must have 1 to ${most} characters` })
    .meta({ minLength: 1, maxLength: most });
}
