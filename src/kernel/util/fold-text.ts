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
