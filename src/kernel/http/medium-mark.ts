import type { IncomingHttpHeaders } from "node:http";
import { headerText } from "./exchange.ts";

/** What a source says of a medium's bytes without giving them; what it does not say is left out. */
export type MediumMark = {
  /** HTTP's `ETag`, without the sign of a weak one. */
  tag?: string | undefined;
  /** When they last changed, as the source writes it. */
  date?: string | undefined;
  bytes?: number | undefined;
};

/** The mark in the headers of an answer that has the bytes as they are. */
export function markIn(headers: IncomingHttpHeaders): MediumMark {
  const tag = headerText(headers, "etag")?.replace(/^W\//u, "");
  const date = headerText(headers, "last-modified");
  const length = headerText(headers, "content-length");
  return {
    ...(tag && { tag }),
    ...(date && { date }),
    ...(length && /^\d+$/u.test(length) && { bytes: Number(length) }),
  };
}

/** By which a server that knows conditions answers 304 and sends no bytes (RFC 9110, section 13). */
export function conditionsOf({ tag, date }: MediumMark): Record<string, string> {
  return {
    // Compared without regard to weakness, whatever the server calls it.
    ...(tag !== undefined && { "if-none-match": `${tag}, W/${tag}` }),
    ...(date !== undefined && { "if-modified-since": date }),
  };
}

/** Whether the bytes are others by what both marks say. A tag that is the same says that they are not, whatever the date. */
export function isOther(known: MediumMark, now: MediumMark): boolean {
  if (known.tag !== undefined && known.tag === now.tag) return false;
  return marks.some(
    (each) => known[each] !== undefined && now[each] !== undefined && known[each] !== now[each],
  );
}

/** What of a mark is to be believed, after the same bytes have come under both of them. */
export function believable(known: MediumMark, now: MediumMark): MediumMark {
  const said = marks.filter((each) => known[each] === undefined || known[each] === now[each]);
  return Object.fromEntries(said.flatMap((each) => (now[each] === undefined ? [] : [[each, now[each]]])));
}

const marks = ["tag", "date", "bytes"] as const;
