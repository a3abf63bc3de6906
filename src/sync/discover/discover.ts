import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import type { Backfill } from "../../state/record-stores.ts";
import type { StateManager } from "../../state/state-manager.ts";
import { ChangeGuard } from "../guards/change-guard.ts";
import { assessRemovals, detectDeletions } from "../guards/deletions.ts";
import { outdatedGroups, rebuildInvalidated } from "../merged-documents.ts";
import type { RunReport } from "../report/run-report.ts";
import { rowError } from "../retry-policy.ts";
import { isFiltered } from "../run-options.ts";
import type { DiscoverParts } from "./discover-parts.ts";
import type { Look } from "./ingest-page.ts";
import { countOutside } from "./outside.ts";
import { listAgain, readContext, reportTruncation } from "./read-context.ts";
import type { Reading } from "./reading.ts";
import { advanceWatermark } from "./watermark.ts";

/**
 * Reads the source and records what is new, changed, deleted or filtered out. Nothing is sent to LightRAG here. Throws `RUN_HELD`
 * when too many delivered memories would be sent again.
 */
export async function discover(asked: DiscoverParts, signal: AbortSignal): Promise<void> {
  if (await discoverHinted(asked, signal)) return;
  const { hinted: _, ...options } = asked.options;
  const parts = { ...asked, options };
  const { settings, report } = parts;
  await rebuildInvalidated(parts, settings.connectorId);
  if (options.outdated === true)
    for await (const transition of outdatedGroups(parts, settings.connectorId))
      await parts.ledger.apply([transition]);
  const guard = new ChangeGuard(parts);
  const readings = await readContexts(parts, { guard, report }, signal);
  reportNotFound(parts, readings);
  const refused = new Set<string>();
  for (const reading of readings) {
    const suspicion = await assessRemovals(parts, reading, guard.removalsOf(reading.scope.contextId));
    if (suspicion === null) continue;
    refused.add(reading.scope.contextId);
    reading.truncated ??= suspicion;
  }
  if (!(await guard.release(refused))) await readContexts(parts, { guard, report: report.aside() }, signal);
  if (!isFiltered(options.filter)) for (const reading of readings) await conclude(parts, reading, signal);
}

/**
 * Asks the source for the memories that are said to have changed, and for no others, and records them as any list. Resolves to whether that was all that was to
 * be done: not where nobody has named any, where the source cannot be asked so, or where it does not have one of them, which may be gone.
 */
async function discoverHinted(parts: DiscoverParts, signal: AbortSignal): Promise<boolean> {
  const { report, source } = parts;
  const { hinted } = parts.options;
  if (hinted === undefined || source.capabilities.byId !== true) return false;
  const guard = new ChangeGuard(parts);
  const readings = await readContexts(parts, { guard, report }, signal);
  if (!(await guard.release(new Set()))) await readContexts(parts, { guard, report: report.aside() }, signal);
  return readings.some(({ seen }) => seen >= hinted.size);
}

async function readContexts(
  parts: DiscoverParts,
  look: Look & { report: RunReport },
  signal: AbortSignal,
): Promise<Reading[]> {
  const readings: Reading[] = [];
  for (const contextId of parts.settings.contextIds)
    readings.push(await readContext(parts, contextId, look, signal));
  return readings;
}

async function conclude(parts: DiscoverParts, reading: Reading, signal: AbortSignal): Promise<void> {
  distrust(parts, reading, await countOutside(parts, reading, signal));
  if (reading.truncated === null) {
    await reading.broken.settle(reading.range);
    const again = () => listAgain(parts, reading, signal);
    distrust(parts, reading, await detectDeletions(parts, reading, again));
  }
  await advanceWatermark(parts, reading);
}

/** Records why the list may not be complete; null when it is. */
function distrust({ report }: DiscoverParts, reading: Reading, reason: string | null): void {
  if (reason === null) return;
  reading.truncated ??= reason;
  reportTruncation(report, reading.scope.contextId, reason);
}

/** Requested memories that no context shows are an error; otherwise a typing mistake would look like a success. */
export function reportNotFound(
  { settings, options, report }: Pick<DiscoverParts, "settings" | "options" | "report">,
  readings: readonly Pick<Reading, "shown">[],
): void {
  const { ids } = options.filter;
  if (ids === undefined) return;
  const missing = [...ids].filter((id) => !readings.some(({ shown }) => shown.has(id)));
  const contexts = settings.contextIds.map((id) => `"${id}"`).join(", ");
  for (const id of missing) {
    const message = `the source shows no memory "${id}" in ${contexts}`;
    report.addError(rowError(new ConnectorError("MEMORY_NOT_FOUND", message)), id);
  }
  report.notFound = new Set(missing);
  report.pending = new Set([...ids].filter((id) => readings.some(({ shown }) => shown.isPending(id))));
}

/** The dependencies of the discovery of a backfill. */
export interface BackfillParts extends DiscoverParts {
  readonly state: DiscoverParts["state"] & Pick<StateManager, "backfills">;
}

/**
 * Ingests the memories of the span into the ledger, unless an earlier run has. The next run reads a truncated list again. Resolves
 * to the updated backfill.
 */
export async function discoverBackfill(parts: BackfillParts, signal: AbortSignal): Promise<Backfill | null> {
  const { backfill, options, report, state, clock } = parts;
  if (backfill === null || backfill.listedAt !== null) return backfill;
  const { since, until } = backfill;
  await discover({ ...parts, options: { ...options, filter: { since, until } } }, signal);
  if (report.truncated !== null) return backfill;
  const listed = { ...backfill, listedAt: clock.now() };
  await state.backfills.save(listed);
  return listed;
}
