import { type Path, pathText } from "../../kernel/settings/path.ts";

/** Where a value came from when it did not come from the file itself. */
export interface Origin {
  path: Path;
  /** A variable, a flag or a secret's file. */
  label: string;
  /** The value must not be shown, whichever setting it was meant for. */
  confidential: boolean;
}

/** By `pathText`. */
export type Origins = ReadonlyMap<string, Origin>;

/** The origin of a value, or of the map or list that it came with. */
export function originOf(origins: Origins, path: Path): Origin | undefined {
  const lengths = path.map((_, index) => path.length - index);
  const found = lengths.find((length) => origins.has(pathText(path.slice(0, length))));
  return found === undefined ? undefined : origins.get(pathText(path.slice(0, found)));
}

/** Whether what a variable of this name holds may not be shown. */
export const looksSecret = (name: string): boolean => /key|token|secret|passw|credential|auth/i.test(name);
