import { ChangeBrake } from "../guards/change-guard.ts";
import { judgeRemovals, writeMissing } from "../guards/deletions.ts";
import { isFiltered } from "../memory-filter.ts";
import { rebuildDoubtedGroups } from "../merged-documents.ts";
import type { RunContext } from "../run-context.ts";
import { notFound } from "./not-found.ts";
import { countOutside } from "./outside.ts";
import { readContext, reportTruncation, uncounted } from "./read-context.ts";
import type { Reading } from "./reading.ts";
import { advanceWatermark } from "./watermark.ts";

/**
 * Reads the source and writes down what is new, changed, gone or filtered out. Nothing is sent to LightRAG here. Throws `RUN_HELD` when
 * too many delivered memories would be sent again.
 */
export async function discover(run: RunContext): Promise<void> {
  await rebuildDoubtedGroups(run);
  const brake = new ChangeBrake(run);
  const readings = await readContexts(run, brake);
  notFound(run, readings);
  const refused = new Set<string>();
  for (const reading of readings) {
    const doubt = await judgeRemovals(run, reading, brake.removalsOf(reading.scope.contextId));
    if (doubt === null) continue;
    refused.add(reading.scope.contextId);
    reading.truncated ??= doubt;
  }
  if (!(await brake.release(refused))) await readContexts(uncounted(run), brake);
  if (!isFiltered(run.options.filter)) for (const reading of readings) await conclude(run, reading);
}

async function readContexts(run: RunContext, brake: ChangeBrake): Promise<Reading[]> {
  const readings: Reading[] = [];
  for (const contextId of run.settings.contextIds) readings.push(await readContext(run, contextId, brake));
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
  const reason = await writeMissing(run, reading);
  if (reason !== null) doubt(run, reading, reason);
}

function doubt(run: RunContext, reading: Reading, reason: string): void {
  reading.truncated ??= reason;
  reportTruncation(run, reading.scope.contextId, reason);
}
