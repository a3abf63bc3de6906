import * as z from "zod";
import type { MemoryFilter } from "../../sync/run-options.ts";
import { instantField } from "../fields.ts";

/** Filters for the memories of an operation; without any, all. */
export const memoryFilterFields = {
  since: instantField.optional().describe("only memories recorded at this time or later"),
  until: instantField.optional().describe("only memories recorded at this time or earlier"),
  ids: z.array(z.string().min(1)).min(1).max(1000).optional().describe("only these memories"),
};

export function memoryFilter({
  since,
  until,
  ids,
}: z.output<z.ZodObject<typeof memoryFilterFields>>): MemoryFilter {
  return { since, until, ids: ids === undefined ? undefined : new Set(ids) };
}
