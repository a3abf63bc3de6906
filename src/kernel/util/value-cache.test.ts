import { expect, test } from "vitest";
import { MemoryValueCache } from "./value-cache.ts";

test("an answer comes back equal, and changing it afterwards changes nothing in the cache", async () => {
  const cache = new MemoryValueCache();
  const answer = { names: ["Ana"] };
  await cache.put("a", answer);
  answer.names.push("Bob");
  expect(await cache.get("a")).toEqual({ names: ["Ana"] });
  expect(await cache.get("b")).toBeUndefined();
});

test("entries survive JSON, awkward keys included", async () => {
  const cache = new MemoryValueCache();
  await cache.put("__proto__", 1);
  await cache.put("b", null);
  const restored = new MemoryValueCache(JSON.parse(JSON.stringify(cache)));
  expect(await restored.get("__proto__")).toBe(1);
  expect(await restored.get("b")).toBeNull();
});

test("beyond its size the entry that was put longest ago is forgotten", async () => {
  const cache = new MemoryValueCache({ a: 1, b: 2 }, 2);
  await cache.put("a", 3);
  await cache.put("c", 4);
  expect(cache.toJSON()).toEqual({ a: 3, c: 4 });
});
