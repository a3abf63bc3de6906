import { isErased, type LedgerEvent, type Transition } from "../../domain/ledger.ts";
import { isGroup, type LedgerRow, type LedgerStatus } from "../../domain/ledger-row.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { plural } from "../../kernel/util/readable.ts";
import { allRows } from "../../state/all-rows.ts";
import { lookAgain } from "../discover/read-context.ts";
import type { Reading } from "../discover/reading.ts";
import { coveredSince } from "../query-range.ts";
import { rowError } from "../retry-policy.ts";
import type { RunContext } from "../run-context.ts";
import { isFiltered } from "../run-options.ts";

/** Rows that are written at once. */
const chunkSize = 500;
/** Those at rest. What is under way is looked at when it has come to an end. */
const judged: readonly LedgerStatus[] = ["pending", "processed", "failed", "skipped", "dead"];

/**
 * The one guard for whatever removes texts from LightRAG: what a complete listing should have shown and did not, and what the source shows
 * without its text, counted together. Resolves to the reason why the removals of this context are not believed, or null: too much at once
 * looks more like a fault of the source than like somebody's wish.
 */
export async function assessRemovals(
  run: RunContext,
  reading: Reading,
  { withdrawn, delivered }: { withdrawn: number; delivered: number },
): Promise<string | null> {
  if (run.options.acceptDeletions === true) return null;
  const tally = isJudged(run, reading) ? await takeTally(run, reading) : noTally;
  const covered = Math.max(tally.covered, delivered);
  const removals = { ...tally, withdrawn, covered, known: Math.max(tally.known, covered) };
  const suspicion = suspicionOf(run, reading, removals);
  if (suspicion !== null) hold(run, suspicion, removals);
  return suspicion;
}

/** Absence is judged only where presence was certain; what the source names as deleted, wherever the list is complete. */
function isJudged(run: RunContext, reading: Reading): boolean {
  const { settings, options } = run;
  return (
    settings.deletions.policy !== "ignore" &&
    !isFiltered(options.filter) &&
    reading.truncated === null &&
    (reading.shown.hasGone || showsAbsence(run, reading))
  );
}

function showsAbsence({ source }: RunContext, { shown }: Reading): boolean {
  return shown.isNamed && source.capabilities.deletes !== "none";
}

/**
 * Compares what the ledger knows with a complete listing: which memories it should have shown, by their own time, and did not. After a grace
 * they count as deleted at the source, and the connector's policy says what follows. At least two complete listings have to agree: where no
 * earlier one has missed them, the source is asked once more now. Resolves to the reason why that look is not believed, or null.
 */
export async function detectDeletions(run: RunContext, reading: Reading): Promise<string | null> {
  if (!isJudged(run, reading)) return null;
  const { absent, gone, found, unconfirmed } = await takeTally(run, reading);
  if (absent + gone + found === 0) return null;
  if (unconfirmed > 0) {
    const doubt = await lookAgain(run, reading);
    if (doubt !== null) return `a second look at it was not complete: ${doubt}`;
  }
  await writeDown(run, reading);
  return null;
}

interface Tally {
  /** Rows whose memories the listing should have shown. */
  covered: number;
  /** All rows at rest, where the source has named something as deleted, which may be of any time; else those that are covered. */
  known: number;
  /** Not shown though they should be. */
  absent: number;
  /** Named as deleted. */
  gone: number;
  /** Missing before, and shown now. */
  found: number;
  /** Of the missing, those that would count as deleted though no listing before this one has missed them. */
  unconfirmed: number;
}

const noTally: Tally = { covered: 0, known: 0, absent: 0, gone: 0, found: 0, unconfirmed: 0 };

async function takeTally(run: RunContext, listing: Reading): Promise<Tally> {
  const tally = { ...noTally };
  for await (const row of coveredRows(run, listing)) {
    tally.known += 1;
    if (isCovered(row, listing)) tally.covered += 1;
    const sight = sightOf(run, row, listing);
    if (sight === "shown" && row.missing !== null) tally.found += 1;
    if (sight === "gone") tally.gone += 1;
    if (sight === "absent") tally.absent += 1;
    if (sight === "absent" && row.missing === null && isOverdue(run, row, listing.startedAt))
      tally.unconfirmed += 1;
  }
  return tally;
}

interface Removals extends Tally {
  withdrawn: number;
}

/**
 * A few may always go, unless the list is empty. What a list does not show is measured by what it should show, and all removals together by
 * all that is known.
 */
