import * as z from "zod";
import { connectorIdPattern } from "../config/schema/connectors.ts";
import { errorCodes } from "../kernel/errors/codes.ts";

/** The id of a connector as an input. Values that cannot be an id are refused as such. */
export const connectorIdField = z
  .string()
  .regex(connectorIdPattern, { error: "is not the name of a connector" })
  .describe("the connector");

/** The input of an operation on one connector. */
export const connectorInput = z.strictObject({ connectorId: connectorIdField });

/** The current version has to be one of these for a change; null for any. */
export const versionsField = z.array(z.int()).readonly().nullable().default(null);

/**
 * A name that something can have. Any other is refused: as a filter it would find nothing, for ever. In documents it is a text, because
 * names are added.
 */
export function knownName(known: readonly string[], message: string) {
  return z.string().superRefine((name, context) => {
    if (!known.includes(name)) context.addIssue({ code: "custom", message, params: { known } });
  });
}

/** A code of the error reference. */
export const errorCodeField = knownName(
  Object.keys(errorCodes),
  "is no error code; docs/errors.md lists them",
);

/** The longest note, in characters. */
const longestNote = 300;

/** Also what changes the direction of writing, and halves of characters. */
const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u202A-\u202E\u2066-\u2069]/u;

/** What a person says about a change, in one line. Whatever could forge a line of a terminal, or turn one around, is refused. */
export const noteField = z
  .string()
  .refine((text) => text.trim() !== "" && [...text].length <= longestNote && !unprintable.test(text), {
    error: `must be one line of 1 to ${longestNote} characters, without control characters`,
  })
  .meta({ minLength: 1, maxLength: longestNote });

/** The query of every paged list. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(500).default(50).describe("how many at most"),
  after: textOf(2000).optional().describe("`next` of the page before"),
};

/** The fields of a page besides its items. */
export const pageEnd = {
  next: z.string().nullable().describe("hand it back as `after` to go on; null on the last page"),
};

/** Text of 1 to `most` characters, counted as JSON Schema does: an emoji is one, not two. */
export function textOf(most: number) {
  return z
    .string()
    .refine((text) => text !== "" && [...text].length <= most, { error: `must have 1 to ${most} characters` })
    .meta({ minLength: 1, maxLength: most });
}
