import { expect, test } from "vitest";
import { entityVectorId, orderedPair, relationKey, relationVectorId } from "./keys.ts";

test("vector ids are those that LightRAG gives", () => {
  expect(entityVectorId("Alice Smith")).toBe("ent-77a65d508fa6f1f86a37e0acb7ca931d");
  expect(relationVectorId("Alice Smith", "Acme")).toBe("rel-4977e5283614c828febdd575984e4e1b");
});

test("a relation has the same key from both ends", () => {
  expect(relationKey("b", "a")).toBe("a<SEP>b");
  expect(relationKey("a", "b")).toBe("a<SEP>b");
  expect(relationVectorId("b", "a")).toBe(relationVectorId("a", "b"));
});

test("names are ordered by code points, not by UTF-16 units", () => {
  const astral = "\u{1F600}";
  const privateUse = "\uE000";
  expect(orderedPair(astral, privateUse)).toEqual([privateUse, astral]);
});
