import type { SourceFile } from "./read-sources.ts";
import { ringsOf } from "./rings.ts";

/** A file of no more lines holds hardly a thought of its own. */
const fragmentLines = 25;

export interface Figures {
  files: number;
  lines: number;
  fragments: number;
  /** Files that exactly one other file imports. */
  singleImporter: number;
  fileMedian: number;
  fileMax: number;
  functionMedian: number;
  functionMax: number;
}

export function figuresOf(files: readonly SourceFile[], importers: ReadonlyMap<string, number>): Figures {
  const lines = files.map((file) => file.lines);
  const functions = files.flatMap((file) => file.functions);
  return {
    files: files.length,
    lines: lines.reduce((sum, each) => sum + each, 0),
    fragments: lines.filter((each) => each <= fragmentLines).length,
    singleImporter: files.filter(({ path }) => importers.get(path) === 1).length,
    fileMedian: medianOf(lines),
    fileMax: Math.max(...lines),
    functionMedian: medianOf(functions),
    functionMax: Math.max(0, ...functions),
  };
}

/** How many files import each file. */
export function importersOf(files: readonly SourceFile[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { imports } of files) for (const path of imports) counts.set(path, (counts.get(path) ?? 0) + 1);
  return counts;
}

/** Which parts of `src` each part imports, types included. */
export function partEdges(files: readonly SourceFile[]): Map<string, Set<string>> {
  const partByPath = new Map(files.map(({ path, part }) => [path, part]));
  const edges = new Map<string, Set<string>>();
  for (const { part, imports } of files) {
    const others = edges.get(part) ?? new Set();
    edges.set(part, others);
    for (const path of imports) {
      const other = partByPath.get(path);
      if (other !== undefined && other !== part) others.add(other);
    }
  }
  return edges;
}

export const partRings = (files: readonly SourceFile[]): string[][] => ringsOf(partEdges(files));

/** Of an even number the lower one of the two in the middle; 0 of none. */
function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? 0;
}
