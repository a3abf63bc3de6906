import type * as z from "zod";
import type { ScheduleConfig } from "../config/config.ts";
import { type LedgerStatus, ledgerStatuses, unfinishedIn } from "../domain/ledger-row.ts";
import { plural, readableCount, readableDuration, readableMoment } from "../kernel/util/readable.ts";
import { printable } from "../kernel/util/terminal-text.ts";
import type { connectorStatus } from "../operations/connectors/connector-status.ts";
import { activeRunText } from "./active-run-text.ts";
import { errorLines, scopeText } from "./report-text.ts";

type Status = z.output<typeof connectorStatus.output>;

/** A connector's lines of `status`. */
export function statusText(status: Status, schedule: ScheduleConfig, now: number): string {
  const { id, enabled, memories, lastRun, scope } = status;
  const known = ledgerStatuses.flatMap((name) =>
    memories[name] ? [`${readableCount(memories[name])} ${name}`] : [],
  );
  return [
    `${id}${enabled ? "" : " (disabled)"}`,
    `  memories  ${known.join(" · ") || "none known"}`,
    `  schedule  ${scheduleText(schedule)}, next run ${nextRunText(status)}${noteText(status)}`,
    `  last run  ${lastRun === null ? "never" : runText(lastRun)}`,
    ...(lastRun === null ? [] : errorLines(lastRun)),
    ...activeRunText(status.activeRun),
    ...inFlightText(status),
    `  behind    ${behindText(status, now)}`,
    ...status.contexts.map(contextText),
    ...scopeLines(scope, now),
    ...backfillText(status.backfill),
    ...budgetText(status.budget),
    ...(memories.dead
      ? [`  ${plural(memories.dead, "dead letter")}: see \`memory-connector dead-letters list\``]
      : []),
  ].join("\n");
}

/** The connector's range, and what is waiting. */
function scopeLines(
  { queryRange, outside, nextFullLookAt, waiting, erased, deadMedia }: Status["scope"],
  now: number,
): string[] {
  const { transcripts, media } = waiting;
  const waits = [
    ...(transcripts > 0 ? [`${plural(transcripts, "memory", "memories")} for a transcript`] : []),
    ...(media > 0 ? [`${plural(media, "memory", "memories")} for audio or a picture`] : []),
  ];
  return [
    `  scope     ${scopeText(queryRange, outside)}${fullLookText(nextFullLookAt, now)}`,
    ...(waits.length === 0 ? [] : [`  waiting   ${waits.join(", ")}`]),
    ...(erased === 0 ? [] : [`  erased    ${erasedText(erased)}`]),
    ...(deadMedia === 0
      ? []
      : [
          `  unread    ${plural(deadMedia, "recording or picture", "recordings or pictures")} · see \`dead-letters list\``,
        ]),
  ];
}

function fullLookText(nextAt: string | null, now: number): string {
  if (nextAt === null) return "";
  const at = Date.parse(nextAt);
  return `; the whole list at the next run${at <= now ? "" : ` after ${readableMoment(at)}`}`;
}

function erasedText(count: number): string {
  return count === 1
    ? "1 memory that was erased stays away"
    : `${plural(count, "memory", "memories")} that were erased stay away`;
}

function inFlightText({ activeRun, inFlight }: Status): string[] {
  const run = activeRun === null ? [] : [`run ${activeRun.runId}`];
  const memories = inFlight === 0 ? [] : [plural(inFlight, "memory", "memories")];
  const texts = [...run, ...memories];
  return texts.length === 0 ? [] : [`  in flight ${texts.join(", ")}`];
}

/** What was listed says nothing about what was delivered: both are said. */
function behindText(
  { completeAsOf, oldestUnfinishedAt: oldest, memories, scope }: Status,
  now: number,
): string {
  const waiting = unfinishedIn(memories as Record<LedgerStatus, number>);
  const isComplete = waiting + scope.waiting.media === 0;
  const listed =
    completeAsOf === null
      ? "not every context was listed completely yet"
      : `${isComplete ? "complete" : "listed completely"} as of ${agoText(completeAsOf, now)}`;
  if (waiting === 0) return listed;
  const since = oldest === null ? "" : `, the oldest of ${readableMoment(Date.parse(oldest))}`;
  const wait = plural(waiting, "memory waits", "memories wait");
  return `${listed}; ${wait} to be delivered${since}`;
}

/** `3 min ago`. */
export function agoText(at: string, now: number): string {
  return `${readableDuration(Math.max(0, now - Date.parse(at)))} ago`;
}

function backfillText(backfill: Status["backfill"]): string[] {
  if (backfill === null || backfill.finishedAt !== null) return [];
  const [since, until] = [backfill.since, backfill.until].map((at) => readableMoment(Date.parse(at)));
  return [`  backfill  from ${since} to ${until}`];
}

function budgetText(budget: Status["budget"]): string[] {
  if (budget === null) return [];
  const shares = (["documents", "characters", "tokens"] as const)
    .filter((limit) => budget[limit].limit !== null)
    .map(
      (limit) =>
        `${readableCount(budget[limit].spent)} of ${readableCount(budget[limit].limit ?? 0)} ${limit}`,
    );
  const waiting =
    budget.waiting === 0 ? "" : `; ${plural(budget.waiting, "memory waits", "memories wait")} for tomorrow`;
  return [`  budget    ${shares.join(", ")} spent today${waiting}`];
}

function runText({ outcome, startedAt, endedAt }: NonNullable<Status["lastRun"]>): string {
  const began = Date.parse(startedAt);
  if (endedAt === null) return `${outcome}, ${readableMoment(began)}, not ended`;
  const took = readableDuration(Date.parse(endedAt) - began);
  return `${outcome}, ${readableMoment(began)}, ${outcome === "interrupted" ? `last sign of life after ${took}` : `took ${took}`}`;
}

function contextText({ contextId, completeUntil, truncated }: Status["contexts"][number]): string {
  const complete =
    completeUntil === null
      ? "never listed completely"
      : `complete until ${readableMoment(Date.parse(completeUntil))}`;
  return `  context   ${contextId}: ${complete}${truncated === null ? "" : `; last list truncated: ${truncated}`}`;
}

export function scheduleText(schedule: ScheduleConfig): string {
  if (schedule.type === "manual") return "manual";
  if (schedule.type === "interval") return `every ${readableDuration(schedule.everyMs)}`;
  return `${schedule.cron} (${schedule.timezone})`;
}

/** `: the model is moved`, where the pause has a note. */
function noteText({ pauseNote }: Pick<Status, "pauseNote">): string {
  return pauseNote === null ? "" : `: ${printable(pauseNote)}`;
}

interface NextRun {
  nextRunAt: string | null;
  pausedAt: string | null;
  overdueSince: string | null;
}

/** `2025-01-31T02:00:00Z`, `overdue since 2025-01-31T02:00:00Z`, `paused`, or `-`. */
export function nextRunText({ nextRunAt, pausedAt, overdueSince }: NextRun): string {
  if (pausedAt !== null) return "paused";
  return overdueSince === null
    ? readableMoment(nextRunAt === null ? null : Date.parse(nextRunAt))
    : `overdue since ${readableMoment(Date.parse(overdueSince))}`;
}
