/** Below it the API keeps its word for good; the same paths without it are older names of the same. */
export const versionPath = "/api/v1";

/**
 * The URL as it is without the path below which a proxy offers the API, whether the proxy has cut that off or not. Where the base path is
 * a path of the API as well, as `/memories`, what follows tells which is meant: `firstWords` are those with which paths of the API begin.
 * A proxy that does not touch the URL does not decode it either: `%2E%2E` stays the name of something.
 */
export function withoutBasePath(url: string, basePath: string, firstWords: ReadonlySet<string>): string {
  const [authority, path] = parted(url);
  const inner = behind(path, basePath);
  if (inner === null || !firstWords.has(decoded(wordsOf(inner)[1] ?? ""))) return url;
  return authority + inner;
}

/** The URL as it is without the path of the version. */
export function withoutVersion(url: string): string {
  const [authority, path] = parted(url);
  return authority + (behind(path, versionPath) ?? path);
}

/** What stands before the paths of this API in the URL that a caller used. */
export function prefixOf(url: string, basePath: string): string {
  const [, path] = parted(url);
  const inner = behind(path, basePath) ?? path;
  return behind(inner, versionPath) === null ? basePath : basePath + versionPath;
}

/** What follows the leading words, from its slash on; null for a path that does not begin with them, however they are encoded. */
function behind(path: string, leading: string): string | null {
  const head = wordsOf(path).slice(0, wordsOf(leading).length).join("/");
  if (decoded(head) !== leading) return null;
  const inner = path.slice(head.length);
  return inner.startsWith("/") ? inner : `/${inner}`;
}

/** The scheme and the host that a request to a proxy names, and the rest. */
function parted(url: string): [authority: string, path: string] {
  const [, authority = "", path = url] = /^(https?:\/\/[^/?#]*)(.*)$/iu.exec(url) ?? [];
  return [authority, path];
}

const wordsOf = (path: string): string[] => (/^[^?#]*/u.exec(path)?.[0] ?? "").split("/");

/** What cannot be decoded is no word of ours. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
