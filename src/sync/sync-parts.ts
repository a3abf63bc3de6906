import type { Enrichment } from "../documents/enrich/memory-enricher.ts";
import type { MemoryTransformer } from "../documents/memory-transformer.ts";
import type { Clock } from "../kernel/util/clock.ts";
import type { Emitter, Listenable } from "../kernel/util/event-bus.ts";
import type { Places } from "../kernel/util/places.ts";
import type { LightRagClient } from "../sinks/lightrag/light-rag-client.ts";
import type { MemorySource } from "../sources/memory-source.ts";
import type { StateManager } from "../state/state-manager.ts";
import type { SyncEvents } from "./events.ts";
import type { SyncSettings } from "./sync-settings.ts";

/** The long-lived dependencies of runs. */
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
  /** What all runs at this LightRAG have together of `maxInFlight`; left out, a run has all of it. */
  places?: Places | undefined;
}

/** The dependencies of a run of one connector. */
export interface ConnectorParts extends SyncParts {
  settings: SyncSettings;
}
