import { expect, onTestFinished, test } from "vitest";
import { readYaml } from "../../test/support/config.ts";
import { mp3, startMediaModelServer } from "../../test/support/media-model-server.ts";
import { startSource } from "../../test/support/memory-api-client.ts";
import { memoryOf, quickHarness } from "../../test/support/sync-harness.ts";
import { planRun } from "../sync/discover/plan.ts";
import type { SyncSettings } from "../sync/sync-settings.ts";
import { EnrichmentFactory } from "./enrichment-factory.ts";

const signal = new AbortController().signal;
const spoken = (id: string) => memoryOf(id, { audio: true, transcript: "" });

/** Memories without a transcript, whose recordings are transcribed. */
async function recordings(ids: readonly string[], limits: string, settings: Partial<SyncSettings> = {}) {
  const { api, client } = await startSource();
  const models = await startMediaModelServer();
  const { config } = readYaml(`
memory_api: { url: "${api.url}" }
media: { transcription: { base_url: "${models.url}", model: hears }, ${limits} }
connectors: [{ id: c, context_id: CTX, transformation: { include_audio: true } }]
`);
  api.clear("CTX");
  for (const id of ids) api.putMedium("CTX", id, "audio", "audio/mpeg", mp3(`What ${id} says.`));
  const sync = await quickHarness(settings);
  const factory = new EnrichmentFactory(sync.state);
  onTestFinished(() => factory.close());
  sync.source.memories = ids.map(spoken);
  const source = Object.assign(sync.source, { download: client.download.bind(client) });
  Object.assign(source, { capabilities: { ...source.capabilities, media: ["audio"] } });
  const enrichment = factory.enrichmentOf(config.connectors[0]!, config, source);
  const { run } = sync.with({ enrichment });
  const plan = (force = false) =>
    planRun({ ...sync, enrichment }, sync.settings, { force, filter: {} }, signal);
  return { api, models, run, plan };
}

test("a plan says how many recordings are to be read and how many of them wait for another day, and reads none", async () => {
  const world = await recordings(["a", "b", "c"], "max_per_day: 2");
  expect(await world.plan()).toMatchObject({ media: 3, mediaHeld: { count: 1, limit: "day" } });
  expect([world.api.requests.length, world.models.calls.length]).toEqual([0, 0]);
  await world.run();
  expect(world.models.calls).toHaveLength(2);
  expect(await world.plan()).toMatchObject({ media: 1, mediaHeld: { count: 1, limit: "day" } });
});

test("what has been read before is not to be read again, and its document is that of a run", async () => {
  const world = await recordings(["a", "b"], "max_per_run: 1");
  expect(await world.plan()).toMatchObject({ media: 2, mediaHeld: { count: 1, limit: "run" } });
  await world.run();
  await world.run();
  expect(await world.plan(true)).toMatchObject({ media: 0, mediaHeld: null, documents: 2, brakes: [] });
  expect(world.models.calls).toHaveLength(2);
});

test("media wait as well where no more documents may be sent today", async () => {
  const budget = { documents: 1, characters: null, tokens: null };
  const world = await recordings(["a", "b", "c"], "max_per_run: 10", { budget });
  expect(await world.plan()).toMatchObject({ media: 3, mediaHeld: { count: 2, limit: "documents" } });
  await world.run();
  expect(world.models.calls).toHaveLength(1);
});
