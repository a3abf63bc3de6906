import type { Enrichment } from "../documents/enrich/enrichment.ts";
import type { MemoryEnricher } from "../documents/enrich/memory-enricher.ts";
import type { MemoryTransformer } from "../documents/memory-transformer.ts";
import type { Clock } from "../kernel/util/clock.ts";
import type { Emitter } from "../kernel/util/event-bus.ts";
import type { LightRagClient, SinkInfo } from "../sinks/lightrag/light-rag-client.ts";
import type { MemorySource } from "../sources/memory-source.ts";
import type { Backfill } from "../state/record-stores.ts";
import type { StateManager } from "../state/state-manager.ts";
import type { RunEvents, SyncEvents } from "./events.ts";
import type { KnownDelivery } from "./known-delivery.ts";
import type { LedgerWriter } from "./ledger-writer.ts";
import type { RunReport } from "./report/run-report.ts";
import type { Retries } from "./retry-policy.ts";
import type { RunOptions } from "./run-options.ts";
import type { SyncSettings } from "./sync-settings.ts";

/** The parts that a run works with; they outlive it. */
export interface SyncParts {
  source: MemorySource;
  enrichment: Enrichment;
  transformer: MemoryTransformer;
  sink: LightRagClient;
  state: StateManager;
  clock: Clock;
  events: Emitter<SyncEvents>;
  /** In [0, 1); spreads retries. */
  random: () => number;
}

/** What a run of one connector works with. */
export interface ConnectorParts extends SyncParts {
  settings: SyncSettings;
}

/** What the phases of one run share. */
export interface RunContext extends Omit<SyncParts, "events" | "random"> {
  settings: SyncSettings;
  events: Emitter<RunEvents>;
  retries: Retries;
  options: RunOptions;
  report: RunReport;
  ledger: LedgerWriter;
  enricher: MemoryEnricher;
  /** Old memories that a person has asked for, while they are not all done with. */
  backfill: Backfill | null;
  /** By context: the time of the oldest memory that waits for one of its media. Milliseconds since the epoch. */
  waitingSince: Map<string, number>;
  /** By it a LightRAG that refuses one document is told from one that refuses all. */
  known: KnownDelivery;
  info: SinkInfo;
  signal: AbortSignal;
}
