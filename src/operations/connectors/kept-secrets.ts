import { hasMaskedLogin } from "../../config/secret-origins.ts";
import { isMap } from "../../kernel/settings/rules.ts";
import { mask, maskLogin } from "../../kernel/util/url.ts";

type Settings = Readonly<Record<string, unknown>>;

/**
 * Masked settings that were read, edited and sent back: a value that is still masked gets its old value, and so does a URL whose
 * login is masked and that is otherwise unchanged. A mask without an old value stays, for validation to refuse.
 */
export function withKeptSecrets(settings: Settings, before: Settings): Settings {
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]) => {
      const old = Object.hasOwn(before, key) ? before[key] : undefined;
      if (standsFor(value, old)) return [key, old];
      return [key, isMap(value) && isMap(old) ? withKeptSecrets(value, old) : value];
    }),
  );
}

function standsFor(value: unknown, old: unknown): boolean {
  if (typeof old !== "string") return false;
  return value === mask || (hasMaskedLogin(value) && maskLogin(old) === value);
}
