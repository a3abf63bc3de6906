const words = new Intl.Segmenter("en", { granularity: "word" });

/** Scripts that put no blanks between words. */
const withoutBlanks =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\p{Script=Yi}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

const opening = /^[\p{Ps}\p{Pi}]+$/u;

/**
 * A word in pieces between which a line may end: between the words of a script without blanks, and nowhere else, since an id, a path or an
 * address is copied whole. No piece begins with the sign that ends another, nor ends with one that opens the next. Together they are the word.
 */
export function piecesOf(word: string): string[] {
  if (!withoutBlanks.test(word)) return [word];
  const pieces: string[] = [];
  let isOpen = false;
  for (const { segment } of words.segment(word)) {
    const last = pieces.at(-1);
    const mayBreak = withoutBlanks.test(segment) || (last !== undefined && withoutBlanks.test(last));
    const isSign = /^[\p{P}\p{S}\p{M}\p{Cf}]/u.test(segment);
    const joins = last !== undefined && (isOpen || !mayBreak || (isSign && !opening.test(segment)));
    if (joins) pieces.push(`${pieces.pop()}${segment}`);
    else pieces.push(segment);
    isOpen = opening.test(segment);
  }
  return pieces;
}
