import { expect, test } from "vitest";
import { memoryOf } from "../../test/support/sync-harness.ts";
import { newRow } from "../domain/ledger.ts";
import { KnownDelivery } from "./known-delivery.ts";

const delivered = {
  ...newRow({ connectorId: "c", contextId: "CTX", memoryId: "a" }, "a@CTX.md", 0),
  status: "processed" as const,
  documentId: "doc-a",
};

test("only a delivered memory is known, and the first one is enough", () => {
  const known = new KnownDelivery();
  known.noteUnchanged({ ...delivered, status: "failed" }, memoryOf("a"));
  known.noteUnchanged({ ...delivered, documentId: null }, memoryOf("a"));
  expect(known.first).toBeNull();
  known.noteUnchanged(delivered, memoryOf("a"));
  known.noteUnchanged({ ...delivered, memoryId: "b" }, memoryOf("b"));
  expect(known.first).toEqual({ row: delivered, memory: memoryOf("a") });
});
