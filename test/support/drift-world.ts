import { expect, onTestFinished } from "vitest";
import type { Enrichment } from "../../src/documents/enrich/memory-enricher.ts";
import { MemoryTransformer, type TransformerOptions } from "../../src/documents/memory-transformer.ts";
import { createStrategy } from "../../src/documents/registry.ts";
import { systemClock } from "../../src/kernel/util/clock.ts";
import { EventBus } from "../../src/kernel/util/event-bus.ts";
import { holdsText } from "../../src/sinks/lightrag/document-text.ts";
import type { DocumentRecord, LightRagClient } from "../../src/sinks/lightrag/light-rag-client.ts";
import { openState, type StateBackend } from "../../src/state/open-state.ts";
import type { SyncEvents } from "../../src/sync/events.ts";
import { type ReconcileOptions, Reconciler } from "../../src/sync/reconcile/reconciler.ts";
import { ConnectorSync } from "../../src/sync/run.ts";
import type { RunOptions } from "../../src/sync/run-options.ts";
import type { SinkHarness } from "../contract/light-rag-client-suite.ts";
import { EagerClock } from "./eager-clock.ts";
import { memoryState } from "./memory-state.ts";
import { ScriptedSink } from "./scripted-sink.ts";
import { ListedSource, memoryOf, plainEnrichment, testSettings } from "./sync-harness.ts";
import { temporaryFolder } from "./temp-folder.ts";

const signal = new AbortController().signal;
const scope = { connectorId: "c", contextId: "CTX" };

/** A connector before a LightRAG of any kind, with everything in the test's hands. Ends with the test. */
export async function driftWorld(
  harness: SinkHarness,
  backend: StateBackend | "memory",
  memories: number,
  options: Partial<TransformerOptions> = {},
  enrichment: Enrichment = plainEnrichment,
) {
  const underTest = await harness.start();
  const sink = underTest.makeClient();
  const clock = backend === "memory" ? new EagerClock() : systemClock;
  const state =
    backend === "memory"
      ? memoryState(clock)
      : await openState({ backend, path: `${temporaryFolder()}/state.${backend}` });
  onTestFinished(async () => {
    await state.close();
    await sink.close();
    await underTest.stop();
  });
  await sink.connect(signal);
  const source = new ListedSource(clock);
  source.memories = Array.from({ length: memories }, (_, at) =>
    memoryOf(`m${at}`, { transcript: `Alice Smith met Bob Jones in Paris ${at} times.` }),
  );
  const transformer = new MemoryTransformer(createStrategy("standard"), {
    skipEmptyTranscripts: true,
    ...options,
  });
  const events = new EventBus<SyncEvents>();
  const settings = {
    ...testSettings,
    maxInFlight: 50,
    ...(backend === "memory" ? { runTimeoutMs: Number.POSITIVE_INFINITY } : {}),
  };
  const parts = {
    source,
    enrichment,
    transformer,
    sink,
    state,
    clock,
    events,
    random: () => 0.5,
    sharers: [] as string[],
  };
  const orchestrator = new ConnectorSync(parts, settings);
  return {
    parts,
    source,
    state,
    events,
    run: (options: Partial<RunOptions> = {}) =>
      orchestrator.run(
        { runId: crypto.randomUUID(), trigger: "cli", force: false, wait: true, filter: {}, ...options },
        signal,
      ),
    reconcile: (options: Partial<ReconcileOptions> = {}) =>
      new Reconciler({ ...parts, settings, orchestrator }).reconcile(
        { runId: crypto.randomUUID(), trigger: "cli", repair: false, acceptDeletions: false, ...options },
        signal,
      ),
    row: async (memoryId: string) => (await state.getRows(scope, [memoryId])).get(memoryId),
    forget: (...memoryIds: string[]) =>
      state.removeRows(memoryIds.map((memoryId) => ({ ...scope, memoryId }))),
    documents: () => everyDocument(sink),
    /** By LightRAG's records: every memory of the source once, processed, with its text, and these names besides. */
    async expectWhole(...others: string[]) {
      const held = await everyDocument(sink);
      const wanted = source.memories.map((memory) => transformer.prepare("CTX", memory));
      expect([...held.keys()].toSorted()).toEqual(
        [...wanted.map(({ fileSource }) => fileSource), ...others].toSorted(),
      );
      for (const prepared of wanted) {
        const record = held.get(prepared.fileSource);
        expect(record).toMatchObject({ status: "processed", chunks: expect.any(Number) });
        if (prepared.kind === "document" && record !== undefined)
          expect(holdsText(record, prepared.text), prepared.fileSource).toBe(true);
      }
      const counts = await state.countRows("c");
      expect(counts).toMatchObject({ processed: wanted.length, discovered: 0, dead: 0 });
    },
    settings,
    slowDown: underTest.slowDown,
    /** Behind the connector's back. */
    sabotage: {
      remove: (...names: string[]) => removeNamed(sink, names),
      async put(fileSource: string, text: string) {
        await removeNamed(sink, [fileSource]);
        await sink.submit([{ fileSource, text }], signal);
        await expect
          .poll(async () => (await everyDocument(sink)).get(fileSource)?.status, {
            timeout: 60_000,
            interval: 50,
          })
          .toBe("processed");
        await expect.poll(() => sink.isBusy(signal), { timeout: 60_000, interval: 50 }).toBe(false);
      },
    },
  };
}

