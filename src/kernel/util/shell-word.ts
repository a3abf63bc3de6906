/** A word as it has to be typed at a shell. */
export function shellWord(text: string): string {
  return /^[\w@%+=:./][\w@%+=:./-]*$/u.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
