import { expect, test, vi } from "vitest";
import { type Memory, withFacts, zoneOf } from "../../domain/memory.ts";
import { noFacts } from "../../domain/memory-facts.ts";
import { localTime } from "../local-time.ts";
import { groupKeyOf } from "../note-group.ts";
import { OfflinePlaceFinder } from "../places/offline-place-finder.ts";
import { Redactor } from "../redact/redactor.ts";
import { createEnricher, type EnrichmentSettings } from "./create-enricher.ts";
import type { MemoryEnricher } from "./memory-enricher.ts";

/** Gazetteer and tagger take a second to load, and several on a machine that does other things too. */
vi.setConfig({ testTimeout: 60_000 });

const never = new AbortController().signal;
const placeFinder = new OfflinePlaceFinder();
const everything: EnrichmentSettings = {
  strategy: "rich",
  geocoding: true,
  extractTags: true,
  timeZone: "Europe/Rome",
};
const memory: Memory = {
  id: "m1",
  type: "note",
  audio: true,
  image: false,
  transcript: "Met Ana at the harbour.",
  location: { lat: 19.07609, lon: 72.877426 },
  createdAt: "2023-05-18T13:47:05Z",
  updatedAt: null,
  title: null,
  tags: [],
};
/** Stands for the reading of media, which this folder does not know. */
const media: MemoryEnricher = {
  enrich: async (_contextId, memory) => withFacts(memory, { transcription: "I saw Bob in the park." }),
};

async function factsWith(
  settings: Partial<EnrichmentSettings>,
  change: Partial<Memory> = {},
  reader = media,
) {
  const enricher = createEnricher(
    { ...everything, ...settings },
    { placeFinder, media: reader, report: () => expect.unreachable() },
  );
  return (await enricher.enrich("CTX", { ...memory, ...change }, never)).facts;
}

test("place, the place's own time zone, people and tags are found out", async () => {
  expect(await factsWith({})).toMatchObject({
    place: { city: "Mumbai", country: "India" },
    timeZone: "Asia/Kolkata",
    people: ["Ana"],
    tags: ["harbour"],
  });
});

test("a memory without a place has the connector's time zone", async () => {
  expect(await factsWith({}, { location: null })).toMatchObject({ place: null, timeZone: "Europe/Rome" });
});

test("without geocoding no place is named, and the local time is known all the same", async () => {
  expect(await factsWith({ geocoding: false })).toMatchObject({ place: null, timeZone: "Asia/Kolkata" });
});

test("the day of a note and of its group is the one of the place's clocks", async () => {
  const inPagoPago = { ...memory, location: { lat: -14.2781, lon: -170.7025 } };
  const enricher = createEnricher(everything, { placeFinder, media: null, report: () => {} });
  const enriched = await enricher.enrich("CTX", { ...inPagoPago, createdAt: "2023-05-18T05:00:00Z" }, never);
  expect(localTime(enriched.createdAt, zoneOf(enriched))).toMatchObject({
    date: "2023-05-17",
    offset: "UTC-11:00",
  });
  expect(groupKeyOf(enriched, { maxCharacters: 1_000 })).toBe("2023-05-17~-14.3_-170.7");
});

test("without tags wanted nobody reads the transcript", async () => {
  expect(await factsWith({ extractTags: false })).toMatchObject({ people: [], tags: [], links: [] });
});

test("what the audio says has its tags too", async () => {
  expect(await factsWith({}, { transcript: "" })).toMatchObject({ people: ["Bob"], tags: ["park"] });
});

test.each(["standard", "rich"])(
  "what was found out is told without the words that are taken out: %s",
  async (strategy) => {
    const redactor = new Redactor({ patterns: ["p\\w+k"], names: ["Bob", "Mumbai"], replacement: "[…]" });
    const enricher = createEnricher(
      { ...everything, strategy },
      { placeFinder, media, redactor, report: () => expect.unreachable() },
    );
    const { facts } = await enricher.enrich("CTX", { ...memory, transcript: "" }, never);
    expect(facts?.transcription).toBe("I saw […] in the […].");
    expect(JSON.stringify(facts)).not.toMatch(/bob|park|mumbai/iu);
  },
);

test("for the standard strategy only media are looked into", async () => {
  expect(await factsWith({ strategy: "standard" })).toEqual({
    ...noFacts,
    transcription: "I saw Bob in the park.",
  });
});

test("the memory given is not changed", async () => {
  const before = structuredClone(memory);
  await factsWith({});
  expect(memory).toEqual(before);
});
