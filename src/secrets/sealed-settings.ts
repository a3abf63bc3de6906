import { secretKeys } from "../config/mask-secrets.ts";
import { maskLogin } from "../config/report/shown-value.ts";
import { isMap } from "../config/schema/rules.ts";
import { isSealed, type SealedValue, type SealPlace, seal, unseal } from "./sealed-value.ts";
import type { SecretKey, SecretKeys } from "./secret-key.ts";

export type Settings = Readonly<Record<string, unknown>>;
/** Kind and id of the record that the settings belong to. */
export type RecordName = SealPlace["record"];

/** A copy whose secrets are sealed: settings that the schema calls secret, at any depth, and URLs with a login. */
export function sealSettings(settings: Settings, key: SecretKey, record: RecordName): Settings {
  return mapSecrets(settings, (secret, path) =>
    typeof secret === "string" ? seal(secret, key, { record, path }) : secret,
  );
}

/** A copy with the secrets themselves; those that were never sealed stay as they are. Throws what `unseal` throws. */
export function unsealSettings(settings: Settings, keys: SecretKeys | null, record: RecordName): Settings {
  return mapSecrets(settings, (secret, path) =>
    typeof secret === "string" ? secret : unseal(secret, keys, { record, path }),
  );
}

/** How the secrets of some settings are kept. */
export interface SecretInventory {
  plain: number;
  /** How many are sealed, by the id of the key. */
  sealed: ReadonlyMap<string, number>;
}

export function inventoryOf(settings: Settings): SecretInventory {
  const found: (string | SealedValue)[] = [];
  mapSecrets(settings, (secret) => found.push(secret));
  const keys = found.filter((secret) => typeof secret !== "string").map(({ key }) => key);
  const sealed = new Map([...Map.groupBy(keys, (key) => key)].map(([key, { length }]) => [key, length]));
  return { plain: found.length - keys.length, sealed };
}

type Path = SealPlace["path"];
type Change = (secret: string | SealedValue, path: Path) => unknown;

/** A copy in which every secret, plain or sealed, has been put through `change`. */
function mapSecrets(settings: Settings, change: Change): Settings {
  const secretNames = secretKeys();
  const mapMap = (map: Settings, path: Path, secret: boolean): Settings =>
    Object.fromEntries(
      Object.entries(map).map(([key, value]) => [
        key,
        mapValue(value, [...path, key], secret || secretNames.has(key)),
      ]),
    );
  const mapValue = (value: unknown, path: Path, secret: boolean): unknown => {
    if (isSealed(value)) return change(value, path);
    if (typeof value === "string") return secret || maskLogin(value) !== value ? change(value, path) : value;
    if (Array.isArray(value)) return value.map((item, index) => mapValue(item, [...path, index], secret));
    return isMap(value) ? mapMap(value, path, secret) : value;
  };
  return mapMap(settings, [], false);
}
