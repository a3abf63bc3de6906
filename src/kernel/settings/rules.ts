/** What a rule found, seen from the block that it belongs to. */
export interface RuleProblem {
  path: (string | number)[];
  reason: string;
  hint: string;
}

/**
 * A rule over several keys of a block. It gets the block as the user gave it, without defaults and whatever else is wrong with it, so
 * that all problems show at once.
 */
export type Rule = (block: unknown) => readonly RuleProblem[];

export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

/** The keys among these that the map gives a value. */
export function givenKeys(value: unknown, keys: readonly string[]): string[] {
  return isMap(value) ? keys.filter((key) => value[key] !== undefined) : [];
}

/** Applies rules to what a map holds under a key. */
export function beneath(value: unknown, key: string, rule: Rule): RuleProblem[] {
  if (!isMap(value)) return [];
  return rule(value[key]).map((problem) => ({ ...problem, path: [key, ...problem.path] }));
}
