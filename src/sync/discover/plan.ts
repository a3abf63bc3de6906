import { isErased } from "../../domain/ledger.ts";
import type { LedgerKey, LedgerRow, LedgerStatus, RowError } from "../../domain/ledger-row.ts";
import { type Memory, problemsOf } from "../../domain/memory.ts";
import { toConnectorError } from "../../kernel/errors/connector-error.ts";
import { sum } from "../../kernel/util/collections.ts";
import type { MemoryPage } from "../../sources/memory-source.ts";
import { allRows } from "../../state/ledger-rows.ts";
import type { LedgerScope } from "../../state/state-manager.ts";
import { ChangeGuard } from "../guards/change-guard.ts";
import { documentsLeftToday, spentToday } from "../guards/day-budget.ts";
import { assessRemovals } from "../guards/deletions.ts";
import { knownRows } from "../known-rows.ts";
import { outdatedGroups } from "../merged-documents.ts";
import { renderDocument } from "../render-document.ts";
import { notShown, outside, waitsForSource } from "../report/not-delivered.ts";
import { broken, skipped, type Why, whyNotDelivered } from "../report/why-not-delivered.ts";
import { rowError } from "../retry-policy.ts";
import { type MemoryFilter, passes } from "../run-options.ts";
import { SeenIds } from "../seen-ids.ts";
import type { SyncParts } from "../sync-parts.ts";
import type { SyncSettings } from "../sync-settings.ts";
import { type Assessment, type AssessParts, assess } from "./assess.ts";
import { chooseListing, isInScope } from "./choose-range.ts";
import { charactersOf } from "./divide-groups.ts";
import { eventFor } from "./ingest-page.ts";
import { listPages, requestOf } from "./list-pages.ts";
import { countBeyond } from "./outside.ts";
import { DocumentTally, emptyPlan, type SyncPlan } from "./sync-plan.ts";

type PlanParts = Pick<SyncParts, "source" | "state" | "enrichment" | "transformer" | "clock">;

/** The brakes of a run that is only planned: they write nothing down, and what they would hold is collected. */
function planBrakes({ state, source }: PlanParts, settings: SyncSettings, options: PlanRequest) {
  const held: RowError[] = [];
  const report = {
    heldBack: new Set<string>(),
    truncated: null,
    addError: (error: RowError) => held.push(error),
  };
  const silent = { emit: () => undefined };
  const parts = {
    state,
    source,
    settings,
    options,
    report,
    events: silent,
    ledger: { apply: async () => [] },
  };
  return { held, parts, guard: new ChangeGuard(parts) };
}

/** Documents of groups are made of what the ledger has, whatever the source shows. */
async function planGroups(parts: PlanParts, plan: SyncPlan, tally: DocumentTally): Promise<void> {
  for await (const { row, event } of outdatedGroups(parts, plan.connectorId)) {
    if (event.type !== "upsert") continue;
    const { memory } = event.content;
    plan.outdated += 1;
    tally.count(row, Date.parse(memory.createdAt), parts.transformer.write(row.contextId, memory));
  }
}

interface PlanRequest {
  force: boolean;
  outdated?: boolean;
  filter: MemoryFilter;
}

const toBeSent: readonly LedgerStatus[] = ["pending", "submitting", "failed", "deleting"];

/** Reads the source and the ledger as a run would, and changes nothing. */
export async function planRun(
  parts: PlanParts,
  settings: SyncSettings,
  request: PlanRequest,
  signal: AbortSignal,
): Promise<SyncPlan> {
  const plan = emptyPlan(settings);
  const tally = new DocumentTally(plan, settings.mergeDocumentCharacters);
  const enricher = parts.enrichment.forPlan();
  for await (const row of allRows(parts.state, { connectorId: settings.connectorId, statuses: toBeSent })) {
    plan.waiting += 1;
    tally.count(row, row.memoryCreatedAt ?? 0, renderDocument(parts, row));
  }
  if (request.outdated === true) await planGroups(parts, plan, tally);
  const { held, guard, parts: brakes } = planBrakes(parts, settings, request);
  const unplanned = new Set(request.filter.ids);
  const everything: SeenIds[] = [];
  const planned: Planned = { plan, tally, unplanned, guard, media: [] };
  for (const contextId of settings.contextIds) {
    const scope = { connectorId: settings.connectorId, contextId };
    const state = await parts.state.getSyncState(scope);
    const reader = { ...parts, settings, options: request };
    const asked = await chooseListing(parts, settings, scope, state, request);
    const lore = state?.learnt?.lore ?? null;
    const listing = { scope, range: asked.range, startedAt: parts.clock.now() };
    const shown = new SeenIds();
    everything.push(shown);
    for await (const page of listPages(parts.source, requestOf(reader, scope, asked, lore), signal)) {
      shown.add(page);
      plan.truncated = page.truncated?.reason ?? plan.truncated;
      await planPage({ ...reader, enricher }, scope, page, planned, signal);
    }
    const list = { ...listing, shown, truncated: plan.truncated };
    await assessRemovals(brakes, list, guard.removalsOf(contextId));
    if (settings.queryRange !== "auto" && asked.range !== "all")
      plan.outside += (await countBeyond(parts, settings, { ...listing, shown, lore }, signal)).count;
  }
  await guard.checkResends().catch((error) => held.push(rowError(toConnectorError(error))));
  plan.brakes = held;
  tally.noteBudget(settings.budget, await spentToday(parts.state.budgets, settings, parts.clock));
  await planMedia(parts, settings, planned);
  for (const memoryId of unplanned)
    plan.notDelivered.push({ memoryId, contextId: null, ...whyUnplanned(memoryId, everything) });
  plan.notFound = [...unplanned].filter((id) => !everything.some((shown) => shown.has(id)));
  return plan;
}

