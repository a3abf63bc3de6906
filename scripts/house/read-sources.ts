import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { parseSync, Visitor } from "rolldown/utils";

/** One file of the product. Paths are relative to `src`. */
export interface SourceFile {
  path: string;
  /** The folder of `src` that it lies in; its own name for a file at the root. */
  part: string;
  lines: number;
  /** Files of the product that it imports, types included, each once. */
  imports: readonly string[];
  /** Lines of each function and method that has a name. */
  functions: readonly number[];
}

/** Lines of all tests, wherever they lie. */
export function testLines(root: string): number {
  const files = globSync(["src/**/*.test.ts", "test/**/*.ts"], { cwd: root });
  return files.reduce((sum, file) => sum + linesOf(readFileSync(join(root, file), "utf8")), 0);
}

/** Every file of the product, tests left out, by path. */
export function readSources(root: string): SourceFile[] {
  const source = join(root, "src");
  return globSync("**/*.ts", { cwd: source, exclude: (name) => name.endsWith(".test.ts") })
    .toSorted()
    .map((path) => readSource(source, path));
}

function readSource(source: string, path: string): SourceFile {
  const text = readFileSync(join(source, path), "utf8");
  const functions: number[] = [];
  const imports = new Set<string>();
  const measure = ({ start, end }: { start: number; end: number }): void => {
    functions.push(linesOf(text.slice(start, end)));
  };
  const follow = (node: { source: { type: string; value?: unknown } | null }): void => {
    const target = node.source?.value;
    if (typeof target !== "string" || !/^\..*\.ts$/u.test(target)) return;
    imports.add(relative(source, join(source, dirname(path), target)));
  };
  new Visitor({
    FunctionDeclaration: measure,
    MethodDefinition: measure,
    VariableDeclarator(node) {
      if (node.init?.type === "ArrowFunctionExpression") measure(node);
    },
    ImportDeclaration: follow,
    ExportNamedDeclaration: follow,
    ExportAllDeclaration: follow,
    ImportExpression: follow,
    TSImportType: follow,
  }).visit(parseSync(path, text).program);
  return { path, part: partOf(path), lines: linesOf(text), imports: [...imports], functions };
}

const partOf = (path: string): string => path.split("/")[0] ?? path;
const linesOf = (text: string): number => text.trimEnd().split("\n").length;
