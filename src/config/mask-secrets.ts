import { type Path, pathText } from "../kernel/settings/path.ts";
import { isMap } from "../kernel/settings/rules.ts";
import { mask, maskLogin } from "../kernel/util/url.ts";
import { placesOf } from "./input/tree.ts";
import { declaredSettings } from "./schema/settings.ts";

/**
 * A printable copy: secret settings are masked, under the file's and under `Config`'s names, at any depth, and so are logins in
 * URLs. Unset settings are unchanged.
 */
export function maskSecrets(value: unknown): unknown {
  return masked(value, secretKeys());
}

/** The values of those settings, at any depth, for masking in logs. */
export function secretsOf(value: unknown): string[] {
  return [...secretTexts(value, secretKeys(), false)];
}

/** The names of secret settings, in the file's and in `Config`'s notation. */
export function secretKeys(): ReadonlySet<string> {
  return new Set(
    declaredSettings()
      .filter(({ facts }) => facts.secret)
      .flatMap(({ pattern }) => [pattern.at(-1) ?? "", camelCase(pattern.at(-1) ?? "")]),
  );
}

function* secretTexts(value: unknown, keys: ReadonlySet<string>, secret: boolean): Generator<string> {
  if (typeof value === "string") {
    if (secret) yield value;
  } else if (Array.isArray(value)) {
    for (const item of value) yield* secretTexts(item, keys, secret);
  } else if (isMap(value)) {
    for (const [key, inner] of Object.entries(value))
      yield* secretTexts(inner, keys, secret || keys.has(key));
  }
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

/** The paths at which a settings tree may hold secrets, without duplicates; not all have to exist. */
export function secretPlaces(tree: unknown): Path[] {
  const patterns = new Map(
    declaredSettings()
      .filter(({ facts }) => facts.secret)
      .map(({ pattern }) => [pathText(pattern), pattern]),
  );
  return [...patterns.values()].flatMap((pattern) => placesOf(pattern, tree));
}
