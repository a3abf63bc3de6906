import * as z from "zod";
import { choiceOf, chosenBlock } from "./choice.ts";
import { metadata, type SettingMetadata } from "./metadata.ts";
import type { Path } from "./path.ts";
import { isMap } from "./rules.ts";

/** One setting or block as the schema declares it. */
export interface Setting {
  pattern: readonly string[];
  schema: z.ZodType;
  facts: SettingMetadata;
  isBlock: boolean;
  /** Of a block that is one of a choice: which. Settings of two such blocks may share a pattern. */
  ofType?: string;
}

/** The schema beneath defaults and optionality; of a transform, its input side. */
export function coreOf(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) {
    return coreOf(schema.unwrap());
  }
  return schema instanceof z.ZodPipe ? coreOf(schema.in) : schema;
}

/**
 * The schema of a map's key or of a list's item; undefined when there is none. `value` is the value of the schema: with several
 * alternative blocks it selects one. Without it, a key is secret if any of them declares it as secret.
 */
export function childOf(
  schema: z.core.$ZodType,
  segment: string | number,
  value?: unknown,
): z.core.$ZodType | undefined {
  const core = chosenBlock(coreOf(schema), value);
  if (core instanceof z.ZodArray) return typeof segment === "number" ? core.element : undefined;
  if (core instanceof z.ZodObject) {
    return Object.hasOwn(core.shape, segment) ? core.shape[segment] : undefined;
  }
  const candidates = [...(choiceOf(core)?.blocks.values() ?? [])].flatMap(
    (block) => childOf(block, segment) ?? [],
  );
  return candidates.find((candidate) => metadata.get(candidate)?.secret) ?? candidates[0];
}

/** `tree` is what the root describes, see `childOf`. */
export function schemaAt(root: z.core.$ZodType, path: Path, tree?: unknown): z.core.$ZodType | undefined {
  let schema: z.core.$ZodType | undefined = root;
  let value = tree;
  for (const segment of path) {
    schema = schema && childOf(schema, segment, value);
    value = isMap(value) || Array.isArray(value) ? Reflect.get(value, segment) : undefined;
  }
  return schema;
}

export function metadataOf(schema: z.core.$ZodType | undefined): SettingMetadata | undefined {
  return schema && metadata.get(schema);
}

/** The keys that a map at this path may have; empty when it is not a map. `value` as for `childOf`. */
export function keysOf(schema: z.core.$ZodType | undefined, value?: unknown): readonly string[] {
  const core = schema && chosenBlock(coreOf(schema), value);
  if (core instanceof z.ZodObject) return Object.keys(core.shape);
  const blocks = core === undefined ? undefined : choiceOf(core)?.blocks;
  return [...new Set([...(blocks?.values() ?? [])].flatMap((block) => Object.keys(block.shape)))];
}

/** Every setting and block beneath a schema, in declaration order, blocks before their contents. */
export function* settingsOf(root: z.core.$ZodType, above: readonly string[] = []): Generator<Setting> {
  const core = coreOf(root);
  if (core instanceof z.ZodArray) yield* settingsOf(core.element, [...above, "[]"]);
  yield* settingsOfChoice(core, above);
  if (!(core instanceof z.ZodObject)) return;
  for (const [key, schema] of Object.entries<z.ZodType>(core.shape)) {
    const pattern = [...above, key];
    const known = metadata.get(schema);
    if (known !== undefined) yield { pattern, schema, facts: known, isBlock: holdsSettings(schema) };
    yield* settingsOf(schema, pattern);
  }
}

/** The discriminating key, then the other keys of each block. */
function* settingsOfChoice(schema: z.core.$ZodType, above: readonly string[]): Generator<Setting> {
  const choice = choiceOf(schema);
  if (choice === null) return;
  const { key, blocks } = choice;
  const [first] = blocks.values();
  const known = first && metadata.get(first.shape[key] as z.ZodType);
  if (known !== undefined) {
    yield { pattern: [...above, key], schema: z.enum([...blocks.keys()]), facts: known, isBlock: false };
  }
  for (const [ofType, block] of blocks) {
    for (const setting of settingsOf(block, above)) {
      if (setting.pattern.length > above.length + 1 || setting.pattern.at(-1) !== key) {
        yield { ...setting, ofType };
      }
    }
  }
}

function holdsSettings(schema: z.core.$ZodType): boolean {
  const core = coreOf(schema);
  if (choiceOf(core) !== null) return true;
  return core instanceof z.ZodObject || (core instanceof z.ZodArray && holdsSettings(core.element));
}

/** The default of a setting in the file's notation; undefined when there is none. */
export function defaultOf(schema: z.core.$ZodType): unknown {
  return schema instanceof z.ZodPrefault ? schema.def.defaultValue : undefined;
}

export function isRequired(schema: z.core.$ZodType): boolean {
  return !(schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional);
}
