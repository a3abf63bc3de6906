import { type DriftRepair, isInStep } from "../../domain/drift-report.ts";
import type { Transition } from "../../domain/ledger.ts";
import type { RunRecord } from "../../domain/run-record.ts";
import { plural } from "../../kernel/util/readable.ts";
import { LedgerWriter } from "../ledger-writer.ts";
import type { ConnectorSync } from "../run.ts";
import type { DriftParts } from "./check.ts";
import { checkDrift, type DriftFindings } from "./check-drift.ts";

/** Rows written, and documents removed, per step. */
const chunkSize = 100;

export interface RepairOptions {
  /** Id of the run that delivers again. */
  runId: string;
  trigger: RunRecord["trigger"];
  /** The operator has confirmed the source's list. */
  acceptDeletions: boolean;
}

export interface RepairParts extends DriftParts {
  orchestrator: ConnectorSync;
}

/**
 * Makes the three consistent again: rows that LightRAG's records contradict are invalidated, a run over the whole source delivers
 * them, adopts what the ledger had forgotten and sends what is new in the connector's range, a second check proves it, and
 * documents that are orphaned then are removed. Every step is durable and idempotent, so that the next repair, or a run, continues
 * one that was killed.
 */
export async function repairDrift(
  parts: RepairParts,
  found: DriftFindings,
  options: RepairOptions,
  signal: AbortSignal,
): Promise<DriftRepair> {
  await invalidate(parts, found, options);
  const run = needsRun(found) ? await runOverAll(parts, found, options, signal) : null;
  // No document is removed because of a single listing.
  const isSettled = run === null && found.orphans.length === 0;
  const second = isSettled ? found : await checkDrift(parts, signal);
  const held = reasonToHold(parts, second, options);
  const removed = held === null ? await removeOrphans(parts, second, options, signal) : 0;
  if (held !== null) tellHeld(parts, second, options);
  const orphaned = removed === second.orphans.length ? { count: 0, examples: [] } : second.drift.orphaned;
  return { run, removed, held, remaining: { ...second.drift, orphaned } };
}

function needsRun({ drift, invalid, vanished }: DriftFindings): boolean {
  const withoutOrphans = { ...drift, orphaned: { count: 0, examples: [] } };
  return invalid.length + vanished.length > 0 || !isInStep(withoutOrphans);
}

async function invalidate(
  parts: RepairParts,
  { invalid, vanished, memories, truncated }: DriftFindings,
  options: RepairOptions,
): Promise<void> {
  const invalidated = invalid.map(
    ({ row, documentId }): Transition => ({ row, event: { type: "invalidate", documentId } }),
  );
  // A source that shows nothing at all, or not everything, is no evidence of deletions.
  const isBelieved = options.acceptDeletions || (memories > 0 && truncated === null);
  const gone = (isBelieved ? vanished : []).map((row): Transition => ({ row, event: { type: "vanish" } }));
  const transitions = [...invalidated, ...gone];
  const ledger = new LedgerWriter(parts);
  for (let start = 0; start < transitions.length; start += chunkSize)
    await ledger.apply(transitions.slice(start, start + chunkSize));
}

function runOverAll(
  { orchestrator }: RepairParts,
  { forgotten }: DriftFindings,
  { runId, trigger, acceptDeletions }: RepairOptions,
  signal: AbortSignal,
): Promise<RunRecord> {
  const options = {
    runId,
    trigger,
    acceptDeletions,
    force: false,
    wait: true,
    filter: {},
    wholeSource: true,
    adopt: forgotten,
  };
  return orchestrator.runLocked(options, signal);
}

/** The limit of `deletions` applies here, too: with a lost ledger and a source that shows little, everything looks orphaned. */
function reasonToHold(
  { settings }: RepairParts,
  { orphans, documents, memories }: DriftFindings,
  { acceptDeletions }: RepairOptions,
): string | null {
  const { maxPercent } = settings.deletions;
  if (acceptDeletions || maxPercent === 100 || orphans.length === 0) return null;
  if (memories === 0) return "the source shows no memory at all";
  const isTooMuch = orphans.length > 1 && orphans.length * 100 > documents * maxPercent;
  if (!isTooMuch) return null;
  return `orphaned: ${orphans.length} of ${plural(documents, "document")}, more than ${maxPercent} %`;
}

function tellHeld(
  { events, settings }: RepairParts,
  { orphans, documents }: DriftFindings,
  { runId }: RepairOptions,
): void {
  const { connectorId } = settings;
  events.emit("run:held", { runId, connectorId, reason: "deletions", ratio: orphans.length / documents });
}

async function removeOrphans(
  { sink, events, settings }: RepairParts,
  { orphans }: DriftFindings,
  { runId }: RepairOptions,
  signal: AbortSignal,
): Promise<number> {
  const ids = orphans.map(({ documentId }) => documentId);
  for (let start = 0; start < ids.length; start += chunkSize)
    for (const { message } of await sink.remove(ids.slice(start, start + chunkSize), signal))
      events.emit("run:notice", { runId, connectorId: settings.connectorId, message });
  return ids.length;
}
