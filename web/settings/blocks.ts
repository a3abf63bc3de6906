import { alternativesOf, kindOf, type Schema } from "./schema.ts";
import { isTree } from "./tree.ts";

/**
 * What another has made of settings, and over it what `mine` changes of the `base` of both. Where both changed one setting, mine holds; a block
 * of another kind than theirs is mine as a whole.
 */
export function mergedOver(
  schema: Schema,
  { base, theirs, mine }: { base: unknown; theirs: unknown; mine: unknown },
): unknown {
  if (JSON.stringify(base) === JSON.stringify(mine)) return theirs;
  if (!isTree(theirs) || !isTree(mine) || kindOf(schema) === "json") return mine;
  const key = alternativesOf(schema)?.key;
  if (key !== undefined && theirs[key] !== mine[key]) return mine;
  const before = isTree(base) ? base : {};
  const { properties = {} } = blockOf(schema, mine);
  const names = [...new Set([...Object.keys(theirs), ...Object.keys(mine)])];
  const merged = names.map((name) => {
    const sides = { base: before[name], theirs: theirs[name], mine: mine[name] };
    return [name, mergedOver(properties[name] ?? {}, sides)] as const;
  });
  return Object.fromEntries(merged.filter(([, value]) => value !== undefined));
}

/** The paths of settings that are needed and not given, in the order of the fields. A group that is left out needs nothing. */
export function missingIn(schema: Schema, value: unknown, at: readonly string[] = []): string[] {
  const { properties = {}, required = [] } = blockOf(schema, value);
  const given = isTree(value) ? value : {};
  return Object.entries(properties).flatMap(([key, inner]) => {
    const path = [...at, key];
    if (given[key] !== undefined) return isTree(given[key]) ? missingIn(inner, given[key], path) : [];
    return required.includes(key) ? [path.join(".")] : [];
  });
}

/** Of a choice between blocks the one that a value names; any other schema is itself. */
export function blockOf(schema: Schema, value: unknown): Schema {
  const choice = alternativesOf(schema);
  if (choice === null || !isTree(value)) return schema;
  return choice.blocks.get(String(value[choice.key])) ?? schema;
}
