import pMap from "p-map";
import { ConnectorError } from "../errors/connector-error.ts";
import type { MalformedMemory, Memory } from "../memory/memory.ts";
import type { MemoryPage, QueryRange } from "../memory/memory-source.ts";
import { chooseRange } from "../memory/query-range.ts";
import { isErased, type LedgerEvent, newRow } from "../state/ledger.ts";
import type { LedgerRow } from "../state/ledger-row.ts";
import type { LedgerScope } from "../state/state-manager.ts";
import { fileSourceOf } from "../transform/file-source.ts";
import { isGroupKey } from "../transform/merge/note-group.ts";
import { type Assessment, assess } from "./assess.ts";
import { namedLikeGroup, rebuildDoubtedGroups, withGroups } from "./groups.ts";
import type { Transition } from "./ledger-writer.ts";
import { judgeMissing, ShownMemories } from "./missing.ts";
import { RunReport } from "./report.ts";
import { ResendBrake } from "./resend-brake.ts";
import { rowError } from "./retry-policy.ts";
import type { RunContext } from "./run-context.ts";
import type { RunOptions } from "./sync-settings.ts";
import { advanceWatermark, isFiltered, type Listing, noteWaiting, passes } from "./watermark.ts";

const chunkSize = 500;
/** Memories about which things are found out at the same time. Services have limits of their own. */
const enrichedTogether = 16;

/**
 * Reads the source and writes down what is new, changed or filtered out. Nothing is sent to LightRAG here. Throws `RUN_HELD` when
 * too many delivered memories would be sent again.
 */
export async function discover(run: RunContext): Promise<void> {
  await rebuildDoubtedGroups(run);
  const brake = new ResendBrake(run);
  const listings = await readContexts(run, brake);
  if (!(await brake.release())) await readContexts(uncounted(run), brake);
  if (isFiltered(run.options.filter)) return;
  for (const { scope, listing, range, shown } of listings) {
    const { startedAt, truncated } = listing;
    const doubt = truncated ?? (await judgeMissing(run, { scope, range, startedAt, shown }));
    await advanceWatermark(run, scope, { ...listing, truncated: doubt });
  }
}

/** What a second look finds, the first one has counted. */
function uncounted(run: RunContext): RunContext {
  return { ...run, report: new RunReport(run.settings.connectorId, run.options, run.clock.now()) };
}

async function readContexts(run: RunContext, brake: ResendBrake): Promise<ReadContext[]> {
  const contexts: ReadContext[] = [];
  for (const contextId of run.settings.contextIds) contexts.push(await readContext(run, contextId, brake));
  return contexts;
}

interface ReadContext {
  scope: LedgerScope;
  range: QueryRange;
  listing: Listing;
  /** Empty where nobody will ask. */
  shown: ShownMemories;
}

async function readContext(run: RunContext, contextId: string, brake: ResendBrake): Promise<ReadContext> {
  const scope = { connectorId: run.settings.connectorId, contextId };
  const state = await run.state.getSyncState(scope);
  const startedAt = run.clock.now();
  const range = chooseRange(
    readsAll(run.options) ? "all" : run.settings.queryRange,
    state?.watermark ?? null,
    startedAt,
  );
  let seen = 0;
  const shown = new ShownMemories();
  const isJudged = run.settings.deletions.policy !== "ignore" && !isFiltered(run.options.filter);
  let truncated: string | null = null;
  for await (const page of run.source.list(
    { contextId, range, limit: run.settings.queryLimit },
    run.signal,
  )) {
    seen += page.memories.length + page.malformed.length;
    if (isJudged) shown.add(page);
    await takeUp(run, scope, page, brake);
    truncated = page.truncated?.reason ?? null;
  }
  if (truncated !== null) reportTruncation(run, contextId, truncated);
  return { scope, range, shown, listing: { startedAt, seen, truncated, previous: state } };
}

function readsAll({ filter, wholeSource }: RunOptions): boolean {
  return wholeSource === true || isFiltered(filter);
}

function reportTruncation(run: RunContext, contextId: string, reason: string): void {
  const error = new ConnectorError(
    "SOURCE_TRUNCATED",
    `the list of context "${contextId}" is not complete: ${reason}`,
    {
      subject: contextId,
    },
  );
  run.report.truncated = error.message;
  run.report.addError(rowError(error));
}

