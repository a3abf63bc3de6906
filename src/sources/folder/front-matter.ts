import { isMap, isScalar, isSeq, type Node, parseDocument } from "yaml";

/** A value as it is written, so that `007` stays what it is. */
export type FieldValue = string | readonly FieldValue[] | ReadonlyMap<string, FieldValue>;
/** By name in small letters. */
export type Fields = ReadonlyMap<string, FieldValue>;

export interface DividedNote {
  fields: Fields;
  /** What follows the block. */
  text: string;
}

const block = /^---[ \t]*\n(?:([\s\S]*?)\n)??(?:---|\.\.\.)[ \t]*(?:\n|$)/u;
const maxDepth = 4;

/**
 * Divides a note, whose lines end with line feeds, into its front matter and its text. A block that is no YAML is dropped: the note counts
 * without it. A note without a block is all text, also one that only begins with a line of dashes.
 */
export function divideNote(note: string): DividedNote {
  const match = block.exec(note);
  const fields = match === null ? null : fieldsOf(match[1] ?? "");
  if (match === null || fields === null) return { fields: new Map(), text: note };
  return { fields, text: note.slice(match[0].length) };
}

/** Null for YAML that is no map: words between two lines of dashes. */
function fieldsOf(yaml: string): Fields | null {
  try {
    const { contents, errors } = parseDocument(yaml, { logLevel: "silent" });
    if (errors.length > 0 || contents === null) return new Map();
    const value = valueIn(contents, maxDepth);
    return value instanceof Map ? value : null;
  } catch {
    // Nested too deeply for the parser.
    return new Map();
  }
}

function valueIn(node: unknown, depth: number): FieldValue | null {
  if (isScalar(node)) return textOf(node);
  if (depth === 0) return null;
  if (isSeq(node)) return node.items.flatMap((item) => valueIn(item, depth - 1) ?? []);
  if (!isMap(node)) return null;
  const entries = node.items.flatMap(({ key, value }) => {
    const name = isScalar(key) ? textOf(key) : null;
    const read = valueIn(value as Node, depth - 1);
    return name === null || read === null ? [] : [[name.trim().toLowerCase(), read] as const];
  });
  return new Map(entries.toReversed());
}

function textOf({ value, source }: { value: unknown; source?: string | undefined }): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === "string" ? value : (source ?? String(value));
}
