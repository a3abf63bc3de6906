const [isolate, isolateEnd] = ["\u2068", "\u2069"];

/**
 * Text from elsewhere as one line that is safe to print: control characters could move the cursor or forge a line, and those for the direction of writing
 * could turn round what stands beside it.
 */
export function printable(text: string): string {
  return isolated(text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " "));
}

/** Keeps the controls of direction within the text, which is then an isolate of its own; a text without any stays, so that it can be copied. */
function isolated(text: string): string {
  if (!/[\u202a-\u202e\u2066-\u2069]/u.test(text)) return text;
  let [open, kept] = [0, ""];
  for (const character of text) {
    const closes = character === isolateEnd;
    // An end without a beginning would be that of our own.
    if (closes && open === 0) continue;
    if (closes) open -= 1;
    else if (/[\u2066-\u2068]/u.test(character)) open += 1;
    kept += character;
  }
  return `${isolate}${kept}${isolateEnd.repeat(open + 1)}`;
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
