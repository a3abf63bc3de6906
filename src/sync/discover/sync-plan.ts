import type { Prepared } from "../../documents/memory-transformer.ts";
import { partKey } from "../../documents/note-group.ts";
import type { LedgerKey, RowError } from "../../domain/ledger-row.ts";
import type { NotDelivered } from "../../domain/run-record.ts";
import type { BudgetLimit, SpentBudget } from "../../state/record-stores.ts";
import { BudgetForecast, type Forecast, leftOfBudget } from "../guards/budget-forecast.ts";
import { costOf, type DocumentCost, isLimited } from "../guards/day-budget.ts";
import { keyOf } from "../memory-key.ts";
import type { DayBudget, SyncSettings } from "../sync-settings.ts";

/** What a run would do, in counts of memories. */
export interface SyncPlan {
  connectorId: string;
  fetched: number;
  new: number;
  changed: number;
  unchanged: number;
  /** Of the documents, those whose memory is as it was, and which would only be written otherwise; counted where a person asks for them. */
  outdated: number;
  skipped: number;
  malformed: number;
  /** What the first items that are malformed or in doubt have; for people. */
  problems: string[];
  /** Shown by the source, but not readable yet. */
  pending: number;
  /** Left from earlier runs, to be sent in addition to what is new and changed. */
  waiting: number;
  documents: number;
  characters: number;
  /** See `estimateTokens`. */
  estimatedTokens: number;
  truncated: string | null;
  queryRange: SyncSettings["queryRange"];
  /** Memories of the source that are outside of a fixed range and not delivered. */
  outside: number;
  /** Requested ids that the source does not show. */
  notFound: string[];
  /** Requested memories that would not be delivered, with the reason. */
  notDelivered: NotDelivered[];
  /** What a brake would hold, and how to say that it is right. */
  brakes: RowError[];
  /** What of it today's budget has room for; null without a budget. */
  budget: (Forecast & { left: Record<BudgetLimit, number | null> }) | null;
  /** Recordings and pictures that a model has not read yet. */
  media: number;
  /** Those of them that wait for later runs, and for which limit: requests of a run or a day, or documents of a day. */
  mediaHeld: { count: number; limit: "run" | "day" | "documents" } | null;
}

export function emptyPlan({ connectorId, queryRange }: SyncSettings): SyncPlan {
  return {
    connectorId,
    fetched: 0,
    new: 0,
    changed: 0,
    unchanged: 0,
    outdated: 0,
    skipped: 0,
    malformed: 0,
    problems: [],
    pending: 0,
    waiting: 0,
    documents: 0,
    characters: 0,
    estimatedTokens: 0,
    truncated: null,
    queryRange,
    outside: 0,
    notFound: [],
    notDelivered: [],
    brakes: [],
    budget: null,
    media: 0,
    mediaHeld: null,
  };
}

/** A document and the time of its memory, or of the newest of its notes. Milliseconds since the epoch. */
interface PlannedDocument {
  cost: DocumentCost;
  createdAt: number;
}

/** Counts documents; the notes of a group count as one, or as several where one would be full. */
export class DocumentTally {
  readonly #plan: SyncPlan;
  readonly #documents = new Map<string, PlannedDocument>();
  /** The newest document of each group. */
  readonly #parts = new Map<string, number>();
  readonly #limit: number;

  /** `limit`: a shared document that has so many characters takes no more notes. */
  constructor(plan: SyncPlan, limit: number) {
    this.#plan = plan;
    this.#limit = limit;
  }

  /** `inGroup`: the characters of a note in a shared document. */
  count(
    { contextId, memoryId }: LedgerPlace,
    createdAt: number,
    prepared: Prepared | null,
    inGroup = 0,
  ): void {
    if (prepared === null || prepared.kind === "skip") return;
    const alone = costOf(prepared.text);
    const cost = { ...alone, characters: Math.max(alone.characters, inGroup) };
    this.#plan.characters += cost.characters;
    this.#plan.estimatedTokens += cost.tokens;
    const isNote = prepared.kind === "note";
    const key = isNote ? this.#partOf(contextId, prepared.groupKey, cost) : keyOf({ contextId, memoryId });
    const known = this.#documents.get(key);
    this.#documents.set(key, known === undefined ? { cost, createdAt } : joined(known, { cost, createdAt }));
    this.#plan.documents = this.#documents.size;
  }

  #partOf(contextId: string, groupKey: string, { characters }: DocumentCost): string {
    const group = keyOf({ contextId, memoryId: groupKey });
    const part = this.#parts.get(group) ?? 1;
    const key = keyOf({ contextId, memoryId: partKey(groupKey, part) });
    const known = this.#documents.get(key);
    if (known === undefined || known.cost.characters + characters <= this.#limit) return key;
    this.#parts.set(group, part + 1);
    return keyOf({ contextId, memoryId: partKey(groupKey, part + 1) });
  }

  /** What of it today's budget has room for: as in a run, the newest memories go first. */
  noteBudget(budget: DayBudget, spent: SpentBudget): void {
    if (!isLimited(budget)) return;
    const forecast = new BudgetForecast(budget, spent);
    const newestFirst = [...this.#documents.values()].toSorted((a, b) => b.createdAt - a.createdAt);
    for (const { cost } of newestFirst) forecast.add(cost);
    this.#plan.budget = { ...forecast.forecast, left: leftOfBudget(budget, spent) };
  }
}

type LedgerPlace = Pick<LedgerKey, "contextId" | "memoryId">;

function joined(one: PlannedDocument, other: PlannedDocument): PlannedDocument {
  const cost = {
    documents: 1,
    characters: one.cost.characters + other.cost.characters,
    tokens: one.cost.tokens + other.cost.tokens,
  };
  return { cost, createdAt: Math.max(one.createdAt, other.createdAt) };
}
