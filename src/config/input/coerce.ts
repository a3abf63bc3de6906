import * as z from "zod";
import { pathText } from "../../kernel/settings/path.ts";
import { coreOf, schemaAt } from "../../kernel/settings/walk.ts";
import { secretPlaces } from "../mask-secrets.ts";
import type { Origins } from "./origin.ts";
import { getIn, mapValues } from "./tree.ts";

const booleans: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["yes", true],
  ["on", true],
  ["1", true],
  ["false", false],
  ["no", false],
  ["off", false],
  ["0", false],
]);

/**
 * Variables, flags and secret files hold only text. Where the schema expects a number or a boolean and the text is one, it is
 * converted; otherwise it is kept and fails validation. Text in the file itself stays text.
 */
export function coerce(tree: unknown, schema: z.core.$ZodType, origins: Origins): unknown {
  if (origins.size === 0) return tree;
  return mapValues(tree, (value, path) => {
    if (typeof value !== "string" || !origins.has(pathText(path))) return value;
    const wanted = schemaAt(schema, path, tree);
    return wanted === undefined ? value : coerceText(value, coreOf(wanted));
  });
}

/** `wanted` is a core schema, see `coreOf`. */
export function coerceText(text: string, wanted: z.core.$ZodType): unknown {
  const trimmed = text.trim();
  if (wanted instanceof z.ZodBoolean) return booleans.get(trimmed.toLowerCase()) ?? text;
  if (wantsNumber(wanted) && /^[+-]?\d+(\.\d+)?$/.test(trimmed)) return Number(trimmed);
  return text;
}

function wantsNumber(wanted: z.core.$ZodType): boolean {
  if (wanted instanceof z.ZodUnion) return wanted.options.some(wantsNumber);
  return wanted instanceof z.ZodNumber;
}

/** An empty secret, as from a variable with an empty default, counts as not set. */
export function withoutEmptySecrets(tree: unknown): unknown {
  const empty = secretPlaces(tree).filter((path) => getIn(tree, path) === "");
  if (empty.length === 0) return tree;
  const paths = new Set(empty.map(pathText));
  return mapValues(tree, (value, path) => (value === "" && paths.has(pathText(path)) ? undefined : value));
}
