import { flagOf } from "./answer-clues.ts";
import { type Field, fieldsOf } from "./answer-fields.ts";
import { isFailureFlag, isFailureName, isOutcome, isStatus, plainName } from "./clue-names.ts";

/**
 * A failure that an answer with a success status reports, for people: `success: false`, `errors.message: shard 2 is down`. Null
 * when it reports none. What such an answer shows exists; what it lacks may exist as well.
 */
export function reportedFailure(surroundings: unknown, server: string): string | null {
  const field = fieldsOf(surroundings).find(reportsFailure);
  if (field === undefined) return null;
  const said = `${field.path.join(".")}: ${String(field.value)}`.slice(0, 120);
  return `the answer speaks of a failure of the server (${said}); look into the log of ${server}`;
}

function reportsFailure({ path, value }: Field): boolean {
  const name = plainName(path.at(-1) ?? "");
  if (isOutcome(name)) return flagOf(value) === false;
  if (isFailureFlag(name)) return flagOf(value) === true;
  if (isStatus(name) && namesFailure(value)) return true;
  return path.some((part) => isFailureName(plainName(part))) && !isNothing(value);
}

const failureWords =
  /^(?:err(?:or|ors)?|fail(?:ed|ure|ures)?|(?:internal|server|internalserver)error|exception|fatal|aborted|timeout|timedout|degraded|unavailable|(?:partial|incomplete)(?:success|failure|results?|content|data)?)$/;

/** `error`, `partial_success`, or an HTTP status of a failure. */
function namesFailure(value: unknown): boolean {
  if (/^[45]\d\d$/.test(String(value))) return true;
  return typeof value === "string" && failureWords.test(plainName(value));
}

const nothingWords = /^(?:-|false|no|none|null|nil|n\/a|undefined|ok|okay|success|successful)?$/i;

/** The value of an error field without an error: nothing, zero, or a word that says so. */
function isNothing(value: unknown): boolean {
  if (value === null || value === false || Number(value) === 0) return true;
  return nothingWords.test(String(value).trim());
}
