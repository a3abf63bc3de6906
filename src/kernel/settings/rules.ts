/** A problem that a rule found, relative to its block. */
export interface RuleProblem {
  path: (string | number)[];
  reason: string;
  hint: string;
}

/**
 * A rule over several keys of a block. It receives the block as written, without defaults and even if otherwise invalid, so that
 * all problems are reported at once.
 */
export type Rule = (block: unknown) => readonly RuleProblem[];

export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

/** Those of the keys that have a value in the map. */
export function givenKeys(value: unknown, keys: readonly string[]): string[] {
  return isMap(value) ? keys.filter((key) => value[key] !== undefined) : [];
}

/** Applies a rule to the value of a key. */
export function beneath(value: unknown, key: string, rule: Rule): RuleProblem[] {
  if (!isMap(value)) return [];
  return rule(value[key]).map((problem) => ({ ...problem, path: [key, ...problem.path] }));
}
