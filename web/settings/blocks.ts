import { type Alternatives, alternativesOf, isNumber, kindOf, type Schema, secretNames } from "./schema.ts";
import { isTree, type Tree } from "./tree.ts";

/**
 * The settings of another block of a choice: what was said of it `before`, and what it has in common with the one `from` which a person comes.
 * Secrets stay behind: a key belongs to whom it was given for.
 */
export function asBlock(
  { key, blocks }: Alternatives,
  name: string,
  { from, before = {} }: { from: Tree; before?: Tree | undefined },
): Tree {
  const { [key]: _, ...settings } = blocks.get(name)?.properties ?? {};
  const shared = Object.entries(from).filter(([each, value]) => {
    const schema = settings[each];
    return schema !== undefined && fits(schema, value) && !holdsSecret(schema);
  });
  return { ...before, ...Object.fromEntries(shared), [key]: name };
}

const holdsSecret = (schema: Schema): boolean => schema.writeOnly === true || secretNames(schema).size > 0;

/** Whether a value may stand in the field of a setting. What is written as JSON is judged by the service alone. */
function fits(schema: Schema, value: unknown): boolean {
  switch (kindOf(schema)) {
    case "group":
    case "alternatives":
      return isTree(value);
    case "choice":
      return schema.enum?.includes(String(value)) ?? false;
    case "switch":
      return typeof value === "boolean";
    case "number":
      return typeof value === "number";
    case "lines":
      return Array.isArray(value) || (typeof value === "string" && schema.type !== "array");
    case "text":
      return typeof value === "string" || (typeof value === "number" && isNumber(schema));
    default:
      return false;
  }
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
