import { onTestFinished } from "vitest";
import { chainEnrichers, type Enrichment } from "../../src/documents/enrich/memory-enricher.ts";
import { MemoryTransformer, type TransformerOptions } from "../../src/documents/memory-transformer.ts";
import { createStrategy } from "../../src/documents/registry.ts";
import { sourceHasher } from "../../src/documents/source-hash.ts";
import type { Memory } from "../../src/domain/memory.ts";
import { ConnectorError } from "../../src/kernel/errors/connector-error.ts";
import { type Clock, systemClock } from "../../src/kernel/util/clock.ts";
import { EventBus } from "../../src/kernel/util/event-bus.ts";
import { memoryApiCapabilities } from "../../src/sources/memory-api/memory-api-options.ts";
import { rangeOfScope } from "../../src/sources/memory-api/query-range.ts";
import type { ListRequest, MemoryPage, MemorySource, SourceInfo } from "../../src/sources/memory-source.ts";
import type { SourceCapabilities } from "../../src/sources/source-capabilities.ts";
import { openState, type StateBackend } from "../../src/state/open-state.ts";
import type { StateManager } from "../../src/state/state-manager.ts";
import type { SyncEvents } from "../../src/sync/events.ts";
import { ConnectorSync } from "../../src/sync/run.ts";
import { newRunId, type RunOptions } from "../../src/sync/run-options.ts";
import type { SyncParts } from "../../src/sync/sync-parts.ts";
import type { SyncSettings } from "../../src/sync/sync-settings.ts";
import { EagerClock } from "./eager-clock.ts";
import { memoryState } from "./memory-state.ts";
import { ScriptedSink } from "./scripted-sink.ts";
import { temporaryFolder } from "./temp-folder.ts";

/** A source that shows what a test puts into it. */
export class ListedSource implements MemorySource {
  capabilities: SourceCapabilities = memoryApiCapabilities({ paging: "none", serverCap: "unknown" });
  memories: Memory[] = [];
  malformed: MemoryPage["malformed"] = [];
  pending: NonNullable<MemoryPage["pending"]> = [];
  /** Ids that it names as deleted. */
  deleted: string[] = [];
  truncated: MemoryPage["truncated"] = null;
  mayHaveDrifted = false;
  readonly ranges: string[] = [];
  /** Called before each listing: the place to change what it shows. */
  beforeList: (listings: number) => void = () => {};

  private isClosed = false;
  /** Tells how far back a listing is to reach. */
  private readonly clock: { now(): number };

  constructor(clock: { now(): number } = systemClock) {
    this.clock = clock;
  }

  async *list({ scope }: Pick<ListRequest, "scope">, signal?: AbortSignal): AsyncGenerator<MemoryPage> {
    await this.check();
    signal?.throwIfAborted();
    this.beforeList(this.ranges.push(rangeOfScope(scope, this.clock.now())));
    const { memories, pending, deleted, truncated, mayHaveDrifted } = this;
    const good = new Set(memories.map(({ id }) => id));
    const malformed = this.malformed.filter(({ id }) => id === null || !good.has(id));
    yield { memories, malformed, pending, truncated, mayHaveDrifted, ...(deleted.length > 0 && { deleted }) };
  }

  async check(): Promise<SourceInfo> {
    if (this.isClosed) throw new Error("the source is closed");
    return { server: "a test", version: null, account: null, capabilities: this.capabilities };
  }

  async download(): Promise<never> {
    throw new ConnectorError("MEDIA_NOT_FOUND", "there are no media here");
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }
}

/** Finds out nothing. */
export const plainEnrichment: Enrichment = {
  sourceHash: sourceHasher({}),
  forRun: () => chainEnrichers([]),
  forPlan: () => chainEnrichers([]),
  forget: async () => 0,
};

