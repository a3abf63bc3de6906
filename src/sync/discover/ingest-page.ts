import pMap from "p-map";
import { fileSourceOf } from "../../documents/file-source.ts";
import { isGroupKey } from "../../documents/merge/note-group.ts";
import { type LedgerEvent, newRow, type Transition } from "../../domain/ledger.ts";
import type { LedgerRow } from "../../domain/ledger-row.ts";
import type { Memory } from "../../domain/memory.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import type { MemoryPage } from "../../sources/memory-source.ts";
import type { LedgerScope } from "../../state/state-manager.ts";
import type { ChangeGuard } from "../guards/change-guard.ts";
import { knownRows } from "../known-rows.ts";
import { namedLikeGroup } from "../merged-documents.ts";
import { rowError } from "../retry-policy.ts";
import type { RunContext } from "../run-context.ts";
import { passes } from "../run-options.ts";
import { type Assessment, assess } from "./assess.ts";
import { ingestBroken } from "./broken-items.ts";
import { isInScope } from "./choose-range.ts";
import { noteWaiting } from "./watermark.ts";

/** Rows that are written in one step: it holds up the event loop for some 10 ms, and the service answers requests meanwhile. */
const chunkSize = 100;
/** Memories about which things are found out at the same time. Services have limits of their own. */
const enrichedTogether = 16;

/** Writes down what a part of a listing means for the ledger: what is new, changed, filtered out or broken. */
export async function ingestPage(
  run: RunContext,
  scope: LedgerScope,
  page: MemoryPage,
  guard: ChangeGuard,
): Promise<void> {
  const passing = page.memories.filter((memory) => passes(run.options.filter, memory));
  const memories = passing.filter(({ id }) => !isGroupKey(id));
  const malformed = [...page.malformed, ...passing.filter(({ id }) => isGroupKey(id)).map(namedLikeGroup)];
  run.report.counts.fetched += memories.length + malformed.length;
  for (let start = 0; start < memories.length; start += chunkSize) {
    await ingestMemories(run, scope, memories.slice(start, start + chunkSize), guard);
  }
  await ingestBroken(run, scope, malformed);
  reportAmbiguous(run, page);
  run.events.emit("run:progress", {
    phase: "discover",
    counts: run.report.counts,
    done: 0,
    total: run.report.counts.new + run.report.counts.changed,
  });
}

/** One id with several contents is named in the report; which of them was taken is the source's rule. */
function reportAmbiguous(run: RunContext, { ambiguous = [] }: MemoryPage): void {
  for (const id of ambiguous) {
    const message = `memory "${id}" came with different contents in one list`;
    run.report.addError(rowError(new ConnectorError("MEMORY_AMBIGUOUS", message)), id);
  }
}

async function ingestMemories(
  run: RunContext,
  scope: LedgerScope,
  shown: readonly Memory[],
  guard: ChangeGuard,
): Promise<void> {
  const known = await knownRows(
    run,
    scope,
    shown.map((memory) => memory.id),
  );
  guard.noteShown(scope.contextId, known.values());
  const memories = shown.filter((memory) => known.has(memory.id) || isInScope(run, scope, memory));
  const { force } = run.options;
  const { contextId } = scope;
  const look = async (memory: Memory) => {
    const row = known.get(memory.id);
    return { memory, row, assessment: await assess(run, { contextId, memory, row, force }, run.signal) };
  };
  const looked = await pMap(memories, look, { concurrency: enrichedTogether, signal: run.signal });
  const transitions = looked.flatMap(({ memory, row, assessment }): Transition[] => {
    count(run, scope, memory, assessment);
    if (row !== undefined && assessment.change === "unchanged") run.known.noteUnchanged(row, memory);
    const event = eventFor(row, assessment);
    if (event === null) return [];
    const fileSource = fileSourceOf(contextId, memory.id);
    return [{ row: row ?? newRow({ ...scope, memoryId: memory.id }, fileSource, run.clock.now()), event }];
  });
  await run.ledger.apply(guard.pass(transitions));
}

function count(run: RunContext, scope: LedgerScope, memory: Memory, { change, found }: Assessment): void {
  run.report.counts[change] += 1;
  if (found?.prepared.kind !== "skip") return;
  if (change !== "unchanged") run.report.counts.skipped += 1;
  if (found.prepared.reason === "pending_media") noteWaiting(run, scope.contextId, memory);
}

/** What follows for the row; null when it stays as it is. */
function eventFor(row: LedgerRow | undefined, { change, sourceHash, found }: Assessment): LedgerEvent | null {
  if (found === null) return null;
  if (change === "unchanged") return sourceHash === null ? null : { type: "confirm", sourceHash };
  const { memory, prepared } = found;
  const { contentHash, fileSource } = prepared;
  const groupKey = prepared.kind === "note" ? prepared.groupKey : null;
  const content = { memory, contentHash, sourceHash, groupKey, fileSource };
  if (prepared.kind === "document") return { type: "upsert", content };
  if (prepared.kind === "note") return { type: "skip", content, reason: "merged" };
  // This says nothing of the memory itself: what an earlier version of it has led to stays until the medium can be read.
  if (prepared.reason === "pending_media" && !holdsNothing(row)) return null;
  return { type: "skip", content, reason: prepared.reason };
}

function holdsNothing(row: LedgerRow | undefined): boolean {
  return row === undefined || row.status === "skipped" || row.status === "deleted";
}
