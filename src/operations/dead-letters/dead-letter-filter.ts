import * as z from "zod";
import type { DeadLetterFilter } from "../../sync/maintenance/dead-letter-filter.ts";
import { errorCodeField, textOf } from "../fields.ts";
import { momentField, spanIn } from "../moments.ts";

/** Filters for dead letters, besides ids. */
export const deadLetterFilterFields = {
  contextId: textOf(500).optional().describe("only those of this context"),
  codes: z
    .array(errorCodeField)
    .min(1)
    .max(100)
    .optional()
    .describe("only those with one of these error codes"),
  since: momentField.optional().describe("only those that failed at this time, on this day (UTC) or later"),
  until: momentField.optional().describe("only those that failed at this time, on this day (UTC) or earlier"),
};

export const memoryIdsField = z.array(z.string()).min(1).max(1000).optional().describe("only these memories");

type Given = z.output<z.ZodObject<typeof deadLetterFilterFields>> &
  Pick<DeadLetterFilter, "status"> & { memoryIds?: readonly string[] | undefined };

export function deadLetterFilter({
  contextId,
  codes,
  since,
  until,
  memoryIds,
  status,
}: Given): DeadLetterFilter {
  return { contextId, codes, ...spanIn("UTC", { since, until }), ids: memoryIds, status };
}
