import { ConnectorError } from "../errors/connector-error.ts";

/** Where a page ended, as text that callers hand back unread. */
export function encodeCursor(list: string, position: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify([list, ...position])).toString("base64url");
}

/**
 * The position in a cursor of this list, null when there is no cursor. `kinds` says what each part is. Throws
 * `STATE_CURSOR_INVALID` for a cursor of another list and for anything that is no cursor.
 */
export function decodeCursor(
  list: string,
  cursor: string | null | undefined,
  kinds: readonly ("string" | "number")[],
): (string | number)[] | null {
  if (cursor === null || cursor === undefined) return null;
  const position = parse(cursor);
  if (Array.isArray(position) && position[0] === list && position.length === kinds.length + 1) {
    const parts = position.slice(1);
    if (parts.every((part, at) => typeof part === kinds[at])) return parts;
  }
  throw new ConnectorError("STATE_CURSOR_INVALID", "the cursor does not belong to this list", {
    subject: cursor.slice(0, 100),
  });
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
  } catch {
    return undefined;
  }
}
