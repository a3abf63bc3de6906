import { htmlReference, readReference } from "../../kernel/util/decode/html-references.ts";
import type { Span } from "./span.ts";

/** Another form of a text, with the places that it comes from. */
export interface MappedText {
  text: string;
  /** By unit of `text`: where what it comes from begins in the first form. */
  starts: readonly number[];
  /** By unit of `text`: where that ends. Before a unit that begins behind the end of the one before it, markup was taken away. */
  ends: readonly number[];
}

/** A text as it stands. */
export function mapped(text: string): MappedText {
  const starts = Array.from({ length: text.length }, (_, at) => at);
  return { text, starts, ends: starts.map((at) => at + 1) };
}

/** Where a part of the mapped text stands in the first form. */
export function sourceOf({ starts, ends }: MappedText, { start, end }: Span): Span {
  return { start: starts[start] ?? 0, end: ends[end - 1] ?? 0 };
}

/** Characters that nobody sees, and those that are removed before a document is sent or stored. */
const unseen = /(?![\t\n\r])[\p{Cc}\p{Cf}\p{Cs}\uFFFE\uFFFF]+/gu;
/** Tags and comments of HTML; the ends of links; the signs of Markdown that may stand in a word or around it. */
const markup = /<[/!?a-z][^<>]*>|\]\([^()]*(?:\([^()]*\)[^()]*)?\)|\]\[[^[\]]*\]|[*_~`^=\\[\]>]+/giu;
/** What comes together in NFC: a character with its marks, or the parts of Korean syllables. */
const composed = /[\u1100-\u11FF]+|\P{M}\p{M}+/gu;
/** References may stand for parts of others (`&amp;uuml;`), and markup in them. */
const mostRounds = 5;

/**
 * The forms in which a text may be read, the one given first: with the references of HTML as what they stand for, which LightRAG does
 * before it stores a text, and without markup besides, as those read it who see the page. None twice.
 */
export function readingsOf(text: string): MappedText[] {
  const given = mapped(text);
  const decoded = settled(given, decode);
  const bare = settled(decoded, (form) => rewritten(decode(form), markup, nothing));
  const forms = [given, ...[decoded, bare].map((form) => rewritten(form, composed, toNfc))];
  return forms.filter(({ text }, place) => forms.findIndex((other) => other.text === text) === place);
}

const nothing = () => "";
const toNfc = (text: string) => text.normalize("NFC");

/** What nobody sees becomes part of what is in front of it, and separates nothing. */
function decode(form: MappedText): MappedText {
  return rewritten(rewritten(form, unseen, nothing, { joins: true }), htmlReference, readReference);
}

function settled(form: MappedText, step: (form: MappedText) => MappedText): MappedText {
  let reading = form;
  for (let round = 0; round < mostRounds; round += 1) {
    const next = step(reading);
    if (next.text === reading.text) break;
    reading = next;
  }
  return reading;
}

/** The text with all that a pattern fits written anew; an end that stays the same keeps its places. */
function rewritten(
  given: MappedText,
  pattern: RegExp,
  write: (found: string) => string,
  { joins = false } = {},
): MappedText {
  const texts: string[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  let at = 0;
  const keepTo = (end: number) => {
    texts.push(given.text.slice(at, end));
    for (; at < end; at += 1) {
      starts.push(given.starts[at] ?? 0);
      ends.push(given.ends[at] ?? 0);
    }
  };
  for (const { 0: found, index } of given.text.matchAll(pattern)) {
    const text = write(found);
    if (text === found) continue;
    keepTo(index);
    const same = sharedEnd(found, text);
    const made = text.slice(0, text.length - same);
    at = index + found.length - same;
    const place = sourceOf(given, { start: index, end: at });
    texts.push(made);
    for (let unit = 0; unit < made.length; unit += 1) {
      starts.push(place.start);
      ends.push(place.end);
    }
    if (joins && made === "" && ends.length > 0) ends[ends.length - 1] = place.end;
  }
  if (at === 0) return given;
  keepTo(given.text.length);
  return { text: texts.join(""), starts, ends };
}

function sharedEnd(one: string, other: string): number {
  let length = 0;
  while (length < Math.min(one.length, other.length) && one.at(-1 - length) === other.at(-1 - length))
    length += 1;
  return length;
}
