/** Text from elsewhere as one line that is safe to print: control characters could move the cursor or forge a line. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ");
}

/**
 * The same for text of several lines: line breaks and tabs stay. The last gate before a terminal, for what the parts of the text did
 * not make safe themselves.
 */
export function printableLines(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, (character) =>
    character === "\n" || character === "\t" ? character : " ",
  );
}