function suspicionOf(run: RunContext, { shown }: Reading, removals: Removals): string | null {
  const { covered, known, absent, gone, withdrawn } = removals;
  const { maxPercent, alwaysAllowed } = run.settings.deletions;
  const count = absent + gone + withdrawn;
  if (count === 0 || maxPercent === 100) return null;
  if (shown.isEmpty && absent > 0)
    return `it is empty, and the ledger knows ${plural(covered, "memory", "memories")} of it`;
  const isMore = (part: number, whole: number) => part * 100 > whole * maxPercent;
  const isTooMuch = isMore(absent + withdrawn, covered) || isMore(count, known);
  return count > alwaysAllowed && isTooMuch ? `${whatIsGone(removals)}, more than ${maxPercent} %` : null;
}

function whatIsGone({ covered, known, absent, gone, withdrawn }: Removals): string {
  const of = gone > 0 ? known : covered;
  const missing = absent + gone;
  if (withdrawn === 0) return `${missing} of ${of} known memories are missing`;
  if (missing === 0) return `${withdrawn} of ${of} known memories have lost their text`;
  return `of ${of} known memories ${missing} are missing and ${withdrawn} have lost their text`;
}

function hold(run: RunContext, suspicion: string, removals: Removals): void {
  const { covered, known, absent, gone, withdrawn } = removals;
  const { connectorId } = run.settings;
  const ratio = (absent + gone + withdrawn) / (gone > 0 ? known : covered);
  run.events.emit("run:held", { reason: "deletions", ratio });
  const message = `the list is not believed: ${suspicion}; nothing was deleted`;
  const hint = `look at the source; if they are really gone: \`memory-connector sync --connector-id ${connectorId} --accept-deletions\``;
  run.report.addError(rowError(new ConnectorError("DELETIONS_SUSPECT", message, { hint })));
  run.report.truncated = message;
}

async function writeDown(run: RunContext, listing: Reading): Promise<void> {
  let chunk: Transition[] = [];
  for await (const row of coveredRows(run, listing)) {
    const event = eventFor(run, row, listing);
    if (event !== null) chunk.push({ row, event });
    if (chunk.length < chunkSize) continue;
    await run.ledger.apply(chunk);
    chunk = [];
  }
  await run.ledger.apply(chunk);
}

function eventFor(run: RunContext, row: LedgerRow, reading: Reading): LedgerEvent | null {
  const { startedAt } = reading;
  const sight = sightOf(run, row, reading);
  if (sight === "unknown") return null;
  if (sight === "shown") return row.missing === null ? null : { type: "found" };
  const { policy } = run.settings.deletions;
  if (sight === "absent" && !isOverdue(run, row, startedAt)) return { type: "missing", at: startedAt };
  return { type: policy === "propagate" ? "vanish" : "tombstone" };
}

/** Whether this listing, with those before it, is enough to believe that the memory is gone. */
function isOverdue(run: RunContext, { missing }: LedgerRow, startedAt: number): boolean {
  if (run.options.acceptDeletions === true) return true;
  const { graceListings, gracePeriodMs } = run.settings.deletions;
  const listings = (missing?.listings ?? 0) + 1;
  const sinceMs = startedAt - (missing?.since ?? startedAt);
  return listings >= graceListings && sinceMs >= gracePeriodMs;
}

/**
 * Rows at rest whose memories' own time lies in the range, newest first. The walk ends where the range does, unless the source has named
 * something as deleted: that may be of any time, and is measured by all that is known.
 */
async function* coveredRows(run: RunContext, reading: Reading): AsyncGenerator<LedgerRow> {
  const { scope, shown } = reading;
  for await (const row of allRows(run.state, { ...scope, statuses: judged, order: "newest" })) {
    const isIn = isCovered(row, reading) || shown.hasGone;
    if (row.memoryCreatedAt !== null && !isIn) return;
    if (isIn && !isErased(row) && !isGroup(row)) yield row;
  }
}

function isCovered({ memoryCreatedAt }: LedgerRow, { range, startedAt }: Reading): boolean {
  return (memoryCreatedAt ?? Number.NEGATIVE_INFINITY) >= coveredSince(range, startedAt);
}

type Sight = "shown" | "gone" | "absent" | "unknown";

function sightOf(run: RunContext, row: LedgerRow, reading: Reading): Sight {
  const { shown } = reading;
  if (shown.has(row.memoryId)) return "shown";
  if (shown.isGone(row.memoryId)) return "gone";
  return isCovered(row, reading) && showsAbsence(run, reading) ? "absent" : "unknown";
}
