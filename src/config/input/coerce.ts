import * as z from "zod";
import { declaredSettings } from "../schema/settings.ts";
import { coreOf, schemaAt } from "../schema/walk.ts";
import type { Origins } from "./origin.ts";
import { getIn, placesOf, setIn } from "./tree.ts";

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
 * Variables, flags and secrets' files hold only text. Where the schema wants a number or a boolean and the text is one, it becomes
 * one; otherwise it stays, for validation to complain about. What the file itself spells as text stays text.
 */
export function coerce(tree: unknown, schema: z.core.$ZodType, origins: Origins): unknown {
  return [...origins.values()].reduce((result, { path }) => {
    const value = getIn(result, path);
    const wanted = schemaAt(schema, path);
    if (typeof value !== "string" || wanted === undefined) return result;
    return setIn(result, path, coerceText(value, coreOf(wanted)));
  }, tree);
}

/** `wanted` is without defaults and the like, see `coreOf`. */
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

/** A secret that is set to nothing, as by a variable with an empty default, counts as not set. */
export function withoutEmptySecrets(tree: unknown): unknown {
  return declaredSettings()
    .filter(({ facts }) => facts.secret)
    .flatMap(({ pattern }) => placesOf(pattern, tree))
    .filter((path) => getIn(tree, path) === "")
    .reduce((result, path) => setIn(result, path, undefined), tree);
}
