import fc from "fast-check";
import { expect, it } from "vitest";
import { fileSourceOf } from "../../src/documents/file-source.ts";
import { isPlainFileSource } from "../../src/sinks/lightrag/document-id.ts";

it("every name that the transformer makes is one that LightRAG keeps as it is", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (context, memory) => {
      expect(isPlainFileSource(fileSourceOf(context, memory))).toBe(true);
    }),
  );
});
