import * as z from "zod";

/**
 * What is known of a setting or a block of settings besides its type and default. Validation messages, masking, the
 * reference, the example file and the editor schema are all made from the zod schemas and these facts.
 */
export interface SettingFacts {
  /** What it does, for a person who has never seen it. Whole sentences. */
  description: string;
  /** A good value; shown where there is no default, and in the example file in the default's place. */
  example?: unknown;
  /** Stands in the example file, although it has no default and may be left out. */
  starter?: true;
  /** The default in words, where it depends on other settings. */
  defaultText?: string;
  /** Never printed, logged or returned. */
  secret?: true;
  /** The setting of the same block with the address that this is sent to: it is not for servers of another origin. */
  belongsTo?: string;
  /** The environment variable that overrides the file. */
  env?: string;
  /** Other names that users' files have. Both names with different values are a problem. */
  synonyms?: readonly string[];
  /** A block that may also be written as one plain value stands for a block with only this key. */
  shorthand?: string;
  /** A block with the same keys as another one, which the reference therefore describes only once. */
  sameAs?: string;
}

export const facts = z.registry<SettingFacts>();

const factKeys: readonly (keyof SettingFacts)[] = [
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

/** Leaves of what is known of a setting only description and example in its JSON schema: the rest is not for others. */
export function showFacts(setting: z.core.$ZodType, jsonSchema: Record<string, unknown>): void {
  for (const key of factKeys) delete jsonSchema[key];
  const example = facts.get(setting)?.example;
  if (example !== undefined) jsonSchema.examples = [example];
}
