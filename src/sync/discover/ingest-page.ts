import pMap from "p-map";
import { fileSourceOf } from "../../documents/file-source.ts";
import { isGroupKey } from "../../documents/note-group.ts";
import {
  isErased,
  type LedgerEvent,
  transitions as moves,
  newRow,
  type Transition,
} from "../../domain/ledger.ts";
import type { LedgerRow } from "../../domain/ledger-row.ts";
import type { Memory } from "../../domain/memory.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import type { MemoryPage } from "../../sources/memory-source.ts";
import type { LedgerScope } from "../../state/state-manager.ts";
import type { ChangeGuard } from "../guards/change-guard.ts";
import { eraseListed, knownRows } from "../known-rows.ts";
import { namedLikeGroup } from "../merged-documents.ts";
import type { RunReport } from "../report/run-report.ts";
import { rowError } from "../retry-policy.ts";
import { passes } from "../run-options.ts";
import { type Assessment, assess } from "./assess.ts";
import { ingestBroken } from "./broken-items.ts";
import { isInScope } from "./choose-range.ts";
import type { DiscoverParts } from "./discover-parts.ts";
import { divideGroups } from "./divide-groups.ts";

type IngestParts = Pick<
  DiscoverParts,
  | "source"
  | "state"
  | "transformer"
  | "enrichment"
  | "enricher"
  | "ledger"
  | "clock"
  | "events"
  | "known"
  | "waiting"
  | "settings"
  | "options"
>;

/** The state of one listing of the source. */
export interface Look {
  guard: ChangeGuard;
  report: Pick<RunReport, "counts" | "addError">;
}

/** Rows per transaction: each blocks the event loop for some 10 ms, and the service answers requests in between. */
const chunkSize = 100;
/** Memories that are enriched concurrently. Services have limits of their own. */
const enrichedTogether = 16;

/** Ingests a page of a listing into the ledger: what is new, changed, filtered out or broken. */
export async function ingestPage(
  parts: IngestParts,
  scope: LedgerScope,
  page: MemoryPage,
  look: Look,
  signal: AbortSignal,
): Promise<void> {
  const { report } = look;
  const passing = page.memories.filter((memory) => passes(parts.options.filter, memory));
  const memories = passing.filter(({ id }) => !isGroupKey(id));
  const malformed = [...page.malformed, ...passing.filter(({ id }) => isGroupKey(id)).map(namedLikeGroup)];
  report.counts.fetched += memories.length + malformed.length;
  for (let start = 0; start < memories.length; start += chunkSize) {
    const chunk = { ...page, memories: memories.slice(start, start + chunkSize) };
    await ingestMemories(parts, scope, chunk, look, signal);
  }
  await ingestBroken(parts, scope, malformed, report);
  reportAmbiguous(report, page);
  reportDoubts(report, page);
  parts.events.emit("run:progress", {
    phase: "discover",
    counts: report.counts,
    done: 0,
    total: report.counts.new + report.counts.changed,
  });
}

/** Reports ids with several contents; the source's rule decides which of them is used. */
function reportAmbiguous(report: Look["report"], { ambiguous = [] }: MemoryPage): void {
  for (const id of ambiguous) {
    const message = `memory "${id}" came with different contents in one list`;
    report.addError(rowError(new ConnectorError("MEMORY_AMBIGUOUS", message)), id);
  }
}

/** Reports memories of which something cannot be read, such as their time: they are carried, but not as their source means them. */
function reportDoubts(report: Look["report"], { doubts = [] }: MemoryPage): void {
  for (const { id, problem } of doubts)
    report.addError(rowError(new ConnectorError("MEMORY_IN_DOUBT", problem)), id);
}

async function ingestMemories(
  parts: IngestParts,
  scope: LedgerScope,
  { memories: shown, formerIds }: Pick<MemoryPage, "memories" | "formerIds">,
  { guard, report }: Look,
  signal: AbortSignal,
): Promise<void> {
  const ids = shown.map((memory) => memory.id);
  await eraseListed(parts, scope, ids);
  const known = await knownRows(parts, scope, ids, formerIds);
  guard.noteShown(scope.contextId, known.values());
  const memories = shown.filter((memory) => known.has(memory.id) || isInScope(parts, scope, memory));
  const { force, outdated } = parts.options;
  const { contextId } = scope;
  const look = async (memory: Memory) => {
    const row = known.get(memory.id);
    return {
      memory,
      row,
      assessment: await assess(parts, { contextId, memory, row, force, outdated }, signal),
    };
  };
  const looked = await pMap(memories, look, { concurrency: enrichedTogether, signal });
  const transitions = looked.flatMap(({ memory, row, assessment }): Transition[] => {
    count(report, assessment);
    if (isPendingMedia(assessment)) parts.waiting.note(contextId, Date.parse(memory.createdAt));
    if (row !== undefined && assessment.change === "unchanged") parts.known.noteUnchanged(row, memory);
    const event = eventFor(row, assessment);
    if (event === null) return [];
    const fileSource = fileSourceOf(contextId, memory.id);
    return [{ row: row ?? newRow({ ...scope, memoryId: memory.id }, fileSource, parts.clock.now()), event }];
  });
  const former = await formerRows(parts, scope, ids, formerIds);
  const divided = await divideGroups(parts, scope, transitions);
  await parts.ledger.apply([...guard.pass(divided), ...former]);
}

/**
 * What was delivered under an id whose words are taken out by now goes in the same step in which the memory comes under its other id. No text is
 * lost by it, so no guard has to hold it.
 */
async function formerRows(
  parts: IngestParts,
  scope: LedgerScope,
  ids: readonly string[],
  formerIds: MemoryPage["formerIds"] = new Map(),
): Promise<Transition[]> {
  const former = ids.flatMap((id) => formerIds.get(id) ?? []);
  if (former.length === 0) return [];
  const rows = await parts.state.getRows(scope, former);
  return Array.from(rows.values())
    .filter((row) => row.status !== "deleted" && !isErased(row) && moves[row.status].vanish !== undefined)
    .map((row) => ({ row, event: { type: "vanish" } }));
}

function count({ counts }: Look["report"], { change, found }: Assessment): void {
  counts[change] += 1;
  if (found?.prepared.kind === "skip" && change !== "unchanged") counts.skipped += 1;
}

/** The memory waits for a medium: the source has to show it again. */
function isPendingMedia({ found }: Assessment): boolean {
  return found?.prepared.kind === "skip" && found.prepared.reason === "pending_media";
}

/** The event for the row; null when it does not change. */
/** What an assessment means for its row; null when nothing follows. */
export function eventFor(
  row: LedgerRow | undefined,
  { change, sourceHash, found, isAsked }: Assessment,
): LedgerEvent | null {
  if (found === null) return null;
  if (change === "unchanged") return sourceHash === null ? null : { type: "confirm", sourceHash };
  const { memory, prepared } = found;
  const { contentHash, fileSource } = prepared;
  const groupKey = prepared.kind === "note" ? prepared.groupKey : null;
  const content = { memory, contentHash, sourceHash, groupKey, fileSource };
  if (prepared.kind === "document") return { type: "upsert", content, ...(isAsked && { asked: true }) };
  if (prepared.kind === "note") return { type: "skip", content, reason: "merged" };
  // This says nothing about the memory itself: the result of an earlier version is kept until the medium can be read.
  if (prepared.reason === "pending_media" && !holdsNothing(row)) return null;
  return { type: "skip", content, reason: prepared.reason };
}

function holdsNothing(row: LedgerRow | undefined): boolean {
  return row === undefined || row.status === "skipped" || row.status === "deleted";
}
