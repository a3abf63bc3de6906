import { expect, test } from "vitest";
import { readYaml } from "../../test/support/config.ts";
import { memoryState } from "../../test/support/memory-state.ts";
import { memoryOf } from "../../test/support/sync-harness.ts";
import { systemClock } from "../kernel/util/clock.ts";
import { InMemorySource } from "../sources/in-memory/in-memory-source.ts";
import type { MediaKind } from "../sources/memory-source.ts";
import { EnrichmentFactory } from "./enrichment-factory.ts";

const yaml = `
memory_api: { url: "http://127.0.0.1:1" }
media:
  transcription: { base_url: "http://127.0.0.1:1/v1", model: m }
  vision: { base_url: "http://127.0.0.1:1/v1", model: m }
connectors:
  - { id: one, context_id: CTX, transformation: { include_audio: true, include_image: true, extract_tags: false } }
`;

/** The kinds requested from a source with these media, in whatever order, for a memory that claims to have both. */
async function expectAsked(media: readonly MediaKind[]): Promise<void> {
  const asked: MediaKind[] = [];
  const source = Object.assign(new InMemorySource(), {
    download: async ({ kind }: { kind: MediaKind }) => {
      asked.push(kind);
      throw new Error("nothing there");
    },
  });
  Object.assign(source, { capabilities: { ...source.capabilities, media } });
  const { config } = readYaml(yaml);
  const factory = new EnrichmentFactory(memoryState(systemClock));
  const enricher = factory.enrichmentOf(config.connectors[0]!, config, source).forRun(() => undefined);
  const memory = { ...memoryOf("m1"), transcript: "", audio: true, image: true };
  await enricher.enrich("CTX", memory, AbortSignal.timeout(10_000)).catch(() => undefined);
  // The first that fails ends the enrichment, and the other may have yet to ask.
  await expect.poll(() => asked.toSorted()).toEqual(media);
  await factory.close();
}

test.each<{ media: readonly MediaKind[] }>([
  { media: [] },
  { media: ["audio"] },
  { media: ["audio", "image"] },
])("a source with $media is asked for these alone", async ({ media }) => {
  await expectAsked(media);
});
