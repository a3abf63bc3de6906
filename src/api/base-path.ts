/**
 * The URL as it is without the path below which a proxy offers the API, whether the proxy has cut that off or not. A proxy that
 * does not touch the URL does not decode it either: `%2E%2E` stays the name of something.
 */
export function withoutBasePath(url: string, basePath: string): string {
  if (basePath === "") return url;
  const [, authority = "", rest = url] = /^(https?:\/\/[^/?#]*)(.*)$/iu.exec(url) ?? [];
  if (!rest.startsWith(basePath)) return url;
  const inner = rest.slice(basePath.length);
  if (inner === "" || inner.startsWith("?")) return `${authority}/${inner}`;
  return inner.startsWith("/") ? authority + inner : url;
}

/** Below it the API keeps its word for good; the same paths without it are older names of the same. */
export const versionPath = "/api/v1";

/** What stands before the paths of this API in the URL that a caller used. */
export function prefixOf(url: string, basePath: string): string {
  const inner = withoutBasePath(url, basePath);
  return withoutBasePath(inner, versionPath) === inner ? basePath : basePath + versionPath;
}
