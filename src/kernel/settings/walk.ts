import * as z from "zod";
import { facts, type SettingFacts } from "./facts.ts";
import type { Path } from "./path.ts";

/** One setting or block as the schema declares it. */
export interface Setting {
  pattern: readonly string[];
  schema: z.ZodType;
  facts: SettingFacts;
  isBlock: boolean;
}

/** The schema beneath defaults and optionality; of a conversion, the side that reads the file. */
export function coreOf(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) {
    return coreOf(schema.unwrap());
  }
  return schema instanceof z.ZodPipe ? coreOf(schema.in) : schema;
}

/** The schema of a map's key or of a list's item; undefined where the schema knows of none. */
export function childOf(schema: z.core.$ZodType, segment: string | number): z.core.$ZodType | undefined {
  const core = coreOf(schema);
  if (core instanceof z.ZodArray) return typeof segment === "number" ? core.element : undefined;
  if (!(core instanceof z.ZodObject) || !Object.hasOwn(core.shape, segment)) return undefined;
  return core.shape[segment];
}

export function schemaAt(root: z.core.$ZodType, path: Path): z.core.$ZodType | undefined {
  return path.reduce<z.core.$ZodType | undefined>(
    (schema, segment) => schema && childOf(schema, segment),
    root,
  );
}

export function factsOf(schema: z.core.$ZodType | undefined): SettingFacts | undefined {
  return schema && facts.get(schema);
}

/** The keys that a map at this place may have; empty when it is no map. */
export function keysOf(schema: z.core.$ZodType | undefined): readonly string[] {
  const core = schema && coreOf(schema);
  return core instanceof z.ZodObject ? Object.keys(core.shape) : [];
}

/** Every setting and block beneath a schema, in the order of declaration, blocks before what they hold. */
export function* settingsOf(root: z.core.$ZodType, above: readonly string[] = []): Generator<Setting> {
  const core = coreOf(root);
  if (core instanceof z.ZodArray) yield* settingsOf(core.element, [...above, "[]"]);
  if (!(core instanceof z.ZodObject)) return;
  for (const [key, schema] of Object.entries<z.ZodType>(core.shape)) {
    const pattern = [...above, key];
    const known = facts.get(schema);
    if (known !== undefined) yield { pattern, schema, facts: known, isBlock: holdsSettings(schema) };
    yield* settingsOf(schema, pattern);
  }
}

function holdsSettings(schema: z.core.$ZodType): boolean {
  const core = coreOf(schema);
  return core instanceof z.ZodObject || (core instanceof z.ZodArray && holdsSettings(core.element));
}

/** What a setting has in the file's spelling when it is left out; undefined when there is nothing. */
export function defaultOf(schema: z.core.$ZodType): unknown {
  return schema instanceof z.ZodPrefault ? schema.def.defaultValue : undefined;
}

export function isRequired(schema: z.core.$ZodType): boolean {
  return !(schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional);
}