async function takeUp(
  run: RunContext,
  scope: LedgerScope,
  page: MemoryPage,
  brake: ResendBrake,
): Promise<void> {
  const passing = page.memories.filter((memory) => passes(run.options.filter, memory));
  const memories = passing.filter(({ id }) => !isGroupKey(id));
  const malformed = [...page.malformed, ...passing.filter(({ id }) => isGroupKey(id)).map(namedLikeGroup)];
  run.report.counts.fetched += memories.length + malformed.length;
  for (let start = 0; start < memories.length; start += chunkSize) {
    await takeUpMemories(run, scope, memories.slice(start, start + chunkSize), brake);
  }
  await takeUpMalformed(run, scope, malformed);
  run.events.emit("run:progress", {
    runId: run.options.runId,
    connectorId: scope.connectorId,
    phase: "discover",
    counts: run.report.counts,
    done: 0,
    total: run.report.counts.new + run.report.counts.changed,
  });
}

async function takeUpMemories(
  run: RunContext,
  scope: LedgerScope,
  memories: readonly Memory[],
  brake: ResendBrake,
): Promise<void> {
  const known = await run.state.getRows(
    scope,
    memories.map((memory) => memory.id),
  );
  const { force, filter } = run.options;
  const isNamed = (id: string) => filter.ids?.has(id) === true;
  const { contextId } = scope;
  const assessments = await pMap(
    memories,
    (memory) =>
      assess(
        run,
        { contextId, memory, row: known.get(memory.id), force, named: isNamed(memory.id) },
        run.signal,
      ),
    { concurrency: enrichedTogether, signal: run.signal },
  );
  const transitions = memories.flatMap((memory, index): Transition[] => {
    const assessment = assessments[index];
    const row = known.get(memory.id);
    const event = assessment === undefined ? null : eventFor(row, assessment);
    if (assessment !== undefined) count(run, scope, memory, assessment);
    if (event === null) return [];
    const fileSource = fileSourceOf(contextId, memory.id);
    return [{ row: row ?? newRow({ ...scope, memoryId: memory.id }, fileSource, run.clock.now()), event }];
  });
  await run.ledger.apply(await withGroups(run, brake.pass(transitions)));
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
  if (change === "unchanged") {
    return sourceHash === null || row?.sourceHash === sourceHash ? null : { type: "confirm", sourceHash };
  }
  const { memory, prepared } = found;
  const { contentHash, fileSource } = prepared;
  const groupKey = prepared.kind === "note" ? prepared.groupKey : null;
  const wanted = { memory, contentHash, sourceHash, groupKey, fileSource };
  if (prepared.kind === "document") return { type: "want", wanted };
  if (prepared.kind === "note") return { type: "skip", wanted, reason: "merged" };
  // No verdict on the memory: what an earlier version of it has led to stays until the medium can be read.
  if (prepared.reason === "pending_media" && !holdsNothing(row)) return null;
  return { type: "skip", wanted, reason: prepared.reason };
}

function holdsNothing(row: LedgerRow | undefined): boolean {
  return row === undefined || row.status === "skipped" || row.status === "deleted";
}

/** A broken item becomes a dead letter; a document that stands for an earlier, good version of it is left alone. */
async function takeUpMalformed(
  run: RunContext,
  scope: LedgerScope,
  items: readonly MalformedMemory[],
): Promise<void> {
  run.report.counts.malformed += items.length;
  const named = items.map((item) => ({
    item,
    memoryId: item.id ?? `malformed-${item.fingerprint.slice(0, 16)}`,
  }));
  const known = await run.state.getRows(
    scope,
    named.map(({ memoryId }) => memoryId),
  );
  const transitions = named.flatMap(({ item, memoryId }): Transition[] => {
    const fileSource = fileSourceOf(scope.contextId, memoryId);
    const row = known.get(memoryId) ?? newRow({ ...scope, memoryId }, fileSource, run.clock.now());
    const error = rowError(
      new ConnectorError("MEMORY_MALFORMED", `the item is not a memory: ${item.problems.join("; ")}`, {
        subject: memoryId,
      }),
    );
    if (row.contentHash === item.fingerprint || isErased(row)) return [];
    return [{ row, event: { type: "malformed", contentHash: item.fingerprint, error } }];
  });
  await run.ledger.apply(await withGroups(run, transitions));
}
