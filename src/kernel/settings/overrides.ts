import * as z from "zod";
import { metadata } from "./metadata.ts";
import { isMap } from "./rules.ts";

export type DeepPartial<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { [K in keyof T]?: DeepPartial<T[K]> | undefined }
    : T;

/**
 * The same keys as a block, all optional and without defaults, so that a connector inherits what it does not set. Rules over
 * several keys do not apply: they are for the merged settings.
 */
export function overridesOf<S extends z.ZodObject>(
  block: S,
): z.ZodType<DeepPartial<z.output<S>>, DeepPartial<z.input<S>>> {
  // zod cannot derive a type through a loop over the keys; the loop keeps every key and only makes it optional.
  return z.strictObject(partialShape(block.shape)) as unknown as ReturnType<typeof overridesOf<S>>;
}

function partialShape(shape: Readonly<Record<string, z.core.$ZodType>>): Record<string, z.ZodType> {
  return Object.fromEntries(Object.entries(shape).map(([key, schema]) => [key, partial(schema)]));
}

function partial(schema: z.core.$ZodType): z.ZodType {
  const bare = withoutDefault(schema);
  const inner = bare instanceof z.ZodObject ? z.strictObject(partialShape(bare.shape)) : (bare as z.ZodType);
  const optional = inner.optional();
  const known = metadata.get(schema);
  return known === undefined ? optional : optional.register(metadata, known);
}

function withoutDefault(schema: z.core.$ZodType): z.core.$ZodType {
  return schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional
    ? withoutDefault(schema.unwrap())
    : schema;
}

/** The block's settings with a connector's own in their place. Maps merge key by key; everything else is replaced. */
export function mergeSettings<T>(base: T, own: DeepPartial<T> | undefined): T {
  if (own === undefined) return base;
  if (!isMap(base) || !isMap(own)) return own as T;
  const merged = Object.entries(own)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => [key, mergeSettings<unknown>(base[key], value as DeepPartial<unknown>)]);
  return { ...base, ...Object.fromEntries(merged) };
}
