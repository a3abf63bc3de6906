import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { projectOf } from "../support/project-of-pages.ts";

const docs = join(import.meta.dirname, "../../docs");
const pages = ["sources.md", ...globSync("adding-*.md", { cwd: docs }).toSorted()];
const project = projectOf(...pages);

test("what the pages add to the project compiles with the whole of it and passes the linter", () => {
  expect(project.complaints()).toBe("");
});

test.each(project.written.map(({ path, text }) => [path, text.trimEnd().split("\n").length]))(
  "%s is short enough to be read on a page",
  (_, lines) => {
    expect(lines).toBeLessThanOrEqual(80);
  },
);

test.each(pages)("the architecture leads to %s", (page) => {
  const [, adding = ""] = readFileSync(join(docs, "architecture.md"), "utf8").split("## Adding an adapter");
  expect(adding).toContain(`](${page}`);
});

// With what the pages add, the layers hold as they do without it.
await project.load("test/contract/layers.test.ts");
