/** Scheme, host and port of a URL, which make two servers the same one; null for what is no URL. */
export function originOf(url: unknown): string | null {
  return typeof url === "string" ? (URL.parse(url)?.origin ?? null) : null;
}
