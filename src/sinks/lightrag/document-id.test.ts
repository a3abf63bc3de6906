import { describe, expect, it } from "vitest";
import { documentIdOf, isPlainFileSource } from "./document-id.ts";

describe("the id that LightRAG will give to a document", () => {
  it("comes from the name in generation 1.5", () => {
    const id = "doc-ab961cc0e480ca7716faa55c3c15ecb1";
    expect(documentIdOf("1.5", { fileSource: "d1.md", text: "one" })).toBe(id);
    expect(documentIdOf("1.5", { fileSource: "d1.md", text: "two" })).toBe(id);
  });

  it("comes from the stored text in generation 1.4", () => {
    const id = "doc-acbd18db4cc2f85cedef654fccc4a4d8";
    expect(documentIdOf("1.4", { fileSource: "a.md", text: "foo" })).toBe(id);
    expect(documentIdOf("1.4", { fileSource: "b.md", text: " f&#111;o\n" })).toBe(id);
  });
});

describe("a plain name", () => {
  it.each([
    "",
    ".",
    "unknown_source",
    "a/b.md",
    " a.md",
    "a.md ",
    "a.[native].md",
    "a.[-R].md",
    "a\u0007.md",
  ])("is not %j, which LightRAG would change or refuse", (name) => {
    expect(isPlainFileSource(name)).toBe(false);
  });
});