/** A memory that waits for its medium counts too, and one that the connector does not carry is not looked into. */
function noteMedia(
  { plan, media }: Planned,
  { enrichment }: Pick<PlanParts, "enrichment">,
  { memory, prepared }: NonNullable<Assessment["found"]>,
): void {
  if (prepared.kind === "skip" && prepared.reason === "not_chosen") return;
  const count = enrichment.mediaOf?.(memory) ?? 0;
  plan.media += count;
  if (count > 0) media.push(count);
}

/** What of the media waits for later runs: the narrowest of the limits says it. */
async function planMedia(
  { state, enrichment, clock }: PlanParts,
  settings: SyncSettings,
  { plan, media }: Planned,
): Promise<void> {
  const room = await enrichment.mediaLeft?.();
  if (room === undefined || plan.media === 0) return;
  const documents = await documentsLeftToday(state.budgets, settings, clock);
  const ofDocuments = sum(media.slice(Math.min(documents, media.length)));
  const ofRequests = Math.max(0, plan.media - room.left);
  if (ofDocuments > ofRequests) plan.mediaHeld = { count: ofDocuments, limit: "documents" };
  else if (ofRequests > 0) plan.mediaHeld = { count: ofRequests, limit: room.limit };
}

type PageParts = PlanParts & AssessParts & { settings: SyncSettings; options: PlanRequest };

interface Planned {
  plan: SyncPlan;
  tally: DocumentTally;
  /** Requested ids without a result so far. */
  unplanned: Set<string>;
  guard: ChangeGuard;
  /** For each memory with media that are to be read, how many. */
  media: number[];
}

async function planPage(
  parts: PageParts,
  scope: LedgerScope,
  page: MemoryPage,
  planned: Planned,
  signal: AbortSignal,
): Promise<void> {
  const { plan } = planned;
  const passing = page.memories.filter((memory) => passes(parts.options.filter, memory));
  const known = await knownRows(
    parts,
    scope,
    passing.map((memory) => memory.id),
    page.formerIds,
  );
  const memories = passing.filter((memory) => known.has(memory.id) || isInScope(parts, scope, memory));
  planned.guard.noteShown(scope.contextId, known.values());
  plan.fetched += memories.length + page.malformed.length;
  plan.malformed += page.malformed.length;
  noteProblems(plan, page);
  plan.pending += page.pending?.length ?? 0;
  plan.outside += passing.length - memories.length;
  planBroken(scope, page, planned);
  for (const memory of memories)
    await planMemory(parts, scope, { memory, row: known.get(memory.id) }, planned, signal);
}

/** So many problems of items are shown. */
const shownProblems = 5;

function noteProblems({ problems }: SyncPlan, { malformed, doubts = [] }: MemoryPage): void {
  const found = [...malformed.flatMap((item) => problemsOf(item)), ...doubts.map(({ problem }) => problem)];
  problems.push(...found.slice(0, shownProblems - problems.length));
}

/** A run would make it a dead letter. */
function planBroken(
  { contextId }: LedgerScope,
  { malformed }: MemoryPage,
  { plan, unplanned }: Planned,
): void {
  for (const item of malformed) {
    if (item.id !== null && unplanned.delete(item.id))
      plan.notDelivered.push({ memoryId: item.id, contextId, ...broken(item) });
  }
}

async function planMemory(
  parts: PageParts,
  scope: LedgerScope,
  { memory, row }: { memory: Memory; row: LedgerRow | undefined },
  planned: Planned,
  signal: AbortSignal,
): Promise<void> {
  const { plan, tally, unplanned, guard } = planned;
  const { contextId } = scope;
  const { force, outdated } = parts.options;
  const assessment = await assess(parts, { contextId, memory, row, force, outdated }, signal);
  plan[assessment.change] += 1;
  if (assessment.isAsked) plan.outdated += 1;
  const key = { ...scope, memoryId: memory.id };
  unplanned.delete(memory.id);
  const isNamed = parts.options.filter.ids !== undefined;
  const why = isNamed ? whyNotSent(row, key, assessment, parts.clock.now()) : null;
  if (why !== null) plan.notDelivered.push({ memoryId: memory.id, contextId, ...why });
  if (assessment.found === null) return;
  noteMedia(planned, parts, assessment.found);
  if (assessment.change === "unchanged") return;
  const { prepared } = assessment.found;
  const event = eventFor(row, assessment);
  if (row !== undefined && event !== null) guard.pass([{ row, event }]);
  if (prepared.kind === "skip") plan.skipped += 1;
  if (isCounted(row)) return;
  const inGroup = prepared.kind === "note" ? charactersOf(parts, scope, assessment.found.memory) : 0;
  tally.count(key, Date.parse(memory.createdAt), prepared, inGroup);
}

/** Why a requested memory is not sent that no context shows in a deliverable form. */
function whyUnplanned(memoryId: string, everything: readonly SeenIds[]): Why {
  if (everything.some((shown) => shown.isPending(memoryId))) return waitsForSource;
  return everything.some((shown) => shown.has(memoryId)) ? outside : notShown;
}

/** Why a requested memory is neither delivered nor would be sent; null otherwise. */
function whyNotSent(
  row: LedgerRow | undefined,
  key: LedgerKey,
  { change, found }: Assessment,
  now: number,
): Why | null {
  if (found?.prepared.kind === "skip" && change !== "unchanged") return skipped(key, found.prepared.reason);
  if (change !== "unchanged" || row === undefined || (isCounted(row) && !isErased(row))) return null;
  return whyNotDelivered(row, now);
}

/** True for a row that is counted as waiting. */
function isCounted(row: LedgerRow | undefined): boolean {
  return row !== undefined && toBeSent.includes(row.status);
}
