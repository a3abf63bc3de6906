import type { ErrorCode } from "../kernel/errors/codes.ts";
import { ConnectorError, type ErrorDetails } from "../kernel/errors/connector-error.ts";

/** A key of an input that has an effect only together with another one. */
export interface Companion {
  key: string;
  beside: string;
  /** Why it has none alone. */
  reason: string;
}

/** Each field is right by itself, and one of them, the subject, is not beside the others. */
export class InputRuleError extends ConnectorError {
  constructor(code: ErrorCode, field: string, reason: string, hint?: ErrorDetails["hint"]) {
    super(code, reason, { subject: field, ...(hint === undefined ? {} : { hint }) });
  }
}

type Given = Readonly<Record<string, unknown>>;

/** Throws `OPTION_INEFFECTIVE` for what is given without what it needs. */
export function requireCompanions(given: Given, companions: readonly Companion[]): void {
  const alone = companions.find(({ key, beside }) => isGiven(given[key]) && !isGiven(given[beside]));
  if (alone === undefined) return;
  const { key, beside, reason } = alone;
  const rest = "as well, or leave the other out";
  const hint = { command: `give --${beside} ${rest}`, request: `give \`${beside}\` ${rest}` };
  throw new InputRuleError("OPTION_INEFFECTIVE", key, reason, hint);
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
