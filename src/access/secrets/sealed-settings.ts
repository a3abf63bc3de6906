import { isMap } from "../../kernel/settings/rules.ts";
import { maskLogin } from "../../kernel/util/url.ts";
import { isSealed, type SealedValue, type SealPlace, seal, unseal } from "./sealed-value.ts";
import type { SecretKey, SecretKeys } from "./secret-key.ts";

export type Settings = Readonly<Record<string, unknown>>;
/** Kind and id of the record that the settings belong to. */
export type RecordName = SealPlace["record"];

/** The names of the settings that the configuration schema marks as secret. */
export type SecretNames = ReadonlySet<string>;

/** A copy whose secrets are sealed: settings of these names, at any depth, and URLs with a login. */
export function sealSettings(
  settings: Settings,
  names: SecretNames,
  key: SecretKey,
  record: RecordName,
): Settings {
  return mapSecrets(settings, names, (secret, path) =>
    typeof secret === "string" ? seal(secret, key, { record, path }) : secret,
  );
}

/** A copy with plain secrets; those never sealed are unchanged. Throws the errors of `unseal`. */
export function unsealSettings(settings: Settings, keys: SecretKeys | null, record: RecordName): Settings {
  return mapSecrets(settings, noNames, (secret, path) =>
    typeof secret === "string" ? secret : unseal(secret, keys, { record, path }),
  );
}

/** Sealed values are recognised under any name. */
const noNames: SecretNames = new Set();

/** How the secrets of some settings are stored. */
export interface SecretInventory {
  plain: number;
  /** Number of sealed values by key id. */
  sealed: ReadonlyMap<string, number>;
}

/** Without names, only sealed values and logins in URLs are found. */
export function inventoryOf(settings: Settings, names: SecretNames = noNames): SecretInventory {
  const found: (string | SealedValue)[] = [];
  mapSecrets(settings, names, (secret) => found.push(secret));
  const keys = found.filter((secret) => typeof secret !== "string").map(({ key }) => key);
  const sealed = new Map([...Map.groupBy(keys, (key) => key)].map(([key, { length }]) => [key, length]));
  return { plain: found.length - keys.length, sealed };
}

type Path = SealPlace["path"];
type Change = (secret: string | SealedValue, path: Path) => unknown;

/** A copy in which every secret, plain or sealed, is mapped by `change`. */
function mapSecrets(settings: Settings, names: SecretNames, change: Change): Settings {
  const mapMap = (map: Settings, path: Path, secret: boolean): Settings =>
    Object.fromEntries(
      Object.entries(map).map(([key, value]) => [
        key,
        mapValue(value, [...path, key], secret || names.has(key)),
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
