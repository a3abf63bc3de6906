import type { IncomingHttpHeaders } from "node:http";
import { type Field, fieldsOf, headerFields } from "./answer-fields.ts";
import {
  isEnd,
  isMore,
  isNext,
  isPageCount,
  isPageLimit,
  isRest,
  isSize,
  isTotal,
  plainName,
} from "./clue-names.ts";
import { leadsOn, linkPosition, linkTo, type Position, positionOf } from "./next-position.ts";

/** A number and the name of its field. */
export interface Claim {
  name: string;
  value: number;
}

/** What an answer says, apart from its items, about what it does not show. These are claims, not yet checked. */
export interface Clues {
  /** The largest number that counts more than what one answer shows. */
  total: Claim | null;
  /** `size` or `length`: of the whole list, or of a page. */
  size: Claim | null;
  /** The number of items that the server itself limits an answer to. */
  pageLimit: Claim | null;
  /**
   * The field that says that more follows, for people: `has_more: true`. Of links and cursors only the name is kept: they may hold secrets.
   */
  more: string | null;
  /** The field that says that this answer is one of several parts, though not whether it is the last: `206 Partial Content`. */
  part: string | null;
  /** A field says that nothing follows. */
  last: boolean;
  /** Where the next page begins. Null: the server says there is none. Undefined: the server does not say. */
  next: Position | null | undefined;
}

/** Status and headers of an answer. */
export interface AnswerHead {
  status: number;
  headers: IncomingHttpHeaders;
}

export const noClues: Clues = {
  total: null,
  size: null,
  pageLimit: null,
  more: null,
  part: null,
  last: false,
  next: undefined,
};

/** Collects the clues of an answer: of its status, its headers, and what surrounds its list in the body, in any usual spelling and nesting. */
export function readClues({ status, headers }: AnswerHead, surroundings: unknown): Clues {
  const clues = { ...noClues };
  for (const field of fieldsOf(surroundings)) takeField(clues, field);
  for (const field of headerFields(headers)) takeField(clues, field);
  takeLink(clues, headers);
  takeContentRange(clues, headers["content-range"]);
  if (status === 206) clues.part ??= "206 Partial Content";
  return { ...clues, last: clues.more === null && clues.part === null && clues.last };
}

function takeField(clues: Clues, field: Field): void {
  const name = plainName(field.path.at(-1) ?? "");
  const parent = plainName(field.path.at(-2) ?? "");
  const count = countOf(field.value);
  if (isNext(name, parent)) takeNext(clues, name, field);
  else if (count !== null && isRangeOfAll(field.value))
    takeTotal(clues, { name: textOf(field.path), value: count });
  else if (count !== null && isCount(name, parent)) takeCount(clues, { name, parent }, field, count);
  else if (name === "last" && leadsOn(field.value)) clues.part ??= textOf(field.path);
  else takeFlag(clues, name, field);
}

function isCount(name: string, parent: string): boolean {
  return [isTotal, isSize, isPageLimit, isPageCount].some((isKind) => isKind(name, parent)) || isRest(name);
}

function takeCount(
  clues: Clues,
  { name, parent }: { name: string; parent: string },
  field: Field,
  value: number,
): void {
  const claim = { name: textOf(field.path), value };
  if (isPageLimit(name, parent)) clues.pageLimit ??= value > 0 ? claim : null;
  else if (isPageCount(name, parent)) clues.part ??= value > 1 ? shown(field) : null;
  else if (isTotal(name, parent)) takeTotal(clues, claim);
  else if (isSize(name)) clues.size ??= claim;
  else if (value > 0) clues.more ??= shown(field);
  else clues.last = true;
}

function takeFlag(clues: Clues, name: string, field: Field): void {
  const flag = flagOf(field.value);
  // A number is no flag of an end: `{ start: 0, end: 0 }` counts.
  const isWord = !/^\s*\d/.test(String(field.value));
  const says = isMore(name) ? flag : isEnd(name) && isWord && flag !== null ? !flag : null;
  if (says === true) clues.more ??= shown(field);
  if (says === false) clues.last = true;
}

function takeNext(clues: Clues, name: string, field: Field): void {
  const flag = typeof field.value === "boolean" ? field.value : null;
  const position = flag === null ? positionOf(name, field.value) : null;
  if (position !== null || flag === true) clues.more ??= textOf(field.path);
  else clues.last = true;
  if (flag === null) clues.next ??= position;
}

function takeTotal(clues: Clues, claim: Claim): void {
  if (clues.total === null || clues.total.value < claim.value) clues.total = claim;
}

function takeLink(clues: Clues, headers: IncomingHttpHeaders): void {
  if (leadsOn(linkTo("last", headers.link))) clues.part ??= 'Link: rel="last"';
  const link = linkTo("next", headers.link);
  if (link === null) return;
  clues.more ??= 'Link: rel="next"';
  clues.next ??= linkPosition(link);
}

/** `items 0-49/120`; a `*` means that the server does not know, or does not disclose, how many there are. */
function takeContentRange(clues: Clues, header: string | undefined): void {
  const [, total] = /^\s*(?:\w+[ =]+)?(?:\d+-\d+|\*)\/(\d+|\*)\s*$/.exec(header ?? "") ?? [];
  if (total === "*") clues.part ??= `Content-Range: ${header?.trim()}`;
  else if (total !== undefined) takeTotal(clues, { name: "Content-Range", value: Number(total) });
}

/** A whole number that may be a count; some servers send it as text: `47`, `1,204`, `47+`, `1-20 of 47`. */
function countOf(value: unknown): number | null {
  const [, digits] =
    (typeof value === "string" &&
      /^\s*(?:\d+\s*[-–]\s*\d+\s+of\s+)?(\d{1,15}|\d{1,3}(?:,\d{3})+)(?:\.0+|\+)?\s*$/i.exec(value)) ||
    [];
  const count = digits === undefined ? value : Number(digits.replaceAll(",", ""));
  return typeof count === "number" && Number.isSafeInteger(count) && count >= 0 ? count : null;
}

/** `1-20 of 47`, under whatever name. */
function isRangeOfAll(value: unknown): boolean {
  return typeof value === "string" && /^\s*\d+\s*[-–]\s*\d+\s+of\s/i.test(value);
}

/** A value as a flag, in the spellings that servers use; null when it is none. */
export function flagOf(value: unknown): boolean | null {
  if (typeof value === "boolean") return value;
  if (value === 0 || value === 1) return value === 1;
  if (typeof value !== "string") return null;
  const word = value.trim().toLowerCase();
  if (["true", "yes", "y", "on", "1"].includes(word)) return true;
  return ["false", "no", "n", "off", "0"].includes(word) ? false : null;
}

function textOf(path: readonly string[]): string {
  return path.join(".");
}

function shown({ path, value }: Field): string {
  return `${textOf(path)}: ${String(value)}`.slice(0, 120);
}
