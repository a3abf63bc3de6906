/** A hashtag needs a letter, so that "#1" stays a number; one inside a word or link is none. */
const hashtag = /(?<![\p{L}\p{N}\p{M}_&/#])#([\p{L}\p{N}\p{M}_]*\p{L}[\p{L}\p{N}\p{M}_]*)/gu;
/** An `@` with something before it belongs to an e-mail address. */
const handle = /(?<![\p{L}\p{N}\p{M}_.+/@-])@([\p{L}\p{N}_](?:[\p{L}\p{N}\p{M}_.-]*[\p{L}\p{N}\p{M}_])?)/gu;
const link = /https?:\/\/[^\s<>"'`{}|\\^]+/giu;
/** Ends a sentence or closes a bracket around the link rather than belonging to it. */
const trailing = /[.,;:!?)\]]+$/u;

const tag = /<\/?[a-z][^<>]{0,500}>/giu;
const entity = /&(?:[a-z]{2,8}|#\d{1,6});/giu;

/** Longer ones are no links that a person has spoken or pasted on purpose. */
const maxLinkLength = 500;

/** Hashtags without their sign, in order. */
export function findHashtags(text: string): string[] {
  return Array.from(text.matchAll(hashtag), ([, tag]) => tag ?? "");
}

/** Handles with their `@`, in order. */
export function findHandles(text: string): string[] {
  return Array.from(text.matchAll(handle), ([, name]) => `@${name}`);
}

/** http and https links, in order, without the punctuation of the sentence around them. */
export function findLinks(text: string): string[] {
  return Array.from(text.matchAll(link), ([found]) => found.replace(trailing, "")).filter(
    (found) => found.length <= maxLinkLength && URL.canParse(found),
  );
}

/**
 * A text without all these and without tags and entities of HTML, which a language library would read as words. A comma takes
 * their place, so that the names on either side do not become one.
 */
export function withoutMarks(text: string): string {
  return [link, hashtag, handle, tag, entity].reduce((rest, mark) => rest.replace(mark, ", "), text);
}
