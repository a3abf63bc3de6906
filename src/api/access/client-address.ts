import { isIP } from "node:net";
import type { FastifyRequest } from "fastify";

/** `api.trust_proxy` as fastify expects it: addresses and ranges, or the number of proxies in front of this service. */
export function trustedProxies(trusted: number | readonly string[]) {
  if (typeof trusted === "number") return (_: string, hop: number) => hop < trusted;
  return trusted.length > 0 && [...trusted];
}

/** The holder of one IPv6 address controls its whole /64 network. */
const networkGroups = 4;

/** The client's address: the one that trusted proxies name, or that of the connection. */
export function clientAddress({ ip, socket }: Pick<FastifyRequest, "ip" | "socket">): string {
  const forwarded = withoutPort(ip);
  const address = isIP(forwarded) === 0 ? (socket.remoteAddress ?? "") : forwarded;
  return address.replace(/^::ffff:(?=\d+\.)/iu, "");
}

/** The key for counting attempts: the address, or the network of an IPv6 address. */
export function clientNetwork(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = "", tail = ""] = address.split("%", 1)[0]?.split("::") ?? [];
  const [before, after] = [head, tail].map((part) => (part === "" ? [] : part.split(":")));
  const missing = 8 - (before?.length ?? 0) - (after?.length ?? 0);
  const groups = [...(before ?? []), ...Array(Math.max(0, missing)).fill("0"), ...(after ?? [])];
  return groups.slice(0, networkGroups).join(":");
}

/** Some proxies name the port as well. */
function withoutPort(text: string): string {
  return /^\[([^\]]+)\](?::\d+)?$/u.exec(text)?.[1] ?? /^([\d.]+):\d+$/u.exec(text)?.[1] ?? text;
}
