import { isDeepStrictEqual } from "node:util";
import * as z from "zod";
import { type Path, pathText } from "../kernel/settings/path.ts";
import type { Setting } from "../kernel/settings/walk.ts";
import type { PlacedProblem } from "./input/origin.ts";
import { getIn, placesOf } from "./input/tree.ts";
import { declaredSettings } from "./schema/settings.ts";

/**
 * Settings that are accepted for features that this version does not have. Any value other than the default is a warning. An
 * implementation of the feature removes its entry here, and nothing else.
 */
interface NotYet {
  /** A setting, or a block with all its settings. `[]` matches any index. */
  pattern: string;
  feature: string;
}

export const notYet: readonly NotYet[] = [];

interface Use {
  /** Path of the entry's setting or block. */
  path: Path;
  /** The key beneath it with a value other than its default; empty for the setting itself. */
  key: string;
}

/** One warning for each unbuilt setting or block in use, at its first occurrence. */
export function unbuiltWarnings(settings: unknown, entries = notYet): PlacedProblem[] {
  return entries.flatMap((entry) => {
    const uses = usesOf(entry, settings);
    const [first] = uses;
    if (first === undefined) return [];
    const keys = [...new Set(uses.map(({ key }) => key).filter(Boolean))];
    const what = keys.length === 0 ? "" : ` (${keys.join(", ")})`;
    const reason = `has no effect yet${what}: this version does not have ${entry.feature}`;
    return [{ path: first.path, reason, hint: null }];
  });
}

function usesOf(entry: NotYet, settings: unknown): Use[] {
  return declaredSettings()
    .filter((setting) => isChoice(setting) && isBeneath(entry.pattern, pathText(setting.pattern)))
    .flatMap((setting) => changedPlaces(setting, settings))
    .map((path) => splitAt(entry, path));
}

/** The presence of an optional block is a choice of its own. */
const isChoice = ({ isBlock, schema }: Setting): boolean => !isBlock || schema instanceof z.ZodOptional;

function isBeneath(pattern: string, setting: string): boolean {
  return setting === pattern || setting.startsWith(`${pattern}.`);
}

function changedPlaces({ pattern, schema }: Setting, settings: unknown): Path[] {
  const given = placesOf(pattern, settings).filter((path) => getIn(settings, path) !== undefined);
  if (given.length === 0) return [];
  const standard = schema.safeParse(undefined).data;
  return given.filter((path) => !isDeepStrictEqual(getIn(settings, path), standard));
}

function splitAt(entry: NotYet, path: Path): Use {
  const depth = entry.pattern.replaceAll("[]", ".[]").split(".").length;
  return { path: path.slice(0, depth), key: pathText(path.slice(depth)) };
}
