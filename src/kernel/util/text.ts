/** The first `most` code points of a text, never half of one. */
export function cutText(text: string, most: number): string {
  if (text.length <= most) return text;
  let end = 0;
  for (let points = 0; points < most && end < text.length; points += 1)
    end += (text.codePointAt(end) ?? 0) > 0xff_ff ? 2 : 1;
  return text.slice(0, end);
}

/** A text for a message: a longer one is cut and ends in `…`, with at most `longest` UTF-16 units and no split character. */
export function shortened(text: string, longest: number): string {
  if (text.length <= longest) return text;
  return `${text.slice(0, longest - 1).replace(/\p{Surrogate}$/u, "")}…`;
}

/** Folds a text for comparison: ignores case, accents, width and ligatures, and the form of a final sigma. */
export function foldText(text: string): string {
  // Most names: nothing in them is composed, and this is asked at every change of a row.
  if (/^[\0-\x7f]*$/u.test(text)) return text.toLowerCase();
  return text
    .normalize("NFKD")
    .replaceAll(/[\u0300-\u036f]/gu, "")
    .toLowerCase()
    .replaceAll("ς", "σ")
    .normalize("NFC");
}
