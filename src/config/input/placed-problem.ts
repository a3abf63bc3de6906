import type { Path } from "../schema/walk.ts";

/** A problem under the schema's names, before it is brought into the form that a person reads. */
export interface PlacedProblem {
  path: Path;
  reason: string;
  hint: string | null;
}

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
