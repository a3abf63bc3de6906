import type { IncomingHttpHeaders } from "node:http";
import { isFailureName, isForeign, plainName } from "./clue-names.ts";

/** A plain value somewhere in an answer. */
export interface Field {
  /** The names that lead to it, as they are spelled. */
  path: readonly string[];
  /** Never an object or a list. */
  value: unknown;
}

/** The list itself is no field; a number of that name is. */
const isList = (name: string, value: unknown) => name === "memories" && typeof value === "object";
const deepest = 5;
const mostFields = 1_000;

/**
 * The plain values around the list of an answer, at any depth; of a list of errors the first one. Subjects that have nothing to do
 * with the list are skipped.
 */
export function fieldsOf(surroundings: unknown): Field[] {
  const fields: Field[] = [];
  collect(surroundings, [], fields);
  return fields;
}

function collect(value: unknown, path: readonly string[], fields: Field[]): void {
  if (fields.length >= mostFields || path.length > deepest) return;
  if (Array.isArray(value)) collectList(value, path, fields);
  else if (typeof value === "object" && value !== null) collectInner(value, path, fields);
  else if (path.length > 0) fields.push({ path, value });
}

function collectInner(value: object, path: readonly string[], fields: Field[]): void {
  for (const [name, inner] of Object.entries(value))
    if (!isForeign(plainName(name)) && !isList(plainName(name), inner))
      collect(inner, [...path, name], fields);
}

function collectList(list: readonly unknown[], path: readonly string[], fields: Field[]): void {
  collectLinks(list, path, fields);
  if (list.length > 0 && isFailureName(plainName(path.at(-1) ?? ""))) collect(list[0], path, fields);
}

/** Of other lists around the list only links count: `[{ rel: "next", href: "…" }]`. */
function collectLinks(list: readonly unknown[], path: readonly string[], fields: Field[]): void {
  for (const item of list.slice(0, 20)) {
    const { rel, href, url } = (typeof item === "object" && item !== null ? item : {}) as Record<
      string,
      unknown
    >;
    if (typeof rel === "string") fields.push({ path: [...path, rel], value: href ?? url });
  }
}

/** Headers that may speak of the list, as fields: `X-Total-Count: 120` as `Total-Count`, `X-Pagination: {…}` as what it holds. */
export function headerFields(headers: IncomingHttpHeaders): Field[] {
  return Object.entries(headers).flatMap(([header, value]) => {
    const [, name] =
      /^(?:x-)?(?:wp-|ms-)?((?:pagination|paging|page|continuation|memories|total|count|has|is|next|more|last|truncated|per|limit|list|results?|items?|remaining|incomplete|partial).*)$/.exec(
        header,
      ) ?? [];
    const text = Array.isArray(value) ? value[0] : value;
    if (name === undefined || text === undefined) return [];
    return text.trimStart().startsWith("{")
      ? fieldsOf(jsonOf(text))
      : [{ path: [name.replace(/^(pagination|paging)-/, "")], value: text }];
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
