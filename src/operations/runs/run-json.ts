import * as z from "zod";
import { noCounts, notDeliveredReasons, type RunRecord, runOutcomes } from "../../domain/run-record.ts";
import { meaningOf } from "../../kernel/errors/codes.ts";
import { mapValues } from "../../kernel/util/collections.ts";

const instant = z.iso.datetime().describe("RFC 3339, UTC");
const count = z.int().min(0);

/** A named memory that is not delivered, as `--json` prints it. */
export const notDeliveredSchema = z.strictObject({
  memoryId: z.string(),
  contextId: z.string().nullable(),
  reason: z.enum(notDeliveredReasons),
  message: z.string(),
  hint: z.string(),
});

/** A run as `--json` prints it. */
export const runSchema = z.strictObject({
  runId: z.string(),
  connectorId: z.string(),
  trigger: z.enum(["cli", "schedule", "api", "catch_up"]),
  startedAt: instant,
  endedAt: instant.nullable(),
  outcome: z.enum(runOutcomes),
  counts: z.strictObject(mapValues(noCounts, () => count)),
  phasesMs: z.strictObject({ connect: count, reconcile: count, discover: count, deliver: count }),
  errors: z.array(
    z.strictObject({
      code: z.string(),
      count,
      meaning: z.string().describe("of the code, and its usual cause"),
      message: z.string(),
      hint: z.string(),
      examples: z.array(z.string()),
    }),
  ),
  truncated: z.string().nullable().describe("why the source's listing was not complete"),
  scope: z
    .strictObject({
      queryRange: z.string(),
      outside: count.describe(
        "memories of the source that lie outside of a fixed range and are not delivered",
      ),
    })
    .nullable()
    .describe("null for a run of an earlier version"),
  waitingForMedia: count.describe("memories held back at its end until their audio or picture is read"),
  notDelivered: z
    .array(notDeliveredSchema)
    .describe("of a run that names memories: those that LightRAG does not hold at its end, and why"),
});

export function runJson(run: RunRecord): z.infer<typeof runSchema> {
  return {
    runId: run.runId,
    connectorId: run.connectorId,
    trigger: run.trigger,
    startedAt: isoInstant(run.startedAt),
    endedAt: run.endedAt === null ? null : isoInstant(run.endedAt),
    outcome: run.outcome,
    counts: mapValues(noCounts, (none, name) => run.counts[name] ?? none),
    phasesMs: { ...run.phases },
    errors: run.errors.map(({ code, count: times, message, hint, examples }) => ({
      code,
      count: times,
      meaning: meaningOf(code),
      message,
      hint,
      examples: [...examples],
    })),
    truncated: run.truncated,
    scope: run.scope === undefined ? null : { ...run.scope },
    waitingForMedia: run.waitingForMedia ?? 0,
    notDelivered: (run.notDelivered ?? []).map((memory) => ({ ...memory })),
  };
}

export function isoInstant(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

export { count as countSchema, instant as instantSchema };
