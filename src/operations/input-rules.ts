import type { ErrorCode } from "../kernel/errors/codes.ts";
import { ConnectorError } from "../kernel/errors/connector-error.ts";

/** A key of an input that has an effect only together with another one. */
export interface Companion {
  key: string;
  beside: string;
  /** Why it has none alone. */
  reason: string;
}

type Given = Readonly<Record<string, unknown>>;

/** Throws `RANGE_REVERSED` for a span of time that ends before it begins. Milliseconds since the epoch; both ends belong to it. */
export function requireOrderedRange({ since, until }: { since?: unknown; until?: unknown }): void {
  if (typeof since !== "number" || typeof until !== "number" || since <= until) return;
  const [from, to] = [since, until].map((at) => new Date(at).toISOString());
  throw new ConnectorError("RANGE_REVERSED", `since, ${from}, is later than until, ${to}`, {
    subject: "since",
  });
}

/** Throws `OPTION_INEFFECTIVE` for what is given without what it needs. */
export function requireCompanions(given: Given, companions: readonly Companion[]): void {
  const alone = companions.find(({ key, beside }) => isGiven(given[key]) && !isGiven(given[beside]));
  if (alone === undefined) return;
  const { key, beside, reason } = alone;
  throw new ConnectorError("OPTION_INEFFECTIVE", reason, {
    subject: key,
    hint: `give ${beside} (--${beside}) as well, or leave the other out`,
  });
}

/** A switch that is off is as good as none. */
const isGiven = (value: unknown): boolean => value !== undefined && value !== false;

/** The codes that the rules of an input end with. */
export function codesOfRules(keys: readonly string[], companions: readonly Companion[]): ErrorCode[] {
  const isRange = keys.includes("since") && keys.includes("until");
  return [
    ...(isRange ? (["RANGE_REVERSED"] as const) : []),
    ...(companions.length > 0 ? (["OPTION_INEFFECTIVE"] as const) : []),
  ];
}
