/**
 * The text of a file: UTF-8, or UTF-16 with its mark. `isWhole` is false where bytes are no text; the rest of it is readable.
 */
export function decodeText(bytes: Buffer): { text: string; isWhole: boolean } {
  const label = utf16Of(bytes) ?? "utf-8";
  try {
    return { text: new TextDecoder(label, { fatal: true }).decode(bytes), isWhole: true };
  } catch {
    return { text: new TextDecoder(label).decode(bytes), isWhole: false };
  }
}

function utf16Of([first, second]: Buffer): string | null {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  return first === 0xfe && second === 0xff ? "utf-16be" : null;
}
