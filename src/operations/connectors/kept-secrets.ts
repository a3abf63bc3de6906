import { hasMaskedLogin } from "../../config/secret-origins.ts";
import { isMap } from "../../kernel/settings/rules.ts";
import { mask, maskLogin } from "../../kernel/util/url.ts";

type Settings = Readonly<Record<string, unknown>>;

/**
 * Settings as somebody read them, masked, and gives them back changed: whatever is still masked gets the value that it had, and so does
 * an address whose login is masked and that is otherwise the same. A mask where nothing was stays a mask, for validation to refuse.
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
