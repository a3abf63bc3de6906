import { describe, expect, it } from "vitest";
import { holdsText, summarize } from "./document-text.ts";
import type { DocumentRecord } from "./light-rag-client.ts";

function recordOf(text: string): DocumentRecord {
  return {
    documentId: "doc-1",
    fileSource: "one.md",
    status: "processed",
    trackId: undefined,
    chunks: 1,
    error: undefined,
    modelUnavailable: false,
    updatedAt: 0,
    ...summarize(text),
  };
}

describe("the summary of a text", () => {
  it("is the whole stored text when it has up to 250 characters", () => {
    const text = "😀".repeat(250);
    expect(summarize(` ${text}\n`)).toEqual({ contentSummary: text, contentLength: 250 });
  });

  it("is the first 250 characters and three dots when it has more", () => {
    expect(summarize("😀".repeat(251))).toEqual({
      contentSummary: `${"😀".repeat(250)}...`,
      contentLength: 251,
    });
  });
});

describe("a record", () => {
  it("holds a text that LightRAG stores in the same form", () => {
    expect(holdsText(recordOf("salt & pepper"), " salt &amp; pepper\n")).toBe(true);
  });

  it("does not hold a text of another beginning", () => {
    expect(holdsText(recordOf("Memory 1 (revision a)"), "Memory 1 (revision b)")).toBe(false);
  });

  it("does not hold a text of another length behind the same beginning", () => {
    const head = "x".repeat(250);
    expect(holdsText(recordOf(`${head}abc`), `${head}abcd`)).toBe(false);
  });
});
