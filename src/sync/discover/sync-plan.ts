import type { Prepared } from "../../documents/memory-transformer.ts";
import type { NotDelivered } from "../../domain/run-record.ts";
import { estimateTokens } from "../guards/estimate-tokens.ts";
import { keyOf } from "../memory-key.ts";
import type { SyncSettings } from "../sync-settings.ts";

/** What a run would do, in counts of memories. */
export interface SyncPlan {
  connectorId: string;
  fetched: number;
  new: number;
  changed: number;
  unchanged: number;
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
}

export function emptyPlan({ connectorId, queryRange }: SyncSettings): SyncPlan {
  return {
    connectorId,
    fetched: 0,
    new: 0,
    changed: 0,
    unchanged: 0,
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
  };
}

/** Counts documents; the notes of a group count as one. */
export class DocumentTally {
  readonly #plan: SyncPlan;
  readonly #groups = new Set<string>();
  #singles = 0;

  constructor(plan: SyncPlan) {
    this.#plan = plan;
  }

  count(contextId: string, prepared: Prepared | null): void {
    if (prepared === null || prepared.kind === "skip") return;
    this.#plan.characters += prepared.text.length;
    this.#plan.estimatedTokens += estimateTokens(prepared.text);
    if (prepared.kind === "note") this.#groups.add(keyOf({ contextId, memoryId: prepared.groupKey }));
    else this.#singles += 1;
    this.#plan.documents = this.#singles + this.#groups.size;
  }
}
