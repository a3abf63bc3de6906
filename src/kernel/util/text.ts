/** At most so many code points, whole ones. */
export function cutText(text: string, most: number): string {
  if (text.length <= most) return text;
  let end = 0;
  for (let points = 0; points < most && end < text.length; points += 1)
    end += (text.codePointAt(end) ?? 0) > 0xff_ff ? 2 : 1;
  return text.slice(0, end);
}

/** A text for a message: of a longer one its beginning and `…`, together at most so many UTF-16 units and no half of a character. */
export function shortened(text: string, longest: number): string {
  if (text.length <= longest) return text;
  return `${text.slice(0, longest - 1).replace(/\p{Surrogate}$/u, "")}…`;
}

/** The text as it is compared: without regard to case, accents, width and ligatures, and to where in a word a sigma stands. */
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
