import { expect, test } from "vitest";
import { isConnectorError } from "../errors/connector-error.ts";
import type { Memory } from "../memory/memory.ts";
import { applyEvent, newRow } from "./ledger.ts";

const memory: Memory = {
  id: "m1",
  type: "note",
  audio: false,
  image: false,
  transcript: "hello",
  location: null,
  createdAt: "2025-01-01T00:00:00Z",
  updatedAt: null,
  title: null,
  tags: [],
};
const wanted = { memory, contentHash: "h1", fileSource: "c--m1.md" };
const fresh = newRow({ connectorId: "c", contextId: "x", memoryId: "m1" }, "c--m1.md", 0);

test("a row goes from discovered to processed by way of pending, submitting and submitted, and drops its payload", () => {
  const pending = applyEvent(fresh, { type: "want", wanted }, 1);
  const submitting = applyEvent(pending, { type: "submit", documentId: "doc-1", contentHash: "h1" }, 2);
  const submitted = applyEvent(submitting, { type: "accepted", documentId: "doc-1", trackId: "t" }, 3);
  const processed = applyEvent(submitted, { type: "proved", documentId: "doc-1" }, 4);
  expect([pending, submitting, submitted, processed].map((row) => row.status)).toEqual([
    "pending",
    "submitting",
    "submitted",
    "processed",
  ]);
  expect(pending.payload).toEqual(memory);
  expect(processed.payload).toBeNull();
});

test("a move that the table does not hold is refused with its code", () => {
  const attempt = () => applyEvent(fresh, { type: "proved", documentId: "doc-1" }, 1);
  expect(attempt).toThrow(expect.objectContaining({ code: "LEDGER_TRANSITION" }));
  expect(isConnectorError(new Error("x"))).toBe(false);
});
