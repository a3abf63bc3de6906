/**
 * How a server pages; the contract's own server does not.
 * - `offset` `?offset=N`, N items are skipped
 * - `page`   `?page=N`, counted from 0 or from 1 (found out)
 * - `cursor` `?cursor=C` with the C that the previous page gave as `next_cursor`, `nextPageToken`, `links.next` or the like, or the
 *   parameters of its link; null ends
 *
 * All three send `limit` too, as the size of a page.
 */
export type PagingStyle = "offset" | "page" | "cursor";

/** The query parameters that name a page to a server. */
export type Position = Readonly<Record<string, string | number>>;

const nowhere: readonly string[] = ["", "0", "-1", "null", "none", "false", "undefined"];
/** What a link repeats of our own request, and what must never come back to us as a parameter. */
const ownParameters = /^(?:limit|range|per_?page|page_?size|api_?key|key|x-api-key)$/i;

/** The page that a field like `next_cursor` or `nextPage` names; null when it says that there is none. */
export function positionOf(name: string, value: unknown): Position | null {
  const text = typeof value === "number" || typeof value === "string" ? String(value).trim() : "";
  if (nowhere.includes(text.toLowerCase())) return null;
  if (isLink(text)) return linkPosition(text);
  if (/^\d+$/.test(text) && /(?:offset|skip|start|index|from)$/.test(name)) return { offset: text };
  return /^\d+$/.test(text) && /page(?:number)?$/.test(name) ? { page: text } : { cursor: text };
}

/** The parameters by which a link leads on. Nothing else of a link is used: the server to ask is fixed. */
export function linkPosition(link: string): Position {
  const [, query = ""] = /\?([^#]*)/.exec(link) ?? [];
  const named = [...new URLSearchParams(query)].filter(([name]) => !ownParameters.test(name));
  return named.length === 0 ? { cursor: link } : Object.fromEntries(named);
}

/** Whether a link, such as one to the last page, leads beyond the first page. */
export function leadsOn(value: unknown): boolean {
  if (typeof value !== "string" || !isLink(value)) return false;
  return Object.entries(linkPosition(value)).some(([name, position]) =>
    /page(?:number)?$/i.test(name)
      ? Number(position) > 1
      : /(?:offset|skip|start)$/i.test(name) && Number(position) > 0,
  );
}

/** The target of a relation, such as `next`, in a Link header; null when there is none. */
export function linkTo(relation: string, header: string | string[] | undefined): string | null {
  const text = Array.isArray(header) ? header.join(", ") : (header ?? "");
  for (const [, target = "", parameters = ""] of text.matchAll(
    /<([^>]*)>((?:\s*;\s*[\w*-]+\s*=\s*(?:"[^"]*"|[^\s;,"]+))*)/g,
  )) {
    const [, rel = ""] = /;\s*rel\s*=\s*"?([^";,]*)/i.exec(parameters) ?? [];
    if (rel.toLowerCase().split(/\s+/).includes(relation) && target !== "") return target;
  }
  return null;
}

function isLink(text: string): boolean {
  return /^(?:https?:\/\/|\/|\?)/i.test(text);
}
