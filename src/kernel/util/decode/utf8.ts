const strict = new TextDecoder("utf-8", { fatal: true });

/** The text, without a byte order mark; null when the bytes are not UTF-8. Bytes are never replaced by other characters. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return strict.decode(bytes);
  } catch {
    return null;
  }
}

/** The first byte that is not UTF-8. */
export interface BadByte {
  /** From 0. */
  offset: number;
  /** From 1, counted by line feeds. */
  line: number;
  byte: number;
}

/** The first byte that is part of no character, or null. */
export function findBadByte(bytes: Uint8Array): BadByte | null {
  if (decodeUtf8(bytes) !== null) return null;
  let line = 1;
  for (let at = 0; at < bytes.length; ) {
    const byte = bytes[at] ?? 0;
    const length = lengthOfCharacter(byte);
    if (length === 0 || decodeUtf8(bytes.subarray(at, at + length)) === null)
      return { offset: at, line, byte };
    if (byte === 0x0a) line++;
    at += length;
  }
  return null;
}

/** For people: `byte 0xE9 at offset 57`. */
export function describeBadByte({ byte, offset }: BadByte): string {
  return `byte 0x${byte.toString(16).toUpperCase().padStart(2, "0")} at offset ${offset}`;
}

/** Length of a character by its first byte; 0 for a byte that starts none. */
function lengthOfCharacter(first: number): number {
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  if (first < 0xe0) return 2;
  return first < 0xf0 ? 3 : 4;
}
