import { isErased, type LedgerEvent, type Transition } from "../../domain/ledger.ts";
import { isGroup, type LedgerRow, type LedgerStatus } from "../../domain/ledger-row.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { batchesOf } from "../../kernel/util/collections.ts";
import type { Emitter } from "../../kernel/util/event-bus.ts";
import { plural } from "../../kernel/util/readable.ts";
import type { SourceCapabilities } from "../../sources/source-capabilities.ts";
import { allRows } from "../../state/ledger-rows.ts";
import type { LedgerScope, StateManager } from "../../state/state-manager.ts";
import type { RunEvents } from "../events.ts";
import type { LedgerWriter } from "../ledger-writer.ts";
import { type Coverage, coveredSince } from "../query-range.ts";
import type { RunReport } from "../report/run-report.ts";
import { rowError } from "../retry-policy.ts";
import { isFiltered, type RunOptions } from "../run-options.ts";
import type { SeenIds } from "../seen-ids.ts";
import type { SyncSettings } from "../sync-settings.ts";

export interface DeletionParts {
  readonly source: { readonly capabilities: Pick<SourceCapabilities, "deletes"> };
  readonly state: Pick<StateManager, "pageRows">;
  readonly ledger: LedgerWriter;
  readonly events: Emitter<RunEvents>;
  readonly report: Pick<RunReport, "addError" | "truncated">;
  readonly settings: Pick<SyncSettings, "connectorId" | "deletions">;
  readonly options: Pick<RunOptions, "filter" | "acceptDeletions">;
}

/** What is assessed without writing it down. */
type AssessedParts = Omit<DeletionParts, "ledger">;

/** The result of a listing of a context. */
interface Listing {
  readonly scope: LedgerScope;
  readonly range: Coverage;
  /** When it began. Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly shown: SeenIds;
  /** Why it may not be complete; null when it is. */
  readonly truncated: string | null;
}

/** Rows per transaction. */
const chunkSize = 500;
/** Rows at rest. A row in flight is assessed when it is finished. */
const assessed: readonly LedgerStatus[] = ["pending", "processed", "failed", "skipped", "dead"];

/**
 * The guard for all removals of texts from LightRAG: memories that a complete listing should have shown and did not, and those that
 * the source shows without their text, counted together. Resolves to the reason why the removals of this context are refused, or
 * null: too many at once look more like a fault of the source than like an intention. Those that somebody has told one by one are none.
 */
export async function assessRemovals(
  parts: AssessedParts,
  listing: Listing,
  { withdrawn, delivered }: { withdrawn: number; delivered: number },
): Promise<string | null> {
  if (parts.options.acceptDeletions === true) return null;
  const tally = isAssessed(parts, listing) ? await takeTally(parts, listing) : noTally;
  const covered = Math.max(tally.covered, delivered);
  const gone = parts.source.capabilities.deletes === "told" ? 0 : tally.gone;
  const removals = { ...tally, gone, withdrawn, covered, known: Math.max(tally.known, covered) };
  const suspicion = suspicionOf(parts, listing, removals);
  if (suspicion !== null) hold(parts, suspicion, removals);
  return suspicion;
}

/** Absence is assessed only where presence would be certain; reported deletions whenever the list is complete. */
function isAssessed(parts: AssessedParts, listing: Listing): boolean {
  const { settings, options } = parts;
  return (
    settings.deletions.policy !== "ignore" &&
    !isFiltered(options.filter) &&
    listing.truncated === null &&
    (listing.shown.hasGone || showsAbsence(parts, listing))
  );
}

function showsAbsence({ source }: AssessedParts, { shown }: Listing): boolean {
  return shown.isNamed && source.capabilities.deletes !== "none";
}

/**
 * Compares the ledger with a complete listing: which memories it should have shown, by their own time, and did not. After a grace
 * period they count as deleted at the source, and the connector's policy applies. At least two complete listings have to agree: if
 * no earlier one has missed them, the source is listed once more now: `listAgain` adds to the shown ids, and says why it may not be
 * complete. Resolves to the reason why that listing is not trusted, or null.
 */
export async function detectDeletions(
  parts: DeletionParts,
  listing: Listing,
  lookAgain: () => Promise<string | null>,
): Promise<string | null> {
  if (!isAssessed(parts, listing)) return null;
  const { absent, gone, found, unconfirmed } = await takeTally(parts, listing);
  if (absent + gone + found === 0) return null;
  if (unconfirmed > 0) {
    const reason = await lookAgain();
    if (reason !== null) return `a second look at it was not complete: ${reason}`;
  }
  await writeDown(parts, listing);
  return null;
}

interface Tally {
  /** The number of rows whose memories the listing should have shown. */
  covered: number;
  /** All rows at rest, if the source has reported a deletion, which may be of any time; otherwise the covered ones. */
  known: number;
  /** Not shown although they should be. */
  absent: number;
  /** Reported as deleted. */
  gone: number;
  /** Missing before, and shown now. */
  found: number;
  /** Missing memories that would count as deleted although no earlier listing has missed them. */
  unconfirmed: number;
}

