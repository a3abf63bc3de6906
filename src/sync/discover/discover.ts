import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { ChangeGuard } from "../guards/change-guard.ts";
import { assessRemovals, detectDeletions } from "../guards/deletions.ts";
import { rebuildInvalidated } from "../merged-documents.ts";
import { rowError } from "../retry-policy.ts";
import type { RunContext } from "../run-context.ts";
import { isFiltered } from "../run-options.ts";
import { countOutside } from "./outside.ts";
import { readContext, reportTruncation, uncounted } from "./read-context.ts";
import type { Reading } from "./reading.ts";
import { advanceWatermark } from "./watermark.ts";

/**
 * Reads the source and writes down what is new, changed, gone or filtered out. Nothing is sent to LightRAG here. Throws `RUN_HELD` when
 * too many delivered memories would be sent again.
 */
export async function discover(run: RunContext): Promise<void> {
  await rebuildInvalidated(run, run.settings.connectorId);
  const guard = new ChangeGuard(run);
  const readings = await readContexts(run, guard);
  notFound(run, readings);
  const refused = new Set<string>();
  for (const reading of readings) {
    const doubt = await assessRemovals(run, reading, guard.removalsOf(reading.scope.contextId));
    if (doubt === null) continue;
    refused.add(reading.scope.contextId);
    reading.truncated ??= doubt;
  }
  if (!(await guard.release(refused))) await readContexts(uncounted(run), guard);
  if (!isFiltered(run.options.filter)) for (const reading of readings) await conclude(run, reading);
}

async function readContexts(run: RunContext, guard: ChangeGuard): Promise<Reading[]> {
  const readings: Reading[] = [];
  for (const contextId of run.settings.contextIds) readings.push(await readContext(run, contextId, guard));
  return readings;
}

async function conclude(run: RunContext, reading: Reading): Promise<void> {
  if (reading.truncated === null) await reading.broken.settle(reading.range);
  const hidden = await countOutside(run, reading);
  if (hidden !== null) doubt(run, reading, hidden);
  if (reading.truncated === null) await judgeAbsence(run, reading);
  await advanceWatermark(run, reading);
}

async function judgeAbsence(run: RunContext, reading: Reading): Promise<void> {
  const reason = await detectDeletions(run, reading);
  if (reason !== null) doubt(run, reading, reason);
}

function doubt(run: RunContext, reading: Reading, reason: string): void {
  reading.truncated ??= reason;
  reportTruncation(run, reading.scope.contextId, reason);
}

/** A person has named memories; those that no context shows are an error, or a typing mistake would look like a success. */
export function notFound(run: RunContext, readings: readonly Pick<Reading, "shown">[]): void {
  const { ids } = run.options.filter;
  if (ids === undefined) return;
  const missing = [...ids].filter((id) => !readings.some(({ shown }) => shown.has(id)));
  const contexts = run.settings.contextIds.map((id) => `"${id}"`).join(", ");
  for (const id of missing) {
    const message = `the source shows no memory "${id}" in ${contexts}`;
    run.report.addError(rowError(new ConnectorError("MEMORY_NOT_FOUND", message)), id);
  }
  run.report.notFound = new Set(missing);
  run.report.pending = new Set([...ids].filter((id) => readings.some(({ shown }) => shown.isPending(id))));
}
