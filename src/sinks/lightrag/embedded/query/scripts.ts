/** Classes of regular expressions: Han, kana, and all scripts without spaces between words. */
export const ideographs = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー々`;
export const unspaced = String.raw`${ideographs}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}`;

/** Whether a term is of a script without spaces, in which pairs of adjacent characters serve as words. */
export const isUnspaced = new RegExp(`^[${unspaced}]`, "u");
