import { type Path, pathText } from "../kernel/settings/path.ts";
import { isMap, type RuleProblem } from "../kernel/settings/rules.ts";
import { defaultOf, schemaAt } from "../kernel/settings/walk.ts";
import { mask, maskLogin, originOf } from "../kernel/util/url.ts";
import { getIn, placesOf, setIn } from "./input/tree.ts";
import { secretPlaces } from "./mask-secrets.ts";
import { declaredSettings, settingsSchema } from "./schema/settings.ts";

/**
 * A secret belongs to the origin (scheme, host, port) for which it was given. These are the secrets that a connector may set itself
 * or inherit from the file, and the settings with the addresses to which they are sent; paths are relative to the connector, and
 * the same in the file.
 */
interface Credential {
  path: readonly string[];
  address: readonly string[];
}

let known: readonly Credential[] | undefined;

function credentials(): readonly Credential[] {
  known ??= declaredSettings().flatMap(({ pattern: [block, , ...path], facts: { belongsTo } }) =>
    block !== "connectors" || belongsTo === undefined
      ? []
      : [{ path, address: [...path.slice(0, -1), belongsTo] }],
  );
  return known;
}

/** The origins of a connector's own secrets, by their paths: stored with them. */
export type SecretOrigins = Readonly<Record<string, string>>;

/** `tree` is the file's. */
export function secretOriginsOf(settings: unknown, tree: unknown): SecretOrigins {
  const own = credentials().filter(({ path }) => typeof getIn(settings, path) === "string");
  return Object.fromEntries(
    own.flatMap(({ path, address }) => {
      const origin = originOf(addressIn(settings, tree, address));
      return origin === null ? [] : [[pathText(path), origin]];
    }),
  );
}

/** The connector's own secrets that were given for another origin than the one to which they would be sent now. */
export function movedSecrets(settings: unknown, tree: unknown, given: SecretOrigins): RuleProblem[] {
  const now = secretOriginsOf(settings, tree);
  return Object.entries(now).flatMap(([name, origin]) => {
    const before = given[name];
    if (before === undefined || before === origin) return [];
    const reason = `was given for ${before}, and would be sent to ${origin}`;
    return [{ path: name.split("."), reason, hint: "give it anew for the new address" }];
  });
}

/**
 * Secrets of the file that a connector does not inherit, because its own address has another origin, and that it does not set itself.
 */
export function foreignSecrets(settings: unknown, tree: unknown): RuleProblem[] {
  return credentials().flatMap(({ path, address }) => {
    const theirs = originsInFile(tree, address);
    const own = originOf(getIn(settings, address));
    const saysSo = isMap(getIn(settings, path.slice(0, -1))) && givesOne(settings, address);
    if (getIn(tree, path) === undefined || own === null || theirs.includes(own) || saysSo) return [];
    const reason = `of the configuration file is for ${theirs.join(", ") || "no known address"}, and ${pathText(address)} leads to ${own}`;
    const hint = `give ${pathText(path)} for that server, or null when it needs none`;
    return [{ path: [...path], reason, hint }];
  });
}

/**
 * The inherited settings without the secrets that the connector must not inherit. `tree` is the file's as written, because a
 * default is not an address.
 */
export function withoutForeignSecrets<T>(around: T, connector: unknown, tree: unknown): T {
  return credentials()
    .filter(({ path, address }) => {
      const own = originOf(getIn(connector, address));
      return getIn(tree, path) !== undefined && own !== null && !originsInFile(tree, address).includes(own);
    })
    .reduce((rest, { path }) => setIn(rest, path, undefined) as T, around);
}

/** A connector's settings without secrets and logins; `left` names the removed ones, sealed or not. */
export function withoutSecrets(settings: Readonly<Record<string, unknown>>) {
  // A login is more than its secret; and not every secret is sent to an address.
  const secrets = secretPlaces({ connectors: [settings] }).flatMap(([block, , ...path]) =>
    block === "connectors" ? [path] : [],
  );
  const places = new Map(
    [...credentials().map(({ path }) => [...path]), ...secrets].map((path) => [pathText(path), path]),
  );
  const given = [...places.values()].filter((path) => (getIn(settings, path) ?? null) !== null);
  const left = given.map(pathText);
  const rest = given.reduce<unknown>((all, path) => setIn(all, path, undefined), settings);
  // Undefined values are omitted: the settings have no such key.
  return { settings: JSON.parse(JSON.stringify(rest)) as Record<string, unknown>, left };
}

