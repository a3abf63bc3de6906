import { decodeUtf8, describeBadByte, findBadByte } from "./utf8.ts";

const quote = 0x22;
const colon = 0x3a;
const backslash = 0x5c;
/** `[` and `{`, `]` and `}` differ in this bit only. */
const curly = 0x20;
const open = 0x7b;
const close = 0x7d;

/** Far more than any of our formats needs; recursive code runs out of stack only far beyond it. */
export const maxJsonDepth = 512;

export type JsonFault = "undecodable" | "too-deep" | "syntax" | "duplicate";

/** The value, or why it is refused; `problem` is for people and quotes nothing but the name of a member. */
export type JsonReading = { ok: true; value: unknown } | { ok: false; fault: JsonFault; problem: string };

/**
 * Parses JSON from outside, by one rule for every entry point: valid UTF-8, no deeper than `maxDepth`, and no duplicate members in
 * an object, because parsers differ in which of the two they keep.
 */
export function readJsonBytes(bytes: Uint8Array, maxDepth = maxJsonDepth): JsonReading {
  const text = decodeUtf8(bytes);
  return text === null ? undecodable(bytes) : readJsonText(text, maxDepth);
}

/** The same for a string. */
export function readJsonText(text: string, maxDepth = maxJsonDepth): JsonReading {
  const { depth, members } = measure(text);
  if (depth > maxDepth) return refused("too-deep", `is nested deeper than ${maxDepth} levels`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refused("syntax", "is not JSON");
  }
  if (countMembers(value) === members) return { ok: true, value };
  return refused("duplicate", `names ${JSON.stringify(findDuplicate(text))} twice in one object`);
}

function undecodable(bytes: Uint8Array): JsonReading {
  const bad = findBadByte(bytes);
  return refused("undecodable", `is not UTF-8 (${bad === null ? "cut off" : describeBadByte(bad)})`);
}

function refused(fault: JsonFault, problem: string): JsonReading {
  return { ok: false, fault, problem };
}

/** Whether UTF-8 can encode every string in a value: none has an unpaired surrogate, which a JSON escape can express. */
export function isWellFormed(value: unknown): boolean {
  if (typeof value === "string") return value.isWellFormed();
  if (typeof value !== "object" || value === null) return true;
  return Object.keys(value).every((key) => key.isWellFormed()) && Object.values(value).every(isWellFormed);
}

/** Nesting depth and number of members, from brackets and colons outside of strings. */
function measure(text: string): { depth: number; members: number } {
  let level = 0;
  let depth = 0;
  let members = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) at = endOfString(text, at + 1);
    else if (code === colon) members++;
    else if ((code | curly) === close) level--;
    else if ((code | curly) === open && ++level > depth) depth = level;
  }
  return { depth, members };
}

function endOfString(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) !== quote) at += text.charCodeAt(at) === backslash ? 2 : 1;
  return at;
}

function countMembers(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  const parts: unknown[] = Array.isArray(value) ? value : Object.values(value);
  let members = Array.isArray(value) ? 0 : parts.length;
  for (const part of parts) members += countMembers(part);
  return members;
}

/** The first duplicate member name in a valid JSON text. */
function findDuplicate(text: string): string {
  const names: Set<string>[] = [];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if ((code | curly) === open) names.push(new Set());
    else if ((code | curly) === close) names.pop();
    if (code !== quote) continue;
    const end = endOfString(text, at + 1);
    const isName = /^\s*:/u.test(text.slice(end + 1, end + 64));
    const name: string = isName ? JSON.parse(text.slice(at, end + 1)) : "";
    if (isName && names.at(-1)?.has(name)) return name;
    if (isName) names.at(-1)?.add(name);
    at = end;
  }
  return "a member";
}
