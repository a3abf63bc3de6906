/** Longer ids are taken for a mistake; the longest seen in the field have 400 characters. */
const maxIdLength = 1024;

/** The id of an item, if it stays distinguishable wherever it is used; null otherwise. */
export function usableId(id: string | null): string | null {
  return id !== null && flawOfId(id) === null ? id : null;
}

/** Why an id is of no use, or null. */
export function flawOfId(id: string): string | null {
  if (id === "") return "is empty";
  if (id.trim() === "") return "is white space";
  if (!id.isWellFormed()) return "holds an unpaired surrogate";
  if (/\p{Cc}/u.test(id)) return "holds a control character";
  return id.length > maxIdLength ? `has ${id.length} characters, more than ${maxIdLength}` : null;
}

/** What is said of an item, or a file of one, that is larger than may be read; `size` and `most` in bytes. */
export function tooLarge(size: number, most: number) {
  return { code: "MEMORY_TOO_LARGE" as const, problem: `it has ${size} bytes, more than ${most}` };
}

const excerptCharacters = 500;

/** The beginning of a malformed item. A copy: a slice would keep the whole text in memory. */
export function excerptOf(text: string): string {
  return Buffer.from(text.slice(0, excerptCharacters).toWellFormed()).toString();
}