/** The mask shown in place of a secret is not a secret itself. */
export function masksIn(settings: unknown): RuleProblem[] {
  const hint = "give the secret itself; a mask only stands for the value that was there before";
  const masked = secretPlaces(settings).filter((path) => getIn(settings, path) === mask);
  const addresses = placesOfTexts(settings).filter((path) => hasMaskedLogin(getIn(settings, path)));
  return [...masked, ...addresses].map((path) => ({ path: [...path], reason: "is a mask", hint }));
}

export function hasMaskedLogin(value: unknown): boolean {
  return typeof value === "string" && value.includes(`://${mask}@`) && maskLogin(value) === value;
}

function placesOfTexts(value: unknown, path: Path = []): Path[] {
  if (typeof value === "string") return [path];
  if (Array.isArray(value)) return value.flatMap((item, index) => placesOfTexts(item, [...path, index]));
  return isMap(value)
    ? Object.entries(value).flatMap(([key, item]) => placesOfTexts(item, [...path, key]))
    : [];
}

/** One of the secrets of this address is set, possibly to none. */
function givesOne(settings: unknown, address: readonly string[]): boolean {
  const block = getIn(settings, address.slice(0, -1));
  return credentials().some(
    ({ path, address: other }) =>
      pathText(other) === pathText(address) && isMap(block) && Object.hasOwn(block, path.at(-1) ?? ""),
  );
}

/** Folder and mode of LightRAG, which determine the target of documents as addresses do. */
const places = [
  ["lightrag", "mode"],
  ["lightrag", "direct", "working_dir"],
] as const;

/** Servers and folders of a connector that the file does not name. */
export function placesElsewhere(settings: unknown, tree: unknown): string[] {
  const addresses = new Map(credentials().map(({ address }) => [pathText(address), address]));
  const servers = [...addresses.values()].flatMap((address) => {
    const own = originOf(getIn(settings, address));
    return own === null || originsInFile(tree, address).includes(own) ? [] : [own];
  });
  const others = places.flatMap((path) => {
    const own = getIn(settings, path);
    return own === undefined || own === (getIn(tree, path) ?? defaultAt(path))
      ? []
      : [`${pathText(path)} ${String(own)}`];
  });
  return [...new Set([...servers, ...others])];
}

/** Secrets without an address that the file's connectors would send to several servers. */
export function scatteredSecrets(tree: unknown): RuleProblem[] {
  return credentials().flatMap(({ path, address }) => {
    const origins = originsInFile(tree, address);
    if (typeof getIn(tree, path) !== "string" || origins.length < 2) return [];
    const reason = `belongs to no address, and connectors send it to ${origins.join(" and ")}`;
    return [{ path: [...path], reason, hint: "give each connector its own, beside its address" }];
  });
}

/** Cache by the file's tree and the address: every connector needs them, and finding them takes a walk over all connectors. */
const originsByFile = new WeakMap<object, Map<string, readonly string[]>>();

function originsInFile(tree: unknown, address: readonly string[]): readonly string[] {
  if (!isMap(tree)) return findOrigins(tree, address);
  const known = originsByFile.get(tree) ?? new Map<string, readonly string[]>();
  originsByFile.set(tree, known);
  const name = pathText(address);
  const origins = known.get(name) ?? findOrigins(tree, address);
  known.set(name, origins);
  return origins;
}

/** The origin of the file's address or, without one, those of its connectors' addresses; otherwise the default's. */
function findOrigins(tree: unknown, address: readonly string[]): readonly string[] {
  const shared = originOf(getIn(tree, address));
  if (shared !== null) return [shared];
  const own = placesOf(["connectors", "[]", ...address], tree).map((path) => getIn(tree, path));
  const other = defaultAt(address);
  const used = new Set(own.length === 0 ? [other] : own.map((url) => url ?? other));
  return [...new Set([...used].map(originOf).filter((origin) => origin !== null))];
}

function addressIn(settings: unknown, tree: unknown, address: readonly string[]): unknown {
  return getIn(settings, address) ?? getIn(tree, address) ?? defaultAt(address);
}

function defaultAt(address: readonly string[]): unknown {
  const schema = schemaAt(settingsSchema, address);
  return schema && defaultOf(schema);
}
