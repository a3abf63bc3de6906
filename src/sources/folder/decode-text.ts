const strict = new TextDecoder("utf-8", { fatal: true });
const lenient = new TextDecoder("utf-8");

/**
 * The text of a file: UTF-8, or UTF-16 with its mark. `isWhole` is false where bytes are no text; the rest of it is readable.
 */
export function decodeText(bytes: Buffer): { text: string; isWhole: boolean } {
  const label = utf16Of(bytes);
  if (label !== null) return { text: new TextDecoder(label).decode(bytes), isWhole: true };
  try {
    return { text: strict.decode(bytes), isWhole: true };
  } catch {
    return { text: lenient.decode(bytes), isWhole: false };
  }
}

function utf16Of([first, second]: Buffer): string | null {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  return first === 0xfe && second === 0xff ? "utf-16be" : null;
}
