import { setTimeout as delay } from "node:timers/promises";
import { chainEnrichers } from "../../../src/documents/enrich/memory-enricher.ts";
import { MemoryTransformer } from "../../../src/documents/memory-transformer.ts";
import { createStrategy } from "../../../src/documents/registry.ts";
import { sourceHasher } from "../../../src/documents/source-hash.ts";
import type { PushedChange } from "../../../src/domain/pushed-memory.ts";
import type { ServiceEvents } from "../../../src/kernel/http/service-events.ts";
import { systemClock } from "../../../src/kernel/util/clock.ts";
import { EventBus } from "../../../src/kernel/util/event-bus.ts";
import { type BuiltSource, buildSource } from "../../../src/runtime/source-factory.ts";
import { sourceSettings, toSourceConfig } from "../../../src/sources/source-settings.ts";
import { allRows } from "../../../src/state/ledger-rows.ts";
import { openState } from "../../../src/state/open-state.ts";
import type { StateManager } from "../../../src/state/state-manager.ts";
import type { SyncEvents } from "../../../src/sync/events.ts";
import { LedgerWriter } from "../../../src/sync/ledger-writer.ts";
import { changeDeadLetter, findDeadLetters } from "../../../src/sync/maintenance/dead-letters.ts";
import { Reconciler } from "../../../src/sync/reconcile/reconciler.ts";
import { ConnectorSync } from "../../../src/sync/run.ts";
import { newRunId, type RunOptions } from "../../../src/sync/run-options.ts";
import { quickClient } from "../lightrag-quick-client.ts";
import type { RunAnswer, RunRequest } from "./runner-process.ts";

/** A process that does one run after the other, each with the state opened anew, until it is killed. */

const plainEnrichment = {
  sourceHash: sourceHasher({}),
  forRun: () => chainEnrichers([]),
  forPlan: () => chainEnrichers([]),
  forget: async () => 0,
};

const transformer = new MemoryTransformer(createStrategy("standard"), { skipEmptyTranscripts: true });

process.on("message", (request: RunRequest) => {
  void answer(request)
    .catch((error: Error) => ({ thrown: String(error.stack) }))
    .then((done) => process.send?.(done));
});

async function answer(request: RunRequest): Promise<RunAnswer> {
  const clock = { ...systemClock, now: () => Date.now() + request.clockOffsetMs };
  const state = await openState({ ...request.state, clock });
  try {
    if (request.replay) await replayAll(state, request.settings.connectorId, clock);
    return await run(request, state, clock);
  } finally {
    await state.close();
  }
}

async function run(request: RunRequest, state: StateManager, clock: typeof systemClock): Promise<RunAnswer> {
  const source = await sourceOf(request, state, clock);
  const sink = quickClient({ ...request.sink, clock });
  const events = new EventBus<SyncEvents>();
  const ends = { source, sink, transformer, enrichment: plainEnrichment };
  const parts = { ...ends, state, clock, events, random: Math.random };
  const orchestrator = new ConnectorSync(parts, request.settings);
  const options: RunOptions = {
    runId: newRunId(clock.now()),
    trigger: "cli",
    force: false,
    wait: true,
    filter: {},
    ...request.options,
  };
  const { signal } = new AbortController();
  const [first = [], ...later] = request.sent;
  await take(request, state, first);
  const sending = takeLater(request, state, later);
  try {
    if (request.repair) {
      const reconciler = new Reconciler({ ...parts, settings: request.settings, sharers: [], orchestrator });
      await reconciler.reconcile({ ...options, repair: true, acceptDeletions: true }, signal);
    }
    const { outcome, errors, truncated, counts } = await orchestrator.run(options, signal);
    const named = await namedRows(state, request.settings.connectorId);
    return {
      outcome,
      capabilities: source.capabilities,
      truncated,
      counts,
      errors: errors.map(({ code, message }) => ({ code, message })),
      named,
    };
  } finally {
    await sending;
    await source.close();
    await sink.close();
  }
}

async function take(
  { settings: { connectorId, contextIds } }: RunRequest,
  state: StateManager,
  changes: readonly PushedChange[],
): Promise<void> {
  const [contextId = ""] = contextIds;
  if (changes.length > 0) await state.pushed.take({ connectorId, contextId }, changes, Date.now());
}

async function takeLater(request: RunRequest, state: StateManager, parts: RunRequest["sent"]): Promise<void> {
  for (const part of parts) {
    await delay(30);
    await take(request, state, part);
  }
}

/** As the program builds it, but for the clock, and small pages where it has any. */
function sourceOf(
  { source, settings: { connectorId } }: RunRequest,
  state: StateManager,
  clock: typeof systemClock,
): Promise<BuiltSource> {
  const place = { folder: "/", block: "source", keyOrigin: null, timezone: "UTC", connectorId } as const;
  const config = toSourceConfig(sourceSettings.parse(source), place);
  const told = { ...config, clock, pageSize: 20 };
  return buildSource(told, new EventBus<ServiceEvents>(), state);
}

async function replayAll(state: StateManager, connectorId: string, clock: typeof systemClock): Promise<void> {
  const parts = { state, ledger: new LedgerWriter({ state, transformer, clock }) };
  for (const row of await findDeadLetters(state, connectorId, {}))
    if (row.payload !== null) await changeDeadLetter(parts, row, { type: "replay" });
}

/** Every row that is not simply delivered, with what is said of it. */
async function namedRows(state: StateManager, connectorId: string): Promise<RunAnswer["named"]> {
  const named: RunAnswer["named"] = [];
  for await (const { memoryId, status, error } of allRows(state, { connectorId }))
    if (status !== "processed") named.push({ memoryId, status, code: error?.code ?? null });
  return named;
}

process.send?.("ready");
