import type * as z from "zod";

/**
 * A stored record as an answer shows it; null where it cannot be shown, because another version or a person's hand has been at the state.
 * Such a record says no more than none.
 */
export function readable<Schema extends z.ZodType>(
  schema: Schema,
  show: () => z.input<Schema>,
): z.input<Schema> | null {
  try {
    const shown = show();
    return schema.safeParse(shown).success ? shown : null;
  } catch (thrown) {
    // A time that is none, or a part that is not there.
    if (thrown instanceof RangeError || thrown instanceof TypeError) return null;
    throw thrown;
  }
}
