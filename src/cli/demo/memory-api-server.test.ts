import { afterEach, beforeEach, expect, test } from "vitest";
import { createBuiltinExtractor } from "../../sinks/lightrag/embedded/builtin/extractor/extractor.ts";
import { demoMemories } from "./memories.ts";
import { type DemoMemoryApi, startDemoMemoryApi } from "./memory-api-server.ts";

let api: DemoMemoryApi;

beforeEach(async () => {
  api = await startDemoMemoryApi(() => Date.parse("2025-09-21T21:00:00Z"));
});

afterEach(() => api.close());

async function list(query: string, headers: Record<string, string> = { "x-api-key": api.apiKey }) {
  const response = await fetch(`${api.url}/memory/${api.contextId}${query}`, { headers });
  return {
    status: response.status,
    body: (await response.json()) as { memories: typeof demoMemories; count: number },
  };
}

test("it lists the memories of a range, newest first, up to a limit", async () => {
  const { body } = await list("?range=all&limit=500");
  expect(body.memories).toEqual(demoMemories);
  expect(body.count).toBe(demoMemories.length);
  const newest = body.memories[0]!;
  expect((await list("?range=day&limit=500")).body.memories[0]).toEqual(newest);
  expect((await list("?range=day&limit=500")).body.count).toBeLessThan(5);
  expect((await list("")).body.count).toBe(10);
});

test("it wants the key and knows one context", async () => {
  expect((await list("", { "x-api-key": "wrong" })).status).toBe(401);
  expect((await list("/nothing")).status).toBe(404);
});

test("the memories show what real ones show: several types, media, unknown places, missing transcripts", () => {
  const count = (is: (memory: (typeof demoMemories)[number]) => boolean) => demoMemories.filter(is).length;
  expect(demoMemories.length).toBeGreaterThanOrEqual(60);
  expect(new Set(demoMemories.map(({ id }) => id)).size).toBe(demoMemories.length);
  expect(new Set(demoMemories.map(({ type }) => type)).size).toBeGreaterThanOrEqual(4);
  expect(count(({ audio }) => audio)).toBeGreaterThan(10);
  expect(count(({ image }) => image)).toBeGreaterThan(10);
  expect(count(({ location_lat }) => location_lat === undefined)).toBeGreaterThan(3);
  expect(count(({ transcript }) => transcript === "")).toBe(2);
});

test("the people, places and organisations of the memories are found with their types", async () => {
  const extractor = createBuiltinExtractor();
  const types = new Map<string, string>();
  for (const { transcript } of demoMemories) {
    const { entities } = await extractor.extract(transcript, new AbortController().signal);
    for (const { name, type } of entities) types.set(name, type);
  }
  const people = ["Nina", "Tomas", "Ines", "Oliver", "Clara", "Jonas", "Hugo", "Helena Duarte", "Dr. Costa"];
  for (const person of people) expect([person, types.get(person)]).toEqual([person, "person"]);
  expect(types.get("Seagrass Trust")).toBe("organization");
  expect(types.get("Lisbon")).toBe("location");
  expect(types.get("Pepper")).toBe("creature");
});
