const secretName = /key|token|secret|password|passwd|auth|sig|credential/i;

/** A URL that is safe for messages and logs: no user info, no fragment, values of secret-looking parameters and of those named masked. */
export function safeUrl(url: URL, secretNames: readonly string[] = []): string {
  const parameters = new URLSearchParams(url.search);
  for (const name of new Set(parameters.keys())) {
    if (secretName.test(name) || secretNames.includes(name)) parameters.set(name, "***");
  }
  const query = parameters.size === 0 ? "" : `?${parameters}`;
  return `${url.origin}${url.pathname}${query}`;
}

/** The values that `safeUrl` masks. */
export function secretParameters(url: URL): string[] {
  return [...url.searchParams].flatMap(([name, value]) => (secretName.test(name) ? value : []));
}

/** The address of a server, as a person wrote it and without what may be secret. */
export function safeAddress(url: string): string {
  return safeUrl(new URL(url)).replace(/\/$/u, "");
}

/** The URL of a server on this machine, as others connect to it: the wildcard address is for listening. Without a slash at its end. */
export function reachableUrl(url: string): string {
  const reachable = new URL(url);
  if (reachable.hostname === "0.0.0.0") reachable.hostname = "127.0.0.1";
  if (reachable.hostname === "[::]") reachable.hostname = "[::1]";
  return reachable.href.replace(/\/$/u, "");
}

/** Replaces every given secret in a text. Values too short to be secrets would only garble it and are not replaced. */
export function maskSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce(
    (masked, secret) => (secret.length < 6 ? masked : masked.replaceAll(secret, "***")),
    text,
  );
}

/** Replaces a secret in texts that are shown. */
export const mask = "***";

/** Masks user and password of the URLs in a text. */
export function maskLogin(text: string): string {
  return text.replace(/(\b[a-z][a-z\d+.-]*:\/\/)[^/?#\s"]*@/gi, `$1${mask}@`);
}

/** Origin (scheme, host and port) of a URL; null for anything else. */
export function originOf(url: unknown): string | null {
  return typeof url === "string" ? (URL.parse(url)?.origin ?? null) : null;
}
