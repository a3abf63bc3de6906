import { backslash, quote } from "./json-structure.ts";

/**
 * Where the string ends whose content goes on at `from`: the place of its closing quote. `to` when the end has not come yet, and one
 * beyond when the next byte is escaped.
 */
export function skipString(bytes: Buffer, from: number, to: number): number {
  let at = from;
  while (at < to && bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1;
  return at;
}
