import * as z from "zod";
import { type Drift, type DriftKind, type DriftReport, driftKinds } from "../../domain/drift-report.ts";
import { mapValues } from "../../kernel/util/collections.ts";
import { queryRanges } from "../../sync/query-range.ts";
import { countSchema, instantSchema, isoInstant, runJson, runSchema } from "../runs/run-json.ts";

const group = z.strictObject({ count: countSchema, examples: z.array(z.string()) });
const driftSchema = z.strictObject(
  Object.fromEntries(driftKinds.map((kind) => [kind, group])) as Record<DriftKind, typeof group>,
);

/** A comparison of ledger, source and LightRAG as `--json` prints it. */
export const driftReportSchema = z.strictObject({
  runId: z.string().describe("of the comparison, and of the run of its repair"),
  connectorId: z.string(),
  startedAt: instantSchema,
  endedAt: instantSchema,
  documents: countSchema.describe("in LightRAG, under names of the connector's memories"),
  delivered: countSchema.describe("rows of the ledger that say delivered"),
  memories: countSchema.describe("shown by the source"),
  truncated: z.string().nullable().describe("why the source's list is not complete"),
  drift: driftSchema,
  queryRange: z.enum(queryRanges),
  outside: countSchema.describe(
    "memories of the source outside of the range, neither delivered nor repaired",
  ),
  repair: z
    .strictObject({
      run: runSchema.nullable().describe("the run that delivered again what was missing"),
      removed: countSchema.describe("orphaned documents that are gone by LightRAG's own records"),
      held: z.string().nullable().describe("why orphaned documents were left alone"),
      remaining: driftSchema,
    })
    .nullable(),
});

export function driftReportJson(report: DriftReport): z.infer<typeof driftReportSchema> {
  const { repair } = report;
  return {
    ...report,
    startedAt: isoInstant(report.startedAt),
    endedAt: isoInstant(report.endedAt),
    drift: driftJson(report.drift),
    repair: repair && {
      ...repair,
      run: repair.run && runJson(repair.run),
      remaining: driftJson(repair.remaining),
    },
  };
}

function driftJson(drift: Drift): z.infer<typeof driftSchema> {
  return mapValues(drift, ({ count, examples }) => ({ count, examples: [...examples] }));
}
