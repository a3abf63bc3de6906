import type { Enrichment, MemoryEnricher } from "../../documents/enrich/memory-enricher.ts";
import type { MemoryTransformer } from "../../documents/memory-transformer.ts";
import type { Clock } from "../../kernel/util/clock.ts";
import type { Emitter } from "../../kernel/util/event-bus.ts";
import type { SinkInfo } from "../../sinks/lightrag/light-rag-client.ts";
import type { MemorySource } from "../../sources/memory-source.ts";
import type { Backfill } from "../../state/record-stores.ts";
import type { StateManager } from "../../state/state-manager.ts";
import type { RunEvents } from "../events.ts";
import type { ChangeGuardParts } from "../guards/change-guard.ts";
import type { DeletionParts } from "../guards/deletions.ts";
import type { KnownDelivery } from "../known-delivery.ts";
import type { LedgerWriter } from "../ledger-writer.ts";
import type { RunReport } from "../report/run-report.ts";
import type { RunOptions } from "../run-options.ts";
import type { SyncSettings } from "../sync-settings.ts";

/** The time of the oldest memory that the source has to show again, by context. Milliseconds since the epoch. */
export class OldestWaiting {
  readonly #since = new Map<string, number>();

  /** File systems tell parts of a millisecond, which no record of ours holds: the memory is not older than the whole one. */
  note(contextId: string, at: number): void {
    this.#since.set(contextId, Math.min(Math.floor(at), this.of(contextId)));
  }

  /** Infinite when none waits. */
  of(contextId: string): number {
    return this.#since.get(contextId) ?? Number.POSITIVE_INFINITY;
  }
}

/** The dependencies of the discovery; each of its parts declares the subset that it uses. */
export interface DiscoverParts extends ChangeGuardParts, DeletionParts {
  readonly source: MemorySource;
  readonly state: ChangeGuardParts["state"] & DeletionParts["state"] & DiscoveryState;
  readonly transformer: MemoryTransformer;
  readonly enrichment: Pick<Enrichment, "sourceHash">;
  readonly enricher: MemoryEnricher;
  readonly ledger: LedgerWriter;
  readonly clock: Clock;
  readonly events: Emitter<RunEvents>;
  readonly report: RunReport;
  /** Sent again, it shows whether LightRAG refuses one document or all. */
  readonly known: KnownDelivery;
  readonly waiting: OldestWaiting;
  readonly info: Pick<SinkInfo, "location" | "workspace">;
  /** The active backfill, if any. */
  readonly backfill: Backfill | null;
  readonly settings: ChangeGuardParts["settings"] & DeletionParts["settings"] & DiscoverySettings;
  readonly options: Pick<
    RunOptions,
    "filter" | "hinted" | "force" | "outdated" | "wholeSource" | "adopt" | "acceptResends" | "acceptDeletions"
  >;
}

type DiscoveryState = Pick<
  StateManager,
  "getGroup" | "getSyncState" | "saveSyncState" | "oldestUnfinished" | "waiting" | "erasures" | "removeRows"
>;
type DiscoverySettings = Pick<
  SyncSettings,
  "contextIds" | "queryRange" | "fullLookMs" | "queryLimit" | "wanted" | "mergeDocumentCharacters"
>;
