import type * as z from "zod";
import type { NotDelivered } from "../domain/run-record.ts";
import { plural, readableCount, readableDuration } from "../kernel/util/readable.ts";
import { printable } from "../kernel/util/terminal-text.ts";
import type { runSchema } from "../operations/runs/run-json.ts";

type RunJson = z.output<typeof runSchema>;

/** The report of a run for people: outcome, non-zero counts, errors with hints. */
export function renderReport(run: RunJson): string {
  const took =
    run.endedAt === null
      ? ""
      : ` after ${readableDuration(Date.parse(run.endedAt) - Date.parse(run.startedAt))}`;
  const { counts } = run;
  return [
    `${run.connectorId}: ${run.outcome}${took}`,
    `  source    ${joined([
      [counts.fetched, "fetched"],
      [counts.new, "new"],
      [counts.changed, "changed"],
      [counts.unchanged, "unchanged"],
      [counts.skipped, "skipped"],
      [counts.malformed, "malformed"],
      [counts.missing, "missing"],
      [counts.vanished, "deleted at the source"],
    ])}`,
    `  LightRAG  ${joined([
      [counts.submitted, "submitted"],
      [counts.adopted, "adopted"],
      [counts.processed, "proved processed"],
      [counts.deleted, counts.deleted === 1 ? "old document removed" : "old documents removed"],
      [counts.unproved, "not yet proved"],
    ])}`,
    ...(run.scope === null || run.scope.queryRange === "auto"
      ? []
      : [`  scope     ${scopeText(run.scope.queryRange, run.scope.outside)}`]),
    ...troubles(run),
  ].join("\n");
}

function joined(counts: readonly (readonly [number, string])[]): string {
  const shown = counts.filter(([count], index) => index === 0 || count > 0);
  return shown.map(([count, what]) => `${readableCount(count)} ${what}`).join(" · ");
}

/** The errors of a run with their hints. */
export function errorLines({ errors }: Pick<RunJson, "errors">): string[] {
  return errors.flatMap((group) => [
    `  ${group.code} (${plural(group.count, "time")})${examples(group.examples)}: ${printable(group.message)}`,
    `    · ${group.hint}`,
  ]);
}

function troubles(run: RunJson): string[] {
  const { failed, waiting, deadLetters } = run.counts;
  const lines = errorLines(run);
  lines.push(...notDeliveredLines(run.notDelivered));
  if (failed > 0)
    lines.push(
      `  ${plural(failed, "memory", "memories")} still to be delivered; the next run goes on with them`,
    );
  if (waiting > 0)
    lines.push(`  ${plural(waiting, "memory", "memories")} ${isAtItsEnd(run) ? putOff : notReached}`);
  if (run.waitingForMedia > 0)
    lines.push(
      `  ${plural(run.waitingForMedia, "memory waits", "memories wait")} for audio or a picture that could not be read yet`,
    );
  if (deadLetters > 0)
    lines.push(`  ${plural(deadLetters, "dead letter")}: see \`memory-connector dead-letters list\``);
  return lines;
}

const putOff = "put off to a later run";
const notReached = "not come to; the next run goes on with them";

function isAtItsEnd({ outcome }: RunJson): boolean {
  return outcome === "success" || outcome === "partial";
}

function examples(ids: readonly string[]): string {
  return ids.length === 0 ? "" : ` ${printable(ids.join(", "))}`;
}

/** Two lines for each named memory that is not delivered: the reason and the hint. */
export function notDeliveredLines(memories: readonly NotDelivered[]): string[] {
  return memories.flatMap(({ memoryId, message, hint }) => [
    `  ${printable(memoryId)} is not delivered: ${printable(message)}`,
    `    · ${printable(hint)}`,
  ]);
}

const spans: ReadonlyMap<string, string> = new Map([
  ["day", "the last day"],
  ["week", "the last week"],
  ["month", "the last month"],
  ["all", "everything"],
  ["auto", "everything"],
]);

/** `the last week; 333 older memories are outside: …`, so that a part is not mistaken for the whole. */
export function scopeText(queryRange: string, outside: number | null): string {
  const span = spans.get(queryRange) ?? queryRange;
  if (outside === null || outside === 0) return span;
  const are = outside === 1 ? "is" : "are";
  return `${span}; ${plural(outside, "older memory", "older memories")} ${are} outside: set query_range to auto or all to bring ${outside === 1 ? "it" : "them"}`;
}
