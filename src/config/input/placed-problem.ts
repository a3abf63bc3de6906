import type { Path } from "../../kernel/settings/path.ts";

/** A problem under the schema's names, before it is brought into the form that a person reads. */
export interface PlacedProblem {
  path: Path;
  reason: string;
  hint: string | null;
}
