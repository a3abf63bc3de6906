import { type Path, pathText } from "../kernel/settings/path.ts";
import { isMap, type RuleProblem } from "../kernel/settings/rules.ts";
import { defaultOf, schemaAt } from "../kernel/settings/walk.ts";
import { mask, maskLogin, originOf } from "../kernel/util/url.ts";
import { getIn, placesOf, setIn } from "./input/tree.ts";
import { secretPlaces } from "./schema/secret-places.ts";
import { declaredSettings, settingsSchema } from "./schema/settings.ts";

/**
 * A secret belongs to the origin (scheme, host, port) that it was given for. These are the secrets that a connector may have of its
 * own or take from the file, and the settings with the addresses that they are sent to; paths begin at the connector, and the file has
 * the same ones.
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

/** The origins that a connector's own secrets are for, by their paths: to be kept beside them. */
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

/** The connector's own secrets that were given for another origin than the one that they would be sent to now. */
export function movedSecrets(settings: unknown, tree: unknown, given: SecretOrigins): RuleProblem[] {
  const now = secretOriginsOf(settings, tree);
  return Object.entries(now).flatMap(([name, origin]) => {
    const before = given[name];
    if (before === undefined || before === origin) return [];
    const reason = `was given for ${before}, and would be sent to ${origin}`;
    return [{ path: name.split("."), reason, hint: "give it anew for the new address" }];
  });
}

/** Secrets of the file that a connector does without, because its own address is of another origin, and that it says nothing about. */
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
 * Settings around a connector without the secrets that it must not take from them. `tree` is the file's as it was written, where a
 * default is no address.
 */
export function withoutForeignSecrets<T>(around: T, connector: unknown, tree: unknown): T {
  return credentials()
    .filter(({ path, address }) => {
      const own = originOf(getIn(connector, address));
      return getIn(tree, path) !== undefined && own !== null && !originsInFile(tree, address).includes(own);
    })
    .reduce((rest, { path }) => setIn(rest, path, undefined) as T, around);
}

/** A connector's settings without the secrets, and the logins that belong to them; `left` names those, sealed or not. */
export function withoutSecrets(settings: Readonly<Record<string, unknown>>) {
  const given = credentials().filter(({ path }) => (getIn(settings, path) ?? null) !== null);
  const left = given.map(({ path }) => pathText(path));
  const rest = given.reduce<unknown>((all, { path }) => setIn(all, path, undefined), settings);
  // What is undefined is not written: the settings have no such key then.
  return { settings: JSON.parse(JSON.stringify(rest)) as Record<string, unknown>, left };
}

/** What stands for a secret in what is shown is no secret itself. */
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

/** One of the secrets of this address is given, or said to be none. */
function givesOne(settings: unknown, address: readonly string[]): boolean {
  const block = getIn(settings, address.slice(0, -1));
  return credentials().some(
    ({ path, address: other }) =>
      pathText(other) === pathText(address) && isMap(block) && Object.hasOwn(block, path.at(-1) ?? ""),
  );
}

/** Folders and kinds of LightRAG, which say where documents go as addresses do. */
const places = [
  ["lightrag", "mode"],
  ["lightrag", "direct", "working_dir"],
] as const;

/** Servers and folders of a connector's own that the file does not lead to. */
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

/** Secrets beside no address that the file's connectors take to several servers. */
export function scatteredSecrets(tree: unknown): RuleProblem[] {
  return credentials().flatMap(({ path, address }) => {
    const origins = originsInFile(tree, address);
    if (typeof getIn(tree, path) !== "string" || origins.length < 2) return [];
    const reason = `belongs to no address, and connectors send it to ${origins.join(" and ")}`;
    return [{ path: [...path], reason, hint: "give each connector its own, beside its address" }];
  });
}

/** By the file's tree and the address: each connector asks for them, and to find them all connectors are looked through. */
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

/** The origin of the file's address, or, where it has none, those that its connectors lead to; without any, the default's. */
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
