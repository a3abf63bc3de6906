/** A hashtag needs a letter, so that "#1" remains a number, and does not begin inside a word or link. */
const hashtag = /(?<![\p{L}\p{N}\p{M}_&/#])#([\p{L}\p{N}\p{M}_]*\p{L}[\p{L}\p{N}\p{M}_]*)/gu;
/** An `@` after other characters belongs to an e-mail address. */
const handle = /(?<![\p{L}\p{N}\p{M}_.+/@-])@([\p{L}\p{N}_](?:[\p{L}\p{N}\p{M}_.-]*[\p{L}\p{N}\p{M}_])?)/gu;
const link = /https?:\/\/[^\s<>"'`{}|\\^]+/giu;
/** Punctuation of the sentence around a link, which does not belong to it. */
const trailing = /[.,;:!?)\]]+$/u;

const tag = /<\/?[a-z][^<>]{0,500}>/giu;
const entity = /&(?:[a-z]{2,8}|#\d{1,6});/giu;

/** Longer links were not spoken or pasted on purpose. */
const maxLinkLength = 500;

/** Hashtags without their sign, in order. */
export function findHashtags(text: string): string[] {
  return Array.from(text.matchAll(hashtag), ([, tag]) => tag ?? "");
}

/** Handles with their `@`, in order. */
export function findHandles(text: string): string[] {
  return Array.from(text.matchAll(handle), ([, name]) => `@${name}`);
}

/** http and https links, in order, without trailing punctuation. */
export function findLinks(text: string): string[] {
  return Array.from(text.matchAll(link), ([found]) => found.replace(trailing, "")).filter(
    (found) => found.length <= maxLinkLength && URL.canParse(found),
  );
}

/**
 * Removes all of these, and tags and entities of HTML, which the language library would read as words. A comma replaces each, so
 * that the names on either side are not joined.
 */
export function withoutMarks(text: string): string {
  return [link, hashtag, handle, tag, entity].reduce((rest, mark) => rest.replace(mark, ", "), text);
}
