import * as z from "zod";
import type { Backfill } from "../../state/record-stores.ts";
import { connectorInput } from "../fields.ts";
import { operation } from "../operation.ts";
import { readable } from "../readable.ts";
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

export const getBackfill = operation({
  name: "backfill.get",
  tag: "Runs",
  summary: "Show the old memories that were asked for last",
  access: "viewer",
  input: connectorInput,
  output: z.strictObject({
    connectorId: z.string(),
    backfill: backfillSchema.nullable().describe("null when none were ever asked for"),
  }),
  errors: ["CONNECTOR_UNKNOWN"],
  run: async ({ services }, { connectorId }) => {
    services.connector(connectorId);
    const backfill = await services.state.backfills.get(connectorId);
    return { connectorId, backfill: backfill && readable(backfillSchema, () => backfillJson(backfill)) };
  },
});
