import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { partRings } from "../../scripts/house/figures.ts";
import layers from "../../scripts/house/layers.json" with { type: "json" };
import { readSources, type SourceFile } from "../../scripts/house/read-sources.ts";
import { ringsOf } from "../../scripts/house/rings.ts";

const root = join(import.meta.dirname, "../..");
const order = layers.flatMap(({ parts }) => parts);
const sources = readSources(root);

/** Imports that lead to a part that stands later in the order. */
function upward(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, part, imports }) =>
    imports
      .filter((target) => order.indexOf(target.split("/")[0] ?? "") > order.indexOf(part))
      .map((target) => `${path} -> ${target}`),
  );
}

test("every folder and every loose file of src has one place in the order of layers", () => {
  const there = new Set(sources.map(({ part }) => part));
  expect(order.toSorted()).toEqual([...there].toSorted());
});

test("imports lead to parts that stand earlier, types included", () => {
  expect(sources.length).toBeGreaterThan(500);
  expect(upward(sources)).toEqual([]);
});

test("no folders import each other in a ring", () => {
  expect(partRings(sources)).toEqual([]);
});

test("an import that leads up is found, and so is a ring that it closes", () => {
  const file = (path: string, imports: string[]): SourceFile => ({
    path,
    part: path.split("/")[0] ?? "",
    lines: 1,
    imports,
    functions: [],
  });
  const planted = [file("state/store.ts", ["sync/run.ts"]), file("sync/run.ts", ["state/store.ts"])];
  expect(upward(planted)).toEqual(["state/store.ts -> sync/run.ts"]);
  expect(partRings(planted)).toEqual([["state", "sync"]]);
});

test("a ring is found whatever leads into it and out of it", () => {
  const edges = {
    a: ["b"],
    b: ["c", "x"],
    c: ["d"],
    d: ["b"],
    x: [],
    y: ["a", "y"],
    p: ["q"],
    q: ["p", "a"],
  };
  const graph = new Map(Object.entries(edges).map(([from, to]) => [from, new Set(to)]));
  expect(ringsOf(graph).toSorted()).toEqual([
    ["b", "c", "d"],
    ["p", "q"],
  ]);
});

test("docs/architecture.md names every folder of src", () => {
  const page = readFileSync(join(root, "docs/architecture.md"), "utf8");
  const folders = order.filter((part) => !part.endsWith(".ts"));
  expect(folders.filter((folder) => !page.includes(`\`src/${folder}\``))).toEqual([]);
});
