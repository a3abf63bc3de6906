import { isMap, isScalar, isSeq, type Node, parseDocument } from "yaml";
import { readJsonText } from "../../kernel/util/decode/json.ts";

/** A value as it is written, so that `007` stays what it is. */
export type FieldValue = string | readonly FieldValue[] | ReadonlyMap<string, FieldValue>;
/** By name in small letters. */
export type Fields = ReadonlyMap<string, FieldValue>;

export interface DividedNote {
  fields: Fields;
  /** Why the block cannot be read, for people; null where it can, and where there is none. */
  doubt: string | null;
  /** What follows the block. */
  text: string;
}

const block = /^---[ \t]*\n(?:([\s\S]*?)\n)??(?:---|\.\.\.)[ \t]*(?:\n|$)/u;
const tomlBlock = /^\+\+\+[ \t]*\n(?:([\s\S]*?)\n)??\+\+\+[ \t]*(?:\n|$)/u;
const maxDepth = 4;

/**
 * Divides a note, whose lines end with line feeds, into its front matter, in YAML or between lines of `+++` in TOML, and its text. A block that is no YAML is dropped: the note
 * counts without it. A note without a block is all text, also one that only begins with a line of dashes.
 */
export function divideNote(note: string): DividedNote {
  const match = block.exec(note) ?? tomlBlock.exec(note);
  const inside = match?.[1] ?? "";
  const read = match === null ? null : note.startsWith("+") ? tomlFields(inside) : yamlFields(inside);
  if (match === null || read === null) return { fields: new Map(), doubt: null, text: note };
  return { ...read, text: note.slice(match[0].length) };
}

type ReadBlock = Pick<DividedNote, "fields" | "doubt">;

const noYaml = (): ReadBlock => ({
  fields: new Map(),
  doubt: "its front matter is no YAML, and nothing of it is read",
});

/** Null for YAML that is no map: words between two lines of dashes. */
function yamlFields(yaml: string): ReadBlock | null {
  try {
    const { contents, errors } = parseDocument(yaml, { logLevel: "silent" });
    if (errors.length > 0) return noYaml();
    if (contents === null) return { fields: new Map(), doubt: null };
    const value = valueIn(contents, maxDepth);
    return value instanceof Map ? { fields: value, doubt: null } : null;
  } catch {
    // Nested too deeply for the parser.
    return noYaml();
  }
}

const tomlLine = /^[ \t]*(?:"([^"]+)"|([\w-]+))[ \t]*=[ \t]*(\S.*)$/u;

/**
 * What notes say in TOML: keys with a text, a time, a number, or a list of such on one line, before the first table and in `[taxonomies]`, where Zola has its tags. Null where no line
 * is one of TOML.
 */
function tomlFields(toml: string): ReadBlock | null {
  const fields = new Map<string, FieldValue>();
  let isRead = true;
  for (const line of toml.split("\n")) {
    const table = /^[ \t]*\[+([^[\]]+)\]+[ \t]*(?:#.*)?$/u.exec(line)?.[1];
    if (table !== undefined) isRead = table.trim() === "taxonomies";
    const [, quoted, bare, value = ""] = (isRead && tomlLine.exec(line)) || [];
    const name = (quoted ?? bare ?? "").toLowerCase();
    if (name !== "" && !fields.has(name)) fields.set(name, tomlValue(value));
  }
  return fields.size === 0 ? null : { fields, doubt: null };
}

/** Characters of a value of TOML that are looked at. */
const maxTomlValue = 2_000;

function tomlValue(text: string): FieldValue {
  const values = Array.from(text.slice(0, maxTomlValue).matchAll(tomlScalar)).flatMap(
    ([whole, double, single]) => {
      const reading = double === undefined ? null : readJsonText(`"${double}"`);
      if (reading !== null) return reading.ok ? String(reading.value).trim() : (double ?? "");
      return whole.startsWith("#") ? [] : (single ?? whole).trim();
    },
  );
  return text.startsWith("[") ? values : (values[0] ?? "");
}

/** A text in quotes, or what stands before a comma, a bracket or a remark. */
const tomlScalar = /"((?:[^"\\]|\\.)*)"|'([^']*)'|#.*$|[^\s,[\]"'#][^,[\]"'#]*/gu;

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
