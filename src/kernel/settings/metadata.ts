import * as z from "zod";

/**
 * Metadata of a setting or a block of settings, besides its type and default. Validation messages, masking, the reference, the
 * example file and the editor schema are all generated from the zod schemas and this metadata.
 */
export interface SettingMetadata {
  /** What it does, for a person who has never seen it. Whole sentences. */
  description: string;
  /** A good value; shown where there is no default, and in the example file in the default's place. */
  example?: unknown;
  /** Included in the example file, although it is optional and has no default. */
  starter?: true;
  /** The default in words, where it depends on other settings. */
  defaultText?: string;
  /** Never printed, logged or returned. */
  secret?: true;
  /** The setting of the same block with the address to which this is sent: it must not reach servers of another origin. */
  belongsTo?: string;
  /** The environment variable that overrides the file. */
  env?: string;
  /** Alternative names accepted in the file. Two names with different values are a problem. */
  synonyms?: readonly string[];
  /** The block may also be written as one plain value, which stands for a block with only this key. */
  shorthand?: string;
  /** A block with the same keys as another one, which the reference therefore describes only once. */
  sameAs?: string;
}

export const metadata = z.registry<SettingMetadata>();

const internalKeys: readonly (keyof SettingMetadata)[] = [
  "example",
  "starter",
  "defaultText",
  "secret",
  "belongsTo",
  "env",
  "synonyms",
  "shorthand",
  "sameAs",
];

/** Reduces a setting's metadata in its JSON schema to description and example, and marks a secret as `writeOnly`: the rest is internal. */
export function stripMetadata(setting: z.core.$ZodType, jsonSchema: Record<string, unknown>): void {
  for (const key of internalKeys) delete jsonSchema[key];
  const { example, secret } = metadata.get(setting) ?? {};
  if (example !== undefined) jsonSchema.examples = [example];
  if (secret === true) jsonSchema.writeOnly = true;
}

/**
 * Whether a change takes effect on reload (true) or only after a restart: for a whole block, or for each of its settings. A new
 * setting without an entry is a compile error.
 */
export type Live<Block> = boolean | { readonly [Key in keyof Block]-?: Live<Block[Key]> };
