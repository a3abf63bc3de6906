/** Text from elsewhere as one line that is safe to print: control characters could move the cursor or forge a line. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ");
}

/**
 * The same for text of several lines: line breaks and tabs are kept. Applied last before a terminal, for texts whose parts were not
 * sanitised.
 */
export function printableLines(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, (character) =>
    character === "\n" || character === "\t" ? character : " ",
  );
}

/** A word quoted for a shell. */
export function shellWord(text: string): string {
  return /^[\w@%+=:./][\w@%+=:./-]*$/u.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