const noTally: Tally = { covered: 0, known: 0, absent: 0, gone: 0, found: 0, unconfirmed: 0 };

async function takeTally(parts: AssessedParts, listing: Listing): Promise<Tally> {
  const tally = { ...noTally };
  for await (const row of coveredRows(parts, listing)) {
    tally.known += 1;
    if (isCovered(row, listing)) tally.covered += 1;
    const sight = sightOf(parts, row, listing);
    if (sight === "shown" && row.missing !== null) tally.found += 1;
    if (sight === "gone") tally.gone += 1;
    if (sight === "absent") tally.absent += 1;
    if (sight === "absent" && row.missing === null && isOverdue(parts, row, listing.startedAt))
      tally.unconfirmed += 1;
  }
  return tally;
}

interface Removals extends Tally {
  withdrawn: number;
}

/**
 * A few removals are always allowed, unless the list is empty. Absent memories are measured against the expected ones, and all
 * removals together against all known rows.
 */
function suspicionOf(parts: AssessedParts, { shown }: Listing, removals: Removals): string | null {
  const { covered, known, absent, gone, withdrawn } = removals;
  const { maxPercent, alwaysAllowed } = parts.settings.deletions;
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
  if (missing === 0)
    return `${withdrawn} of ${of} known memories have lost their text or do not fit the filter any more`;
  return `of ${of} known memories ${missing} are missing and ${withdrawn} have lost their text or do not fit the filter any more`;
}

function hold(parts: AssessedParts, suspicion: string, removals: Removals): void {
  const { covered, known, absent, gone, withdrawn } = removals;
  const { connectorId } = parts.settings;
  const ratio = (absent + gone + withdrawn) / (gone > 0 ? known : covered);
  parts.events.emit("run:held", { reason: "deletions", ratio });
  const message = `the list is not believed: ${suspicion}; nothing was deleted`;
  const hint = `look at the source; if they are really gone: \`memory-connector sync --connector-id ${connectorId} --accept-deletions\``;
  parts.report.addError(rowError(new ConnectorError("DELETIONS_SUSPECT", message, { hint })));
  parts.report.truncated = message;
}

async function writeDown(parts: DeletionParts, listing: Listing): Promise<void> {
  for await (const changes of batchesOf(changesOf(parts, listing), chunkSize))
    await parts.ledger.apply(changes);
}

async function* changesOf(parts: DeletionParts, listing: Listing): AsyncGenerator<Transition> {
  for await (const row of coveredRows(parts, listing)) {
    const event = eventFor(parts, row, listing);
    if (event !== null) yield { row, event };
  }
}

function eventFor(parts: AssessedParts, row: LedgerRow, listing: Listing): LedgerEvent | null {
  const { startedAt } = listing;
  const sight = sightOf(parts, row, listing);
  if (sight === "unknown") return null;
  if (sight === "shown") return row.missing === null ? null : { type: "found" };
  const { policy } = parts.settings.deletions;
  if (sight === "absent" && !isOverdue(parts, row, startedAt)) return { type: "missing", at: startedAt };
  return { type: policy === "propagate" ? "vanish" : "tombstone" };
}

/** Whether this listing and earlier ones are sufficient evidence that the memory is deleted. */
function isOverdue(parts: AssessedParts, { missing }: LedgerRow, startedAt: number): boolean {
  if (parts.options.acceptDeletions === true) return true;
  const { graceListings, gracePeriodMs } = parts.settings.deletions;
  const listings = (missing?.listings ?? 0) + 1;
  const sinceMs = startedAt - (missing?.since ?? startedAt);
  return listings >= graceListings && sinceMs >= gracePeriodMs;
}

/**
 * Rows at rest whose memories are within the range by their own time, newest first. Ends at the end of the range, unless the source
 * has reported a deletion: that may be of any time, and is measured against all known rows.
 */
async function* coveredRows(parts: AssessedParts, listing: Listing): AsyncGenerator<LedgerRow> {
  const { scope, shown } = listing;
  for await (const row of allRows(parts.state, { ...scope, statuses: assessed, order: "newest" })) {
    const isIn = isCovered(row, listing) || shown.hasGone;
    if (row.memoryCreatedAt !== null && !isIn) return;
    if (isIn && !isErased(row) && !isGroup(row)) yield row;
  }
}

function isCovered({ memoryCreatedAt }: LedgerRow, { range, startedAt }: Listing): boolean {
  return (memoryCreatedAt ?? Number.NEGATIVE_INFINITY) >= coveredSince(range, startedAt);
}

type Sight = "shown" | "gone" | "absent" | "unknown";

function sightOf(parts: AssessedParts, row: LedgerRow, listing: Listing): Sight {
  const { shown } = listing;
  if (shown.has(row.memoryId) || shown.isUnread(row.memoryId)) return "shown";
  if (shown.isGone(row.memoryId)) return "gone";
  return isCovered(row, listing) && showsAbsence(parts, listing) ? "absent" : "unknown";
}
