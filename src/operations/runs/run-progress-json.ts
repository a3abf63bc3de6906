import * as z from "zod";
import { type RunProgress, runPhases } from "../../domain/run-record.ts";
import { countSchema, instantSchema, isoInstant } from "./run-json.ts";

/** Shortest period for a meaningful rate. */
const shortestRateMs = 3_000;

/** The progress of an active run, with an estimate of the time left. */
export const runProgressFields = {
  phase: z.enum(runPhases).nullable().describe("null until a run that has just begun has told it"),
  done: countSchema
    .nullable()
    .describe("memories that it has settled; null until it is known what is to be delivered"),
  left: countSchema.nullable().describe("memories that it has yet to settle"),
  documentsPerMinute: z
    .number()
    .min(0)
    .nullable()
    .describe("over the last minute or so; null while it has worked too short for one"),
  secondsLeft: countSchema
    .nullable()
    .describe("at this pace; null while it is not known, nothing moves, or the run waits"),
  waits: z
    .strictObject({ until: instantSchema, reason: z.string() })
    .nullable()
    .describe("why it sends nothing more before then"),
};

type RunProgressJson = z.infer<z.ZodObject<typeof runProgressFields>>;

const unknown: RunProgressJson = {
  phase: null,
  done: null,
  left: null,
  documentsPerMinute: null,
  secondsLeft: null,
  waits: null,
};

/** `left` comes from the current ledger, however old the saved progress is. */
export function runProgressJson(
  progress: RunProgress | undefined,
  left: number,
  now: number,
): RunProgressJson {
  if (progress === undefined) return unknown;
  const { phase, delivery } = progress;
  const waits = progress.waits !== null && progress.waits.until > now ? progress.waits : null;
  const base = {
    ...unknown,
    phase,
    waits: waits && { until: isoInstant(waits.until), reason: waits.reason },
  };
  if (delivery === null) return base;
  const done = Math.max(0, delivery.total - left);
  const perMinute = ratePerMinute(delivery.since, done, now);
  return {
    ...base,
    done,
    left,
    documentsPerMinute: perMinute === null ? null : Math.round(perMinute * 10) / 10,
    secondsLeft: waits === null && perMinute ? Math.ceil((left * 60) / perMinute) : null,
  };
}

function ratePerMinute(since: { at: number; done: number }, done: number, now: number): number | null {
  const ms = now - since.at;
  return ms < shortestRateMs ? null : (Math.max(0, done - since.done) * 60_000) / ms;
}
