import { ConnectorError } from "../errors/connector-error.ts";
import type { MemoryPage, QueryRange } from "../memory/memory-source.ts";
import { coveredSince } from "../memory/query-range.ts";
import { allRows } from "../state/all-rows.ts";
import { isErased, type LedgerEvent } from "../state/ledger.ts";
import { isGroup, type LedgerRow, type LedgerStatus } from "../state/ledger-row.ts";
import type { LedgerScope } from "../state/state-manager.ts";
import { withGroups } from "./groups.ts";
import type { Transition } from "./ledger-writer.ts";
import { rowError } from "./retry-policy.ts";
import type { RunContext } from "./run-context.ts";

/** Rows that are written at once. */
const chunkSize = 500;
/** Those at rest. What is under way is looked at when it has come to an end. */
const judged: readonly LedgerStatus[] = ["pending", "processed", "failed", "skipped", "dead"];

/** What one listing of a context has shown. */
export class ShownMemories {
  private readonly ids = new Set<string>();
  /** Items without an id may be any memory. */
  private unnamed = 0;

  add({ memories, malformed }: MemoryPage): void {
    for (const { id } of memories) this.ids.add(id);
    for (const { id } of malformed) {
      if (id === null) this.unnamed += 1;
      else this.ids.add(id);
    }
  }

  has(memoryId: string): boolean {
    return this.ids.has(memoryId);
  }

  get isEmpty(): boolean {
    return this.ids.size === 0 && this.unnamed === 0;
  }

  get isNamed(): boolean {
    return this.unnamed === 0;
  }
}

/** A listing that was read to its end. */
export interface WholeListing {
  scope: LedgerScope;
  range: QueryRange;
  /** Milliseconds since the epoch. */
  startedAt: number;
  shown: ShownMemories;
}

/**
 * Compares what the ledger knows with a complete listing: which memories it should have shown, by their own time, and did not.
 * After a grace they count as deleted at the source, and the connector's policy says what follows. Resolves to the reason
 * why the listing is not believed, or null: too much missing at once looks more like a fault of the source than like
 * somebody's wish.
 */
export async function judgeMissing(run: RunContext, listing: WholeListing): Promise<string | null> {
  if (run.settings.deletions.policy === "ignore" || !listing.shown.isNamed) return null;
  const tally = await takeTally(run, listing);
  const suspicion = suspicionOf(run, listing, tally);
  if (suspicion !== null) hold(run, suspicion, tally);
  else if (tally.missing + tally.found > 0) await writeDown(run, listing);
  return suspicion;
}

interface Tally {
  /** Rows whose memories the listing should have shown. */
  covered: number;
  missing: number;
  /** Missing before, and shown now. */
  found: number;
}

async function takeTally(run: RunContext, listing: WholeListing): Promise<Tally> {
  const tally = { covered: 0, missing: 0, found: 0 };
  for await (const row of coveredRows(run, listing)) {
    tally.covered += 1;
    if (!listing.shown.has(row.memoryId)) tally.missing += 1;
    else if (row.missing !== null) tally.found += 1;
  }
  return tally;
}

/** One memory may always be missing, unless the list is empty. */
function suspicionOf(run: RunContext, { shown }: WholeListing, { covered, missing }: Tally): string | null {
  if (run.options.acceptDeletions === true || missing === 0) return null;
  const { maxPercent } = run.settings.deletions;
  if (maxPercent === 100) return null;
  if (shown.isEmpty) return `it is empty, and ${covered} memories of it are known`;
  const isTooMuch = missing > 1 && missing * 100 > covered * maxPercent;
  return isTooMuch ? `${missing} of ${covered} known memories are missing, more than ${maxPercent} %` : null;
}

function hold(run: RunContext, suspicion: string, { covered, missing }: Tally): void {
  const { connectorId } = run.settings;
  const ratio = missing / covered;
  run.events.emit("run:held", { runId: run.options.runId, connectorId, reason: "deletions", ratio });
  const message = `the list is not believed: ${suspicion}; nothing was deleted`;
  run.report.addError(rowError(new ConnectorError("DELETIONS_SUSPECT", message, { subject: connectorId })));
  run.report.truncated = message;
}

async function writeDown(run: RunContext, listing: WholeListing): Promise<void> {
  let chunk: Transition[] = [];
  for await (const row of coveredRows(run, listing)) {
    const event = eventFor(run, row, listing);
    if (event !== null) chunk.push({ row, event });
    if (chunk.length < chunkSize) continue;
    await run.ledger.apply(await withGroups(run, chunk));
    chunk = [];
  }
  await run.ledger.apply(await withGroups(run, chunk));
}

function eventFor(run: RunContext, row: LedgerRow, { shown, startedAt }: WholeListing): LedgerEvent | null {
  if (shown.has(row.memoryId)) return row.missing === null ? null : { type: "found" };
  const { policy } = run.settings.deletions;
  if (!isOverdue(run, row, startedAt)) return { type: "missing", at: startedAt };
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

/** Rows at rest whose memories' own time lies in the range, newest first. The walk ends where the range does. */
async function* coveredRows(
  run: RunContext,
  { scope, range, startedAt }: WholeListing,
): AsyncGenerator<LedgerRow> {
  const since = coveredSince(range, startedAt);
  for await (const row of allRows(run.state, { ...scope, statuses: judged, order: "newest" })) {
    const at = row.memoryCreatedAt ?? Number.NEGATIVE_INFINITY;
    if (row.memoryCreatedAt !== null && at < since) return;
    if (at >= since && !isErased(row) && !isGroup(row)) yield row;
  }
}