/** The same before a LightRAG in memory: nothing is waited for. */
export async function quickDriftWorld(
  memories: number,
  options: Partial<TransformerOptions> = {},
  enrichment: Enrichment = plainEnrichment,
) {
  const sink = new ScriptedSink();
  const nothing = () => undefined;
  const harness: SinkHarness = {
    name: "LightRAG in memory",
    start: async () => ({
      makeClient: () => sink,
      refuseText: nothing,
      refuseAll: nothing,
      slowDown: nothing,
      crash: async () => undefined,
      stop: async () => undefined,
    }),
  };
  return { ...(await driftWorld(harness, "memory", memories, options, enrichment)), sink };
}

export type DriftWorld = Awaited<ReturnType<typeof driftWorld>>;

async function everyDocument(sink: LightRagClient): Promise<Map<string, DocumentRecord>> {
  const held = new Map<string, DocumentRecord>();
  for await (const records of sink.list(signal))
    for (const record of records) {
      expect(held.has(record.fileSource), `${record.fileSource} twice`).toBe(false);
      held.set(record.fileSource, record);
    }
  return held;
}

async function removeNamed(sink: LightRagClient, names: readonly string[]): Promise<void> {
  const held = await everyDocument(sink);
  const ids = names.flatMap((name) => held.get(name)?.documentId ?? []);
  if (ids.length > 0) await sink.remove(ids, signal);
}

/** Does to a world of at least 12 memories what nobody should, and says what a check must find. */
export async function sabotageAll(world: DriftWorld) {
  await world.run();
  await world.sabotage.remove("m0@CTX.md", "m1@CTX.md", "m2@CTX.md");
  await world.sabotage.put("m3@CTX.md", "Memory m3 of CTX (revision 000000000000)\nSomebody was here.");
  await world.sabotage.put("m4@CTX.md", "Nothing of ours.");
  await world.forget("m2", "m5", "m6");
  await world.sabotage.put("ghost@CTX.md", "No memory stands behind this one.");
  await world.sabotage.put("ghost@OTHER.md", "Another connector's, perhaps.");
  await world.sabotage.put("readme.md", "Somebody else's.");
  return {
    missing: { count: 2, examples: expect.arrayContaining(["m0", "m1"]) },
    changed: { count: 2, examples: expect.arrayContaining(["m3", "m4"]) },
    forgotten: { count: 2, examples: expect.arrayContaining(["m5", "m6"]) },
    unsent: { count: 1, examples: ["m2"] },
    orphaned: { count: 1, examples: ["ghost@CTX.md"] },
    failed: { count: 0 },
    vanished: { count: 0 },
  };
}
