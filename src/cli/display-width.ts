const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** Scripts and signs that take two columns of a terminal (Unicode's East Asian Width W and F, and pictures). */
const wide =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Yi}\p{Emoji_Presentation}\u3000-\u303e\u30a0-\u30ff\u31f0-\u31ff\u3200-\u33ff\uff01-\uff60\uffe0-\uffe6]/u;

/** Columns that a text without line breaks takes on a terminal. */
export function displayWidth(text: string): number {
  if (/^[\x20-\x7e]*$/u.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes.segment(text)) {
    if (/^\p{Cf}+$/u.test(segment)) continue;
    width += wide.test(segment) || segment.includes("\ufe0f") ? 2 : 1;
  }
  return width;
}

/** The text, and blanks up to the width. */
export const padded = (text: string, width: number): string =>
  text + " ".repeat(Math.max(0, width - displayWidth(text)));
