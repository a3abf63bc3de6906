import { isDeepStrictEqual } from "node:util";
import type * as z from "zod";
import { type Path, pathText } from "../../kernel/settings/path.ts";
import { isMap } from "../../kernel/settings/rules.ts";
import { childOf, keysOf, metadataOf } from "../../kernel/settings/walk.ts";
import type { PlacedProblem } from "./origin.ts";

/** A file's values under the schema's names. */
export interface Normalised {
  tree: unknown;
  /** The key as the user wrote it, by the path under the schema's names. Only where they differ. */
  writtenKeys: ReadonlyMap<string, string>;
  problems: readonly PlacedProblem[];
}

/**
 * Normalises alternative notations: synonyms get the schema's name, a plain value for a block becomes the block, and a key without
 * a value is dropped. Unknown keys are kept.
 */
export function normalise(tree: unknown, schema: z.core.$ZodType): Normalised {
  const writtenKeys = new Map<string, string>();
  const problems: PlacedProblem[] = [];

  const visit = (value: unknown, at: z.core.$ZodType | undefined, path: Path): unknown => {
    if (at === undefined) return value;
    if (Array.isArray(value))
      return value.map((item, index) => visit(item, childOf(at, index), [...path, index]));
    if (isMap(value)) return visitMap(value, at, path);
    const { shorthand } = metadataOf(at) ?? {};
    return shorthand === undefined || value === undefined ? value : { [shorthand]: value };
  };

  const visitMap = (map: Readonly<Record<string, unknown>>, at: z.core.$ZodType, path: Path): unknown => {
    const names = namesOf(at, map);
    const entries = Object.entries(map)
      .filter(([, value]) => value !== null)
      .map(([written, value]) => ({ written, value, key: names.get(written) ?? written }));
    const renamed = new Map<string, unknown>();
    for (const { written, value, key } of entries.toSorted(schemaNamesFirst)) {
      const inner = visit(value, childOf(at, key, map), [...path, key]);
      if (!renamed.has(key)) {
        renamed.set(key, inner);
        if (written !== key) writtenKeys.set(pathText([...path, key]), written);
      } else if (!isDeepStrictEqual(renamed.get(key), inner)) {
        const reason = `is another name of ${key}, and the two have different values`;
        problems.push({ path: [...path, written], reason, hint: `keep ${key}` });
      }
    }
    return Object.fromEntries([...renamed]);
  };

  return { tree: visit(tree, schema, []), writtenKeys, problems };
}

type Named = Readonly<Record<"written" | "key", string>>;

function schemaNamesFirst(one: Named, other: Named): number {
  return Number(one.written !== one.key) - Number(other.written !== other.key);
}

/** The schema's name for every accepted name of a map's keys. */
function namesOf(schema: z.core.$ZodType, map: unknown): ReadonlyMap<string, string> {
  const known = keysOf(schema, map);
  const synonyms = known.flatMap((key) =>
    (metadataOf(childOf(schema, key, map))?.synonyms ?? []).map((name) => [name, key] as const),
  );
  return new Map([...synonyms, ...known.map((key) => [key, key] as const)]);
}
