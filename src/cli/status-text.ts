import { budgetJson } from "../json/budget-json.ts";
import type { ScopeView } from "../json/scope-json.ts";
import { completeAsOf, inFlightOf } from "../json/standing-json.ts";
import { plural, readableDuration, readableMoment } from "../kernel/util/readable.ts";
import { ledgerStatuses } from "../state/ledger-row.ts";
import type { Backfill, SpentBudget } from "../state/record-stores.ts";
import type { RunRecord } from "../state/run-record.ts";
import type { SyncState } from "../state/state-manager.ts";
import type { ConnectorView } from "./connector-view.ts";
import { nextRunText, scheduleText } from "./schedule-text.ts";
import { scopeText } from "./scope-text.ts";

export interface StatusView extends ConnectorView {
  spent: SpentBudget;
  scope: ScopeView;
  backfill: Backfill | null;
}

/** A connector's lines of `status`. */
export function statusText(view: StatusView, now: number): string {
  const { connector, counts, lastRun, contexts, spent } = view;
  const memories = ledgerStatuses
    .filter((status) => counts[status] > 0)
    .map((status) => `${counts[status]} ${status}`);
  return [
    `${connector.id}${connector.enabled ? "" : " (disabled)"}`,
    `  memories  ${memories.join(" · ") || "none known"}`,
    `  schedule  ${scheduleText(connector.schedule)}, next run ${nextRunText(view)}`,
    `  last run  ${lastRun === null ? "never" : runText(lastRun)}`,
    ...inFlightText(view),
    `  behind    ${behindText(view, now)}`,
    ...contexts.filter((context) => context !== null).map(contextText),
    ...scopeLines(view.scope),
    ...backfillText(view.backfill),
    ...budgetText(budgetJson(connector, spent, counts)),
    ...(counts.dead > 0
      ? [`  ${plural(counts.dead, "dead letter")}: see \`memory-connector dead-letters list\``]
      : []),
  ].join("\n");
}

/** What the connector looks at, and what waits there for what. */
function scopeLines({
  queryRange,
  outside,
  nextFullLookAt,
  waiting,
  erased,
  deadMedia,
}: ScopeView): string[] {
  const { transcripts, media } = waiting;
  const look =
    nextFullLookAt === null
      ? ""
      : `; the whole list at the next run after ${readableMoment(Date.parse(nextFullLookAt))}`;
  const waits = [
    ...(transcripts > 0 ? [`${plural(transcripts, "memory", "memories")} for a transcript`] : []),
    ...(media > 0 ? [`${plural(media, "memory", "memories")} for audio or a picture`] : []),
  ];
  return [
    `  scope     ${scopeText(queryRange, outside)}${look}`,
    ...(waits.length === 0 ? [] : [`  waiting   ${waits.join(", ")}`]),
    ...(erased === 0 ? [] : [`  erased    ${erasedText(erased)}`]),
    ...(deadMedia === 0
      ? []
      : [
          `  unread    ${plural(deadMedia, "recording or picture", "recordings or pictures")} · see \`dead-letters list\``,
        ]),
  ];
}

function erasedText(count: number): string {
  return count === 1 ? "1 memory that was erased stays away" : `${count} memories that were erased stay away`;
}

function inFlightText({ schedule, counts }: ConnectorView): string[] {
  const run = schedule?.openRun ? [`run ${schedule.openRun.runId}`] : [];
  const inFlight = inFlightOf(counts);
  const memories = inFlight === 0 ? [] : [plural(inFlight, "memory", "memories")];
  const texts = [...run, ...memories];
  return texts.length === 0 ? [] : [`  in flight ${texts.join(", ")}`];
}

function behindText(view: ConnectorView, now: number): string {
  const complete = completeAsOf(view);
  const listed =
    complete === null
      ? "not every context was listed completely yet"
      : `complete as of ${agoText(complete, now)}`;
  const { oldestUnfinishedAt: oldest } = view;
  return oldest === null
    ? listed
    : `${listed}; the oldest undelivered memory is of ${readableMoment(oldest)}`;
}

/** `3 min ago`. */
export function agoText(at: number, now: number): string {
  return `${readableDuration(Math.max(0, now - at))} ago`;
}

function backfillText(backfill: Backfill | null): string[] {
  if (backfill === null || backfill.finishedAt !== null) return [];
  return [`  backfill  from ${readableMoment(backfill.since)} to ${readableMoment(backfill.until)}`];
}

function budgetText(budget: ReturnType<typeof budgetJson>): string[] {
  if (budget === null) return [];
  const shares = (["documents", "characters", "tokens"] as const)
    .filter((limit) => budget[limit].limit !== null)
    .map((limit) => `${budget[limit].spent} of ${budget[limit].limit} ${limit}`);
  const waiting =
    budget.waiting === 0 ? "" : `; ${plural(budget.waiting, "memory waits", "memories wait")} for tomorrow`;
  return [`  budget    ${shares.join(", ")} spent today${waiting}`];
}

function runText(run: RunRecord): string {
  const took = run.endedAt === null ? "not ended" : `took ${readableDuration(run.endedAt - run.startedAt)}`;
  return `${run.outcome}, ${readableMoment(run.startedAt)}, ${took}`;
}

function contextText(state: SyncState): string {
  const complete =
    state.watermark === null
      ? "never listed completely"
      : `complete until ${readableMoment(state.watermark)}`;
  return `  context   ${state.contextId}: ${complete}${state.truncated === null ? "" : `; last list truncated: ${state.truncated}`}`;
}
