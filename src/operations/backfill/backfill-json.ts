import * as z from "zod";
import type { Backfill } from "../../state/record-stores.ts";
import { instantSchema, isoInstant } from "../runs/run-json.ts";

/** A backfill as `--json` prints it and the API answers it. */
export const backfillSchema = z.strictObject({
  since: instantSchema,
  until: instantSchema,
  requestedAt: instantSchema,
  listedAt: instantSchema.nullable().describe("when the source was read for it"),
  finishedAt: instantSchema.nullable().describe("null while memories of it wait"),
});

export function backfillJson(backfill: Backfill): z.infer<typeof backfillSchema> {
  const { since, until, requestedAt, listedAt, finishedAt } = backfill;
  return {
    since: isoInstant(since),
    until: isoInstant(until),
    requestedAt: isoInstant(requestedAt),
    listedAt: listedAt === null ? null : isoInstant(listedAt),
    finishedAt: finishedAt === null ? null : isoInstant(finishedAt),
  };
}
