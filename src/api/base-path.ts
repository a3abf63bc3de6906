/** Paths below it are stable; the same paths without it are older aliases. */
export const versionPath = "/api/v1";

/**
 * The URL without the base path of a proxy, whether or not the proxy has stripped it. When the base path is also a path of the API,
 * such as `/memories`, the next segment decides: `firstWords` are the first segments of the API's paths. A proxy that passes the
 * URL on unchanged does not decode it either: `%2E%2E` stays a name.
 */
export function withoutBasePath(url: string, basePath: string, firstWords: ReadonlySet<string>): string {
  const [authority, path] = parted(url);
  const inner = behind(path, basePath);
  if (inner === null || !firstWords.has(decoded(wordsOf(inner)[1] ?? ""))) return url;
  return authority + inner;
}

/** The URL without the version prefix. */
export function withoutVersion(url: string): string {
  const [authority, path] = parted(url);
  return authority + (behind(path, versionPath) ?? path);
}

/** The prefix of the API's paths in the URL that a caller used. */
export function prefixOf(url: string, basePath: string): string {
  const [, path] = parted(url);
  const inner = behind(path, basePath) ?? path;
  return behind(inner, versionPath) === null ? basePath : basePath + versionPath;
}

/**
 * The rest of the path after the leading segments, from its slash on; null for a path that does not begin with them in any encoding.
 */
function behind(path: string, leading: string): string | null {
  const head = wordsOf(path).slice(0, wordsOf(leading).length).join("/");
  if (decoded(head) !== leading) return null;
  const inner = path.slice(head.length);
  return inner.startsWith("/") ? inner : `/${inner}`;
}

/** Splits an absolute-form URL, as sent to proxies, into scheme with host, and the rest. */
function parted(url: string): [authority: string, path: string] {
  const [, authority = "", path = url] = /^(https?:\/\/[^/?#]*)(.*)$/iu.exec(url) ?? [];
  return [authority, path];
}

const wordsOf = (path: string): string[] => (/^[^?#]*/u.exec(path)?.[0] ?? "").split("/");

/** A segment that cannot be decoded matches none of ours. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
