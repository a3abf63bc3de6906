import { type Path, pathText } from "../../kernel/settings/path.ts";
import { getIn } from "./tree.ts";

/** The origin of a value that does not come from the file itself. */
export interface Origin {
  path: Path;
  /** A variable, a flag or a secret file. */
  label: string;
  /** The value must not be shown, whatever its setting. */
  confidential: boolean;
}

/** By `pathText`. */
export type Origins = ReadonlyMap<string, Origin>;

/** The origin of a value, or of the map or list that contains it. */
export function originOf(origins: Origins, path: Path): Origin | undefined {
  const lengths = path.map((_, index) => path.length - index);
  const found = lengths.find((length) => origins.has(pathText(path.slice(0, length))));
  return found === undefined ? undefined : origins.get(pathText(path.slice(0, found)));
}

/** Where the value of the first of these places that has one comes from, in words; null for the file itself, and for none. */
export function originText(origins: Origins, tree: unknown, places: readonly Path[]): string | null {
  const inForce = places.find((place) => (getIn(tree, place) ?? null) !== null);
  const label = inForce && origins.get(pathText(inForce))?.label;
  if (label === undefined) return null;
  return /^--|\//u.test(label) ? label : `the variable ${label}`;
}

/** Whether the value of a variable with this name must not be shown. */
export const looksSecret = (name: string): boolean => /key|token|secret|passw|credential|auth/i.test(name);

/** A problem under the schema's names, before it is formatted for people. */
export interface PlacedProblem {
  path: Path;
  reason: string;
  hint: string | null;
}
