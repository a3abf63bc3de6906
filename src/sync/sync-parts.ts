import type { Enrichment } from "../documents/enrich/memory-enricher.ts";
import type { MemoryTransformer } from "../documents/memory-transformer.ts";
import type { Clock } from "../kernel/util/clock.ts";
import type { Emitter, Listenable } from "../kernel/util/event-bus.ts";
import type { LightRagClient } from "../sinks/lightrag/light-rag-client.ts";
import type { MemorySource } from "../sources/memory-source.ts";
import type { StateManager } from "../state/state-manager.ts";
import type { SyncEvents } from "./events.ts";
import type { SyncSettings } from "./sync-settings.ts";

/** The parts that a run works with; they outlive it. */
export interface SyncParts {
  source: MemorySource;
  enrichment: Enrichment;
  transformer: MemoryTransformer;
  sink: LightRagClient;
  state: StateManager;
  clock: Clock;
  events: Emitter<SyncEvents> & Listenable<SyncEvents>;
  /** In [0, 1); spreads retries. */
  random: () => number;
}

/** What a run of one connector works with. */
export interface ConnectorParts extends SyncParts {
  settings: SyncSettings;
}
