import { describe, expect, it } from "vitest";
import { readRow } from "./document-listing.ts";
import type { DocumentRow } from "./wire.ts";

const row: DocumentRow = {
  id: "doc-1",
  file_path: "m1@ctx.md",
  status: "processed",
  track_id: "insert_1",
  chunks_count: 3,
  error_msg: "",
  content_summary: "Memory m1",
  content_length: 9,
  updated_at: "2026-11-22T17:06:20.592777+00:00",
  metadata: {},
};

describe("a row of LightRAG's listings", () => {
  it("becomes a record", () => {
    expect(readRow(row)).toEqual({
      record: {
        documentId: "doc-1",
        fileSource: "m1@ctx.md",
        status: "processed",
        trackId: "insert_1",
        chunks: 3,
        error: undefined,
        modelUnavailable: false,
        contentSummary: "Memory m1",
        contentLength: 9,
        updatedAt: Date.UTC(2026, 10, 22, 17, 6, 20, 592),
      },
      duplicateOf: undefined,
    });
  });

  it.each([
    ["pending", "pending"],
    ["processed", "processed"],
    ["failed", "failed"],
    ["PROCESSED", "processed"],
    ["parsing", "processing"],
    ["analyzing", "processing"],
    ["preprocessed", "processing"],
    ["something-new", "processing"],
  ])("with the status %s is %s", (status, read) => {
    expect(readRow({ ...row, status }).record.status).toBe(read);
  });

  it("has no chunks unless it is processed, and no error unless it failed", () => {
    expect(readRow({ ...row, status: "processing", error_msg: "old" }).record).toMatchObject({
      chunks: 0,
      error: undefined,
    });
    expect(readRow({ ...row, status: "failed", error_msg: "RateLimitError" }).record).toMatchObject({
      chunks: 0,
      error: "RateLimitError",
      modelUnavailable: true,
    });
  });

  it.each([
    ["failed", "RateLimitError", true],
    ["failed", "no text in it", false],
    ["failed", null, false],
    ["failed", undefined, false],
    ["processing", "RateLimitError", false],
  ])("with the status %s and the error %j waits for a model: %j", (status, error_msg, modelUnavailable) => {
    expect(readRow({ ...row, status, error_msg }).record.modelUnavailable).toBe(modelUnavailable);
  });

  it("may lack what older servers leave out", () => {
    const bare = { id: "doc-1", status: "pending", track_id: null, file_path: null, metadata: null };
    expect(readRow(bare).record).toMatchObject({
      fileSource: "",
      trackId: undefined,
      contentSummary: "",
      chunks: 0,
      contentLength: 0,
      updatedAt: 0,
    });
  });

  it("is the note of a duplicate when LightRAG says so", () => {
    const metadata = { is_duplicate: true, original_doc_id: "doc-0" };
    expect(readRow({ ...row, metadata }).duplicateOf).toBe("doc-0");
    expect(readRow({ ...row, metadata: { is_duplicate: true } }).duplicateOf).toBe("");
    for (const nothing of [{}, null, undefined, { original_doc_id: 7 }])
      expect(readRow({ ...row, id: "dup-1", metadata: nothing }).duplicateOf).toBe("");
    for (const nothing of [null, undefined, { is_duplicate: false, original_doc_id: "doc-0" }])
      expect(readRow({ ...row, metadata: nothing }).duplicateOf).toBeUndefined();
  });
});
