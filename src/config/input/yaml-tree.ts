import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import type { Path } from "../../kernel/settings/path.ts";
import { isMap as isPlainMap } from "../../kernel/settings/rules.ts";
import { shownLine } from "./shown-line.ts";
import { firstProblem, halfCharacter, offsetOf, repeatedKey, unknownAlias } from "./yaml-problems.ts";

/** A parsed file: its values and their positions. */
export interface YamlTree {
  tree: Readonly<Record<string, unknown>>;
  /** The line of a key or list item, from 1; of its nearest ancestor where the file does not have it. */
  lineOf(path: Path): number | null;
  /** A plain value as the file spells it: `007` for the number 7; null for everything else. */
  spelledAt(path: Path): string | null;
}

/** Limits far beyond any valid file, against files made to exhaust memory or stack. */
const maxAliases = 100;
const maxDepth = 32;
const maxValues = 200_000;

/**
 * Parses YAML 1.2. Throws `CONFIG_SYNTAX` with line and column for anything that is not YAML or not a map. `name` is the file's.
 */
export function parseYaml(text: string, name: string): YamlTree {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    logLevel: "error",
    // The library's own check is quadratic in the number of keys.
    uniqueKeys: false,
  });
  const problem =
    firstProblem(document) ?? repeatedKey(document) ?? unknownAlias(document) ?? halfCharacter(document);
  if (problem !== undefined) {
    const { line, col } = lines.linePos(problem.offset);
    throw syntaxError(name, problem.reason, {
      line,
      column: col,
      source: text.split(/\r?\n/)[line - 1] ?? "",
    });
  }
  const tree = plainTree(document, name);
  if (tree === null) throw syntaxError(name, "the file is empty");
  if (!isPlainMap(tree)) throw syntaxError(name, "the file must be a map of settings such as `connectors:`");
  return {
    tree,
    lineOf: (path) => lineAt(document, lines, path),
    spelledAt: (path) => spellingOf(nodesAt(document, path).at(-1)?.node),
  };
}

function plainTree(document: Document.Parsed, name: string): unknown {
  let values = 0;
  const copy = (value: unknown, depth: number): unknown => {
    values += 1;
    if (depth > maxDepth) throw new RangeError(`the values are nested deeper than ${maxDepth} levels`);
    if (values > maxValues) throw new RangeError(`there are more than ${maxValues} values`);
    if (Array.isArray(value)) return value.map((item) => copy(item, depth + 1));
    if (!isPlainMap(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, copy(item, depth + 1)] as const),
    );
  };
  try {
    return copy(document.toJS({ maxAliasCount: maxAliases }), 0);
  } catch (cause) {
    if (cause instanceof RangeError) throw syntaxError(name, cause.message);
    throw syntaxError(name, `aliases (*name) make more than ${maxAliases} copies of what they name`);
  }
}

interface Place {
  node: unknown;
  offset: number | undefined;
}

function lineAt(document: Document.Parsed, lines: LineCounter, path: Path): number | null {
  const offset = nodesAt(document, path).findLast((place) => place.offset !== undefined)?.offset;
  return offset === undefined ? null : lines.linePos(offset).line;
}

/** The nodes along a path, from the root, as far as the file has them. */
function nodesAt(document: Document.Parsed, path: Path): Place[] {
  const places: Place[] = [{ node: document.contents, offset: offsetOf(document.contents) }];
  for (const segment of path) {
    const above = places.at(-1)?.node;
    const next = childNode(isAlias(above) ? above.resolve(document) : above, segment);
    if (next === undefined) break;
    places.push(next);
  }
  return places;
}

function spellingOf(node: unknown): string | null {
  return isScalar(node) && node.type === "PLAIN" ? (node.source ?? null) : null;
}

function childNode(node: unknown, segment: string | number): Place | undefined {
  if (isSeq(node)) {
    const item = node.items[Number(segment)];
    return item === undefined ? undefined : { node: item, offset: offsetOf(item) };
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === segment);
  return pair && { node: pair.value, offset: offsetOf(pair.key) };
}

function syntaxError(
  name: string,
  reason: string,
  place?: { line: number; column: number; source: string },
): ConnectorError {
  if (place === undefined)
    return new ConnectorError("CONFIG_SYNTAX", `${name}: ${reason}`, { subject: name });
  const { line, column, source } = place;
  const shown = shownLine(source);
  const message = `${name}:${line}:${column}: ${reason}${shown === "" ? "" : `: ${shown}`}`;
  return new ConnectorError("CONFIG_SYNTAX", message, { subject: `${name}:${line}` });
}
