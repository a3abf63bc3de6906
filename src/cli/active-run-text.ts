import type * as z from "zod";
import { readableCount, readableDuration, readableMoment } from "../kernel/util/readable.ts";
import type { connectorStatus } from "../operations/connectors/connector-status.ts";

type ActiveRun = NonNullable<z.output<typeof connectorStatus.output>["activeRun"]>;

const phaseTexts = {
  connect: "connecting to LightRAG",
  reconcile: "checking what an earlier run left",
  discover: "reading the source",
  deliver: "delivering",
} as const;

/** Progress of the active run, and the estimated time left. */
export function activeRunText(run: ActiveRun | null): string[] {
  if (run === null) return [];
  if (run.startedAt === null) return ["  running   not yet, waits for its turn"];
  if (run.phase === null) return run.process === null ? [] : [`  running   ${run.process}`];
  const { phase, done, left, waits } = run;
  const counts =
    done === null || left === null
      ? phaseTexts[phase]
      : `${readableCount(done)} done, ${readableCount(left)} left`;
  const rate =
    waits === null
      ? rateText(run)
      : [`waits until ${readableMoment(Date.parse(waits.until))}: ${waits.reason}`];
  return [
    `  running   ${[counts, ...rate].join(" · ")}`,
    ...(run.process === null ? [] : [`  by        ${run.process}`]),
  ];
}

function rateText({ documentsPerMinute: rate, secondsLeft, left }: ActiveRun): string[] {
  if (rate === null || left === 0) return [];
  if (secondsLeft === null) return ["none settled in the last minute"];
  return [
    `${rate === 0 ? "fewer than one" : readableCount(rate)} a minute`,
    `about ${readableDuration(secondsLeft * 1000)} left`,
  ];
}
