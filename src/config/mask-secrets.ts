import { mask, maskLogin } from "./report/shown-value.ts";
import { isMap } from "./schema/rules.ts";
import { declaredSettings } from "./schema/settings.ts";

/**
 * A copy that may be printed: the values of settings that the schema calls secret are masked, in the file's spelling and in
 * `Config`'s, at any depth, and so are the logins in URLs. Settings that are not set stay as they are.
 */
export function maskSecrets(value: unknown): unknown {
  const secretKeys = new Set(
    declaredSettings()
      .filter(({ facts }) => facts.secret)
      .flatMap(({ pattern }) => [pattern.at(-1) ?? "", camelCase(pattern.at(-1) ?? "")]),
  );
  return masked(value, secretKeys);
}

function masked(value: unknown, secretKeys: ReadonlySet<string>): unknown {
  if (typeof value === "string") return maskLogin(value);
  if (Array.isArray(value)) return value.map((item) => masked(item, secretKeys));
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      secretKeys.has(key) ? hide(inner) : masked(inner, secretKeys),
    ]),
  );
}

const hide = (value: unknown): unknown => (value === null || value === undefined ? value : mask);

const camelCase = (key: string): string =>
  key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
