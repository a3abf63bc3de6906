/// <reference path="../kernel/http/undici.d.ts" />
/**
 * Opens connections to allowed addresses only. The address actually connected to is checked, so that a name that resolves
 * differently the second time (DNS rebinding) gains nothing.
 */
import { type LookupAddress, type LookupOptions, lookup } from "node:dns";
import { type BlockList, isIP, type LookupFunction } from "node:net";
import buildConnector from "undici/lib/core/connect.js";
import { addressRanges } from "../kernel/util/address-ranges.ts";

/** Loopback, private and other special-purpose ranges. Source: IANA's special-purpose address registries. */
const special = addressRanges([
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/3",
  // Tunnels and translation prefixes can reach any IPv4 address, private ones included.
  "2001::/23",
  "2001:db8::/32",
  "2002::/16",
  "3fff::/20",
]);
const globalIpv6 = addressRanges(["2000::/3"]);

/** Thrown instead of a connection. */
export class PrivateAddressError extends Error {
  override readonly name = "PrivateAddressError";
  readonly address: string;

  constructor(address: string) {
    super(`${address} is not a public address`);
    this.address = address;
  }
}

/** True for globally reachable addresses. */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 6) return globalIpv6.check(address, "ipv6") && !special.check(address, "ipv6");
  return !special.check(address, "ipv4");
}

/** As Node's `dns.lookup` with `all`. */
export type Resolve = (
  hostname: string,
  options: LookupOptions & { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * `allowed` are permitted addresses besides public ones. A connection to any other fails with `PrivateAddressError` before it is attempted.
 */
export function guardedConnector(
  allowed: BlockList,
  timeoutMs: number,
  resolve: Resolve = lookup,
): buildConnector.connector {
  const mayReach = (address: string) =>
    isPublicAddress(address) || allowed.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
  const connect = buildConnector({
    timeout: timeoutMs,
    allowH2: false,
    lookup: guardedLookup(mayReach, resolve),
  } as buildConnector.BuildOptions);
  return (options, callback) => {
    // A literal address is not resolved, so the guarded lookup would not see it.
    const host = options.hostname.replace(/^\[|\]$/g, "");
    if (isIP(host) !== 0 && !mayReach(host)) callback(new PrivateAddressError(host), null);
    else connect(options, callback);
  };
}

function guardedLookup(mayReach: (address: string) => boolean, resolve: Resolve): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, "");
      const refused = addresses.find(({ address }) => !mayReach(address));
      const [first] = addresses;
      if (refused !== undefined) return callback(new PrivateAddressError(refused.address), "");
      if (options.all === true || first === undefined) return callback(null, addresses);
      return callback(null, first.address, first.family);
    });
  };
}
