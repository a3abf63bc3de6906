import { mask } from "../../kernel/util/url.ts";
import { secretKeys } from "../mask-secrets.ts";
import { declaredSettings } from "../schema/settings.ts";

/**
 * Of a line that is no YAML what cannot be a secret, whichever setting it belongs to: the name of a setting that it begins with, and
 * a short number, a yes or no, or an empty value. Anything else may go on with the value of an earlier line. Empty where nothing is left.
 */
export function shownLine(source: string): string {
  const [, name = "", value = ""] = /^[\s-]*["']?(\w+)["']?\s*:(?:\s+(.*))?$/u.exec(source.trimEnd()) ?? [];
  if (!declaredSettings().some(({ pattern }) => pattern.at(-1) === name)) return "";
  return `${name}: ${isPlain(value) && !looksSecret(name) ? value : mask}`.trim();
}

/** A key of the schema that holds a secret, or one that may be meant for it. */
export function looksSecret(key: string): boolean {
  return secretKeys().has(key) || /key|pass|pw|secret|token|webhook|auth|credential/iu.test(key);
}

const isPlain = (value: string): boolean => /^(?:\d{1,5}|true|false|null|~|\{\}|\[\])?$/u.test(value);
