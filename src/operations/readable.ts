import type * as z from "zod";

/**
 * A stored record as an answer shows it; null if it is malformed, because another version or a person has edited the state. It then
 * counts as absent.
 */
export function readable<Schema extends z.ZodType>(
  schema: Schema,
  show: () => z.input<Schema>,
): z.input<Schema> | null {
  try {
    const shown = show();
    return schema.safeParse(shown).success ? shown : null;
  } catch (thrown) {
    // An invalid time, or a missing field.
    if (thrown instanceof RangeError || thrown instanceof TypeError) return null;
    throw thrown;
  }
}
