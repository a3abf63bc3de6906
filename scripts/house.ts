/** Prints the figures of the code as a whole: sizes, fragments, and folders that import each other in a ring. Nothing is written. */
import { fileURLToPath } from "node:url";
import { type Figures, figuresOf, importersOf, partRings } from "./house/figures.ts";
import { readSources, testLines } from "./house/read-sources.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const files = readSources(root);
const importers = importersOf(files);
const folders = Map.groupBy(files, ({ path, part }) => (path === part ? "(loose)" : part));
const all = figuresOf(files, importers);
const rings = partRings(files);

const row = (name: string, cells: readonly (string | number)[]): string =>
  `${name.padEnd(14)}${cells.map((cell) => String(cell).padStart(9)).join("")}`;

const cellsOf = (figures: Figures): (string | number)[] => [
  figures.files,
  figures.lines,
  figures.fragments,
  figures.singleImporter,
  `${figures.fileMedian}/${figures.fileMax}`,
  `${figures.functionMedian}/${figures.functionMax}`,
];

console.log(row("folder", ["files", "lines", "<=25", "1 user", "file", "function"]));
for (const [folder, ofFolder] of [...folders].toSorted(([a], [b]) => a.localeCompare(b)))
  console.log(row(folder, cellsOf(figuresOf(ofFolder, importers))));
console.log(row("all", cellsOf(all)));
console.log(
  "\nfile and function: lines, median/maximum; 1 user: files that one file imports; tests are left out\n",
);
console.log(`folders at the top: ${folders.size - (folders.has("(loose)") ? 1 : 0)}`);
console.log(`tests : source lines: ${(testLines(root) / all.lines).toFixed(2)}`);
console.log(`rings of folders, types included: ${rings.length}`);
for (const ring of rings) console.log(`  ${ring.length}: ${ring.join(", ")}`);
