import * as z from "zod";
import type { MemoryFilter } from "../../sync/run-options.ts";
import { momentField, spanIn } from "../moments.ts";

/** Filters for the memories of an operation; without any, all. */
export const memoryFilterFields = {
  since: momentField.optional().describe("only memories recorded at this time, on this day or later"),
  until: momentField.optional().describe("only memories recorded at this time, on this day or earlier"),
  ids: z.array(z.string().min(1)).min(1).max(1000).optional().describe("only these memories"),
};

export const outdatedField = z
  .boolean()
  .default(false)
  .describe("deliver memories again whose documents this version would write otherwise; budgets hold");

/** `timeZone`: the connector's, whose days are meant. Throws `RANGE_REVERSED`. */
export function memoryFilter(
  { since, until, ids }: z.output<z.ZodObject<typeof memoryFilterFields>>,
  timeZone: string,
): MemoryFilter {
  return { ...spanIn(timeZone, { since, until }), ids: ids === undefined ? undefined : new Set(ids) };
}
