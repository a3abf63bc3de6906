import * as z from "zod";

/** English has four bytes a token, JSON and other scripts fewer. */
const bytesPerToken = 3;

/** How much of a result its frame (notes, cursor, names of fields) may take. Bytes. */
const frameBytes = 600;

export const tokensField = z
  .int()
  .min(500)
  .max(100_000)
  .default(4000)
  .describe(
    "how long the result may be, in tokens (estimated); what does not fit is left out, and it says so",
  );

/** The bytes that a result's items may have. */
export function roomFor(maxTokens: number): number {
  return maxTokens * bytesPerToken - frameBytes;
}

export const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/** The leading items that fit into so many bytes as JSON; at least one, so that paging always goes on. */
export function leading<Item>(items: readonly Item[], bytes: number): Item[] {
  let used = 0;
  const end = items.findIndex((item, index) => {
    used += bytesOf(item) + 1;
    return used > bytes && index > 0;
  });
  return items.slice(0, end < 0 ? items.length : end);
}

/** The text, or as much of its beginning as has so many bytes as JSON, with an ellipsis. */
export function cut(text: string, bytes: number): string {
  if (bytesOf(text) <= bytes) return text;
  let used = bytesOf("…");
  let end = 0;
  for (const character of text) {
    used += bytesOf(character) - 2;
    if (used > bytes) break;
    end += character.length;
  }
  return `${text.slice(0, end)}…`;
}
