import { mask } from "../config/report/shown-value.ts";
import { isMap } from "../config/schema/rules.ts";

type Settings = Readonly<Record<string, unknown>>;

/**
 * Settings as somebody read them, masked, and gives them back changed: whatever is still masked gets the value that it had. A mask
 * where nothing was stays a mask.
 */
export function withKeptSecrets(settings: Settings, before: Settings): Settings {
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]) => {
      const old = Object.hasOwn(before, key) ? before[key] : undefined;
      if (value === mask && typeof old === "string") return [key, old];
      return [key, isMap(value) && isMap(old) ? withKeptSecrets(value, old) : value];
    }),
  );
}