export const testSettings: SyncSettings = {
  connectorId: "c",
  contextIds: ["CTX"],
  queryRange: "auto",
  fullLookMs: null,
  wanted: "",
  queryLimit: 100,
  concurrency: 4,
  maxInFlight: 8,
  retry: { maxAttempts: 3, initialBackoffMs: 1, backoffMultiplier: 1, maxBackoffMs: 1 },
  maxResendPercent: 50,
  deletions: { policy: "ignore", graceListings: 3, gracePeriodMs: 0, maxPercent: 10, alwaysAllowed: 1 },
  backfillPerRun: 100,
  mergeDocumentCharacters: Number.POSITIVE_INFINITY,
  mergeQuietMs: 0,
  budget: { documents: null, characters: null, tokens: null },
  timezone: "UTC",
  stuckAfterMs: 60_000,
  slowestPollMs: 50,
  quietMs: 5_000,
  graceMs: 60_000,
  modelPauseMs: 1,
  maxModelPauses: 3,
  runTimeoutMs: 60_000,
};

interface HarnessOptions extends Partial<TransformerOptions> {
  /** `memory`: nothing is written. */
  backend?: StateBackend | "memory";
  /** Whose tables a state in memory has. */
  tables?: StateBackend;
}

/** The parts of a sync around a scripted sink, with a real state store in a temporary folder. */
export async function syncHarness(
  change: Partial<SyncSettings> = {},
  clock: Clock = systemClock,
  enrichment = plainEnrichment,
  { backend = "sqlite", tables = "json", ...options }: HarnessOptions = {},
) {
  const state: StateManager =
    backend === "memory"
      ? memoryState(clock, tables)
      : await openState({ backend, path: `${temporaryFolder()}/state` });
  onTestFinished(() => state.close());
  const source = new ListedSource(clock);
  const sink = new ScriptedSink();
  const events = new EventBus<SyncEvents>();
  const transformerWith = (change: Partial<TransformerOptions>) =>
    new MemoryTransformer(createStrategy("standard"), { skipEmptyTranscripts: true, ...change });
  const transformer = transformerWith(options);
  const settings = { ...testSettings, ...change };
  const parts = { source, enrichment, transformer, sink, state, clock, events, random: () => 0.5 };
  const scope = { connectorId: settings.connectorId, contextId: "CTX" };
  const runWith =
    (all: SyncParts) =>
    (options: Partial<RunOptions> = {}, signal = new AbortController().signal) => {
      const whole: RunOptions = {
        runId: newRunId(Date.now()),
        trigger: "cli",
        force: false,
        wait: true,
        filter: {},
        ...options,
      };
      return new ConnectorSync(all, settings).run(whole, signal);
    };
  return {
    ...parts,
    settings,
    transformerWith,
    run: runWith(parts),
    /** The same state, source and sink with some other parts. */
    with: (change: Partial<SyncParts>) => ({ run: runWith({ ...parts, ...change }) }),
    async row(memoryId: string) {
      const row = (await state.getRows(scope, [memoryId])).get(memoryId);
      if (row === undefined) throw new Error(`no row for ${memoryId}`);
      return row;
    },
  };
}

interface QuickOptions extends Omit<HarnessOptions, "backend"> {
  enrichment?: Enrichment;
  /** When the clock begins. Milliseconds since the epoch. */
  startAt?: number;
}

/** A sync that waits for nothing: its state is in memory, and its clock moves on as soon as everybody waits. */
export async function quickHarness(change: Partial<SyncSettings> = {}, options: QuickOptions = {}) {
  const { enrichment = plainEnrichment, startAt, ...others } = options;
  const clock = new EagerClock(startAt);
  const endless = { runTimeoutMs: Number.POSITIVE_INFINITY, ...change };
  const sync = await syncHarness(endless, clock, enrichment, { backend: "memory", ...others });
  return { ...sync, clock };
}

export function memoryOf(id: string, change: Partial<Memory> = {}): Memory {
  return {
    id,
    type: "note",
    audio: false,
    image: false,
    transcript: `what ${id} says`,
    location: null,
    createdAt: "2025-01-01T00:00:00Z",
    updatedAt: null,
    title: null,
    tags: [],
    ...change,
  };
}
