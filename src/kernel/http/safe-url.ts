const secretName = /key|token|secret|password|passwd|auth|sig|credential/i;

/** A URL as it may stand in messages and logs: no user info, no fragment, values of secret-looking parameters masked. */
export function safeUrl(url: URL): string {
  const parameters = new URLSearchParams(url.search);
  for (const name of new Set(parameters.keys())) {
    if (secretName.test(name)) parameters.set(name, "***");
  }
  const query = parameters.size === 0 ? "" : `?${parameters}`;
  return `${url.origin}${url.pathname}${query}`;
}

/** The address of a server, as a person wrote it and without what may be secret. */
export function safeAddress(url: string): string {
  return safeUrl(new URL(url)).replace(/\/$/u, "");
}

/** Replaces every given secret in a text. Values too short to be secrets would only garble it and are left alone. */
export function maskSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce(
    (masked, secret) => (secret.length < 6 ? masked : masked.replaceAll(secret, "***")),
    text,
  );
}
