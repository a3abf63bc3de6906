/**
 * The parts of a webhook URL that may be a key, in every form in which a receiver could quote them, longest first: login, path and
 * its segments, query and its values. Only the receiver knows which of them is the key.
 */
export function urlSecrets(url: string): string[] {
  const { username, password, pathname, search, searchParams } = new URL(url);
  const login = [username, password].map(decoded);
  const parts = [
    ...login,
    Buffer.from(login.join(":"), "utf8").toString("base64"),
    `${pathname}${search}`,
    pathname,
    ...pathname.split("/"),
    search,
    ...searchParams.values(),
  ];
  const forms = parts.flatMap((part) => [part, decoded(part), encodeURIComponent(part)]);
  return [...new Set(forms)].toSorted((a, b) => b.length - a.length);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
