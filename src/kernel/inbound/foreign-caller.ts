import type { IncomingMessage } from "node:http";
import { ConnectorError } from "../errors/connector-error.ts";
import { type Authority, type OwnHosts, originAuthority, parseAuthority } from "./own-hosts.ts";

export interface CallerRules {
  hosts: OwnHosts;
  /** Origins of web pages that may call. */
  origins: readonly string[];
}

/**
 * Whether a request was made for another host, or by a web page of another origin: `API_HOST_REFUSED`, `API_ORIGIN_REFUSED`, or
 * null. Authentication does not matter here: a web page must not make the browser of an authorised user call the API (CSRF, DNS
 * rebinding). A link from anywhere may be followed to a response that ends (`streams: false`).
 */
export function foreignCaller(
  request: Pick<IncomingMessage, "headers" | "rawHeaders" | "url" | "method">,
  { hosts, origins }: CallerRules,
  streams: boolean,
): ConnectorError | null {
  const named = hostsOf(request);
  const stranger = named.find(({ host }) => host === null || !hosts.has(host));
  if (stranger !== undefined) return hostRefused(stranger);
  const { origin } = request.headers;
  if (origin !== undefined) {
    const isKnown = isListed(origin, origins) || isOwn(origin, named[0]?.host ?? null, hosts);
    return isKnown ? null : originRefused(origin);
  }
  if (isFromOurselves(request) || (!streams && followsLink(request))) return null;
  return originRefused(String(request.headers["sec-fetch-site"]));
}

/**
 * Whether no other page than our own has asked: only then does a cookie speak for its holder. Stricter than `foreignCaller`: listed
 * origins, and pages on another port of this machine, may call with a key alone.
 */
export function isOwnPage(
  request: Pick<IncomingMessage, "headers" | "rawHeaders" | "url">,
  hosts: OwnHosts,
): boolean {
  const { origin } = request.headers;
  const isOfOrigin = origin === undefined || isOwn(origin, hostsOf(request)[0]?.host ?? null, hosts);
  return isOfOrigin && isFromOurselves(request);
}

/** By the `Host` header, and by a request line that names a host itself. A caller by HTTP/1.0 may name none. */
function hostsOf({ rawHeaders, url = "" }: Pick<IncomingMessage, "rawHeaders" | "url">) {
  const headers = rawHeaders.filter(
    (_, index) => rawHeaders[index - 1]?.toLowerCase() === "host" && index % 2 === 1,
  );
  const inLine = /^[a-z][a-z\d+.-]*:\/\/([^/?#]*)/iu.exec(url)?.[1];
  // A header sent twice is an attempt to be read differently by two parsers.
  const texts = headers.length > 1 ? [headers.join(", ")] : headers;
  return [...texts, ...(inLine === undefined ? [] : [inLine])].map((text) => ({
    text,
    host: parseAuthority(text),
  }));
}

function isListed(origin: string, origins: readonly string[]): boolean {
  return origins.some((listed) => listed.toLowerCase() === origin.toLowerCase());
}

/** The page was served by the host it calls, or, behind a proxy that changes `Host`, by a configured name of ours. */
function isOwn(origin: string, host: Authority | null, hosts: OwnHosts): boolean {
  const page = originAuthority(origin);
  if (page === null) return false;
  const isDefaultPort = page.port === 80 || page.port === 443;
  const isSame =
    host?.name === page.name && (host.port === page.port || (host.port === null && isDefaultPort));
  return isSame || hosts.isConfigured(page);
}

/** By `Sec-Fetch-Site`, which browsers send on secure pages; other programs do not send it. */
function isFromOurselves({ headers }: Pick<IncomingMessage, "headers">): boolean {
  const site = headers["sec-fetch-site"];
  return site === undefined || site === "same-origin" || site === "none";
}

function followsLink({ headers, method }: Pick<IncomingMessage, "headers" | "method">): boolean {
  const isNavigation = headers["sec-fetch-mode"] === "navigate" && headers["sec-fetch-dest"] === "document";
  return isNavigation && (method === "GET" || method === "HEAD");
}

function hostRefused({ text, host }: { text: string; host: Authority | null }): ConnectorError {
  const message = `this service is not called ${JSON.stringify(text.slice(0, 100))}`;
  if (host === null) return new ConnectorError("API_HOST_REFUSED", message);
  const line = `allowed_hosts: [${JSON.stringify(host.name)}]`;
  const hint = `if that is its name or address, say so below api in the configuration: ${line}`;
  return new ConnectorError("API_HOST_REFUSED", message, { hint });
}

function originRefused(from: string): ConnectorError {
  const message = `a web page of another origin asks for this (${JSON.stringify(from.slice(0, 100))})`;
  return new ConnectorError("API_ORIGIN_REFUSED", message);
}
