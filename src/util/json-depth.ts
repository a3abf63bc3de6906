const quote = 0x22;
const backslash = 0x5c;
/** `[` and `{`, `]` and `}` differ in this bit only. */
const curly = 0x20;
const open = 0x7b;
const close = 0x7d;

/**
 * True when lists and objects lie deeper within each other than `depth`. Looks at the bytes of a JSON text in UTF-8 before it is
 * parsed: what works through a parsed value recursively, `JSON.stringify` among it, would run out of stack.
 */
export function isDeeperThan(json: Uint8Array, depth: number): boolean {
  let level = 0;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at] ?? 0;
    if (byte === quote) at = endOfText(json, at + 1);
    else if ((byte | curly) === close) level--;
    else if ((byte | curly) === open && ++level > depth) return true;
  }
  return false;
}

/** Where the closing quote of a text stands that begins at `from`. */
function endOfText(json: Uint8Array, from: number): number {
  let at = from;
  while (at < json.length && json[at] !== quote) at += json[at] === backslash ? 2 : 1;
  return at;
}
