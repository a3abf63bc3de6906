import type { WireRequest } from "./http-request.ts";

/** A chain longer than this is taken for a loop. */
export const maxRedirects = 3;

const redirectStatuses = new Set([301, 302, 303, 307, 308]);
const keepsMethod = new Set([307, 308]);

export function isRedirect(status: number, location: string | undefined): location is string {
  return redirectStatuses.has(status) && location !== undefined;
}

/**
 * The request that a redirect asks for, or the reason why it is not followed. Only within one origin, because every request
 * carries the key, and only where it stays the same request: a POST that becomes a GET would silently do nothing.
 */
export function followRedirect(request: WireRequest, status: number, location: string): WireRequest | string {
  const target = URL.parse(location, request.url.href);
  if (target === null) return "redirects to something that is no URL";
  if (target.origin !== request.url.origin) return `redirects to another origin, ${target.origin}`;
  if (request.method !== "GET" && !keepsMethod.has(status))
    return `redirects with ${status}, which drops the body`;
  return { ...request, url: target };
}
