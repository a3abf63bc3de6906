import { BlockList, isIP } from "node:net";
import { hostname, networkInterfaces } from "node:os";

export interface OwnHostsOptions {
  /** The address or name that is listened on. */
  bound: string;
  /** Further names, as `isHostPattern` takes them. */
  allowed: readonly string[];
}

interface HostPattern extends Authority {
  /** Any name below this one. */
  isSuffix: boolean;
}

const wildcards = new Set(["0.0.0.0", "::"]);
const isLoopback = blockOf([
  { address: "127.0.0.0", prefix: 8 },
  { address: "::1", prefix: 128 },
]);

/**
 * The names and addresses of this service. A web page whose name resolves to this machine (DNS rebinding) calls it by that name,
 * which is none of these.
 */
export class OwnHosts {
  readonly #names: ReadonlySet<string>;
  readonly #isWildcard: boolean;
  readonly #patterns: readonly HostPattern[];

  constructor({ bound, allowed }: OwnHostsOptions) {
    const name = parseAuthority(bound.includes(":") ? `[${bound}]` : bound)?.name ?? bound;
    this.#isWildcard = wildcards.has(name);
    this.#names = new Set(["localhost", name, ...(this.#isWildcard ? [hostname().toLowerCase()] : [])]);
    this.#patterns = allowed.map(patternOf).filter((pattern) => pattern !== null);
  }

  /** Whether this host is one of the service's own. The port matters only for names that were configured with one. */
  has(host: Authority): boolean {
    const { name } = host;
    if (this.#names.has(name) || this.isConfigured(host)) return true;
    if (isIP(name) === 0) return false;
    return isLoopback(name) || (this.#isWildcard && addressesOfThisMachine()(name));
  }

  /** Whether the configuration allows this name; a name configured without a port allows any. */
  isConfigured({ name, port }: Authority): boolean {
    return this.#patterns.some(
      (pattern) =>
        (pattern.isSuffix ? name.endsWith(`.${pattern.name}`) : name === pattern.name) &&
        (pattern.port === null || pattern.port === port),
    );
  }
}

/** `name`, `name:port`, an address, or `*.name` for every name below. */
export function isHostPattern(text: string): boolean {
  return patternOf(text) !== null;
}

function patternOf(text: string): HostPattern | null {
  const isSuffix = text.startsWith("*.");
  const host = isSuffix ? text.slice(2) : text;
  const authority = parseAuthority(isIP(host) === 6 ? `[${host}]` : host);
  return authority && { ...authority, isSuffix };
}

function addressesOfThisMachine(): (address: string) => boolean {
  const addresses = Object.values(networkInterfaces()).flatMap((all = []) => all);
  return blockOf([
    ...addresses.map(({ address, family }) => ({ address, prefix: family === "IPv6" ? 128 : 32 })),
    { address: "0.0.0.0", prefix: 32 },
    { address: "::", prefix: 128 },
  ]);
}

function blockOf(ranges: readonly { address: string; prefix: number }[]): (address: string) => boolean {
  const block = new BlockList();
  for (const { address, prefix } of ranges) {
    block.addSubnet(address, prefix, isIP(address) === 6 ? "ipv6" : "ipv4");
  }
  return (address) => block.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
}

/** The host and port that a `Host` header, an origin or a request line names. */
export interface Authority {
  /** In lower case, without a trailing dot; an IP address in its shortest form, without brackets. */
  name: string;
  /** Null when none is given. */
  port: number | null;
}

/** Of `name`, `name:port` or `[address]:port`; null for anything else, such as a text with a login in it. */
export function parseAuthority(text: string): Authority | null {
  const [, host, port] = /^(\[[\da-f:.]+\]|[\w.-]+)(?::(\d{1,5}))?$/iu.exec(text) ?? [];
  if (host === undefined) return null;
  // The URL parser knows every spelling of an address: `[0:0::1]`, `0x7f.1`.
  const hostname = URL.parse(`http://${host}/`)?.hostname;
  if (hostname === undefined) return null;
  const name = hostname.replace(/^\[|\]$/gu, "").replace(/\.$/u, "");
  return { name, port: port === undefined ? null : Number(port) };
}

const defaultPorts: ReadonlyMap<string, number> = new Map([
  ["http:", 80],
  ["https:", 443],
]);

/** Of an origin as browsers send it, `https://name:port`; its port is never null. Null for `null` and anything else. */
export function originAuthority(origin: string): Authority | null {
  const [, scheme = "", rest = ""] = /^(https?:)\/\/([^/?#]*)$/iu.exec(origin) ?? [];
  const authority = parseAuthority(rest);
  return (
    authority && { ...authority, port: authority.port ?? defaultPorts.get(scheme.toLowerCase()) ?? null }
  );
}
