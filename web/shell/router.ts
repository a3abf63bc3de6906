import { signal } from "@preact/signals";

/**
 * Where the page stands. Addresses are in the fragment: `#/connectors/nina?tab=runs`. So they work below any path, with any proxy, and
 * the service has nothing to know about them (docs/decisions/331).
 */
export interface Place {
  /** Decoded segments: `["connectors", "nina"]` */
  segments: readonly string[];
  query: URLSearchParams;
  /** Parts of the query as they are written, whose encoding cannot be read: a browser would put another character in its place. */
  unreadable: readonly string[];
}

export function placeOf(fragment: string): Place {
  const [path = "", search = ""] = fragment.replace(/^#/u, "").split("?", 2);
  const segments = path.split("/").filter((segment) => segment !== "");
  const parts = Map.groupBy(search.split("&"), (part) => read(part) !== null);
  const query = new URLSearchParams(parts.get(true)?.join("&"));
  return { segments: segments.map(decoded), query, unreadable: parts.get(false) ?? [] };
}

const decoded = (segment: string): string => read(segment) ?? segment;

/** Null for an encoding that cannot be read. What is read is used: a bundler takes a call away that is made for its failure alone. */
function read(written: string): string | null {
  try {
    return decodeURIComponent(written);
  } catch {
    return null;
  }
}

/** `addressOf(["connectors", "a b"], { code: "X" })` is `#/connectors/a%20b?code=X`. What is empty is left out. */
export function addressOf(
  segments: readonly string[],
  query: Readonly<Record<string, string | readonly string[] | null | undefined>> = {},
): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const each of typeof value === "string" ? [value] : (value ?? []))
      if (each !== "") search.append(name, each);
  }
  const path = `#/${segments.map(encodeURIComponent).join("/")}`;
  return search.size === 0 ? path : `${path}?${search}`;
}

/** The parameters of a place that fits `/connectors/:id`, none of which is blank; null for one that does not. */
export function match(pattern: string, { segments }: Place): Record<string, string> | null {
  const parts = pattern.split("/").filter((part) => part !== "");
  if (parts.length !== segments.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of parts.entries()) {
    const segment = segments[index] ?? "";
    if (part.startsWith(":") && /[^\s\p{Cc}]/u.test(segment)) params[part.slice(1)] = segment;
    else if (part !== segment) return null;
  }
  return params;
}

export const place = signal<Place>(placeOf(globalThis.location?.hash ?? ""));

globalThis.addEventListener?.("hashchange", () => {
  place.value = placeOf(location.hash);
});

/** Goes to an address; `replace` leaves no step to come back to, as for a filter that is being typed. */
export function go(address: string, { replace = false } = {}): void {
  if (!replace) {
    location.hash = address;
    return;
  }
  history.replaceState(null, "", address);
  place.value = placeOf(address);
}
