import type { Prepared } from "../../documents/memory-transformer.ts";
import { isErased } from "../../domain/ledger.ts";
import type { LedgerKey, LedgerRow, LedgerStatus } from "../../domain/ledger-row.ts";
import type { NotDelivered } from "../../domain/run-record.ts";
import type { MemoryPage } from "../../sources/memory-source.ts";
import { allRows } from "../../state/all-rows.ts";
import type { LedgerScope } from "../../state/state-manager.ts";
import { estimatedTokens } from "../guards/day-budget.ts";
import { knownRows } from "../known-rows.ts";
import { keyOf } from "../memory-key.ts";
import { scopeOf } from "../query-range.ts";
import { renderDocument } from "../render-document.ts";
import { notShown } from "../report/not-delivered.ts";
import { skipped, type Why, whyNotDelivered } from "../report/why-not-delivered.ts";
import type { SyncParts } from "../run-context.ts";
import { type MemoryFilter, passes } from "../run-options.ts";
import { SeenIds } from "../seen-ids.ts";
import type { SyncSettings } from "../sync-settings.ts";
import { type Assessment, type AssessParts, assess } from "./assess.ts";
import { rangeFor } from "./choose-range.ts";
import { listPages } from "./list-pages.ts";
import { countBeyond } from "./outside.ts";

/** What a run would do, in counts of memories. */
export interface SyncPlan {
  connectorId: string;
  fetched: number;
  new: number;
  changed: number;
  unchanged: number;
  skipped: number;
  malformed: number;
  /** Left over from earlier runs, to be sent besides what is new and changed. */
  waiting: number;
  documents: number;
  characters: number;
  /** At four characters a token, the usual rule for English. */
  estimatedTokens: number;
  truncated: string | null;
  queryRange: SyncSettings["queryRange"];
  /** Memories of the source that lie outside of a fixed range and are not delivered. */
  outside: number;
  /** Ids that were named, and that the source does not show. */
  notFound: string[];
  /** Of the memories that were named, those that would not be delivered, and why. */
  notDelivered: NotDelivered[];
}

type PlanParts = Pick<SyncParts, "source" | "state" | "enrichment" | "transformer" | "clock">;

interface PlanRequest {
  force: boolean;
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
  const tally = new DocumentTally(plan);
  const enricher = parts.enrichment.forPlan();
  for await (const row of allRows(parts.state, { connectorId: settings.connectorId, statuses: toBeSent })) {
    plan.waiting += 1;
    tally.count(row.contextId, renderDocument(parts, row));
  }
  const notFound = new Set(request.filter.ids);
  for (const contextId of settings.contextIds) {
    const scope = { connectorId: settings.connectorId, contextId };
    const state = await parts.state.getSyncState(scope);
    const range = await rangeFor(parts, settings, scope, state, request);
    const lore = state?.learnt?.lore ?? null;
    const listing = { scope, range, startedAt: parts.clock.now() };
    const shown = new SeenIds();
    const listRequest = {
      contextId,
      scope: scopeOf(range, parts.clock.now()),
      limit: settings.queryLimit,
      lore,
    };
    for await (const page of listPages(parts.source, listRequest, signal)) {
      shown.add(page);
      await planPage({ ...parts, enricher }, scope, request, page, { plan, tally }, signal);
    }
    for (const id of notFound) if (shown.has(id)) notFound.delete(id);
    if (settings.queryRange !== "auto" && range !== "all")
      plan.outside += (await countBeyond(parts, settings, { ...listing, shown, lore }, signal)).count;
  }
  plan.notFound = [...notFound];
  for (const memoryId of notFound) plan.notDelivered.push({ memoryId, contextId: null, ...notShown });
  plan.estimatedTokens = estimatedTokens(plan.characters);
  return plan;
}

async function planPage(
  parts: PlanParts & AssessParts,
  scope: LedgerScope,
  request: PlanRequest,
  page: MemoryPage,
  { plan, tally }: { plan: SyncPlan; tally: DocumentTally },
  signal: AbortSignal,
): Promise<void> {
  const memories = page.memories.filter((memory) => passes(request.filter, memory));
  const known = await knownRows(
    parts,
    scope,
    memories.map((memory) => memory.id),
  );
  plan.fetched += memories.length + page.malformed.length;
  plan.malformed += page.malformed.length;
  plan.truncated = page.truncated?.reason ?? plan.truncated;
  for (const memory of memories) {
    const row = known.get(memory.id);
    const { contextId } = scope;
    const assessment = await assess(parts, { contextId, memory, row, force: request.force }, signal);
    plan[assessment.change] += 1;
    const why =
      request.filter.ids === undefined
        ? null
        : whyNotSent(row, { ...scope, memoryId: memory.id }, assessment, parts.clock.now());
    if (why !== null) plan.notDelivered.push({ memoryId: memory.id, contextId, ...why });
    if (assessment.change === "unchanged" || assessment.found === null) continue;
    const { prepared } = assessment.found;
    if (prepared.kind === "skip") plan.skipped += 1;
    if (!isCounted(row)) tally.count(contextId, prepared);
  }
}

/** Why a memory that a person has named would not be sent, nor is delivered; null where it would, or is. */
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

/** True for a row that was counted among those that wait. */
function isCounted(row: LedgerRow | undefined): boolean {
  return row !== undefined && toBeSent.includes(row.status);
}

/** Adds documents up; the notes of a group make one. */
class DocumentTally {
  private readonly plan: SyncPlan;
  private readonly groups = new Set<string>();
  private singles = 0;

  constructor(plan: SyncPlan) {
    this.plan = plan;
  }

  count(contextId: string, prepared: Prepared | null): void {
    if (prepared === null || prepared.kind === "skip") return;
    this.plan.characters += prepared.text.length;
    if (prepared.kind === "note") this.groups.add(keyOf({ contextId, memoryId: prepared.groupKey }));
    else this.singles += 1;
    this.plan.documents = this.singles + this.groups.size;
  }
}

function emptyPlan({ connectorId, queryRange }: SyncSettings): SyncPlan {
  return {
    connectorId,
    fetched: 0,
    new: 0,
    changed: 0,
    unchanged: 0,
    skipped: 0,
    malformed: 0,
    waiting: 0,
    documents: 0,
    characters: 0,
    estimatedTokens: 0,
    truncated: null,
    queryRange,
    outside: 0,
    notFound: [],
    notDelivered: [],
  };
}
