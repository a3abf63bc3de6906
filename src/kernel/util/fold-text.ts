/** The text as it is compared: without regard to case, accents, width and ligatures. */
export function foldText(text: string): string {
  return text
    .normalize("NFKD")
    .replaceAll(/[\u0300-\u036f]/gu, "")
    .toLowerCase()
    .normalize("NFC");
}
