type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Whether a stream may be coloured, by the first of these that is there: `FORCE_COLOR` (`0` and `false` say no), `NO_COLOR` (anything),
 * `TERM=dumb` (no), and whether the stream is a terminal. Node and most programs decide in this order.
 */
export function mayColour({ FORCE_COLOR, NO_COLOR, TERM }: Variables, isTerminal: boolean): boolean {
  if (FORCE_COLOR !== undefined) return !["0", "false"].includes(FORCE_COLOR.toLowerCase());
  if (NO_COLOR) return false;
  return isTerminal && TERM !== "dumb";
}

/** Whether lines can be redrawn there. */
export function canRedraw({ TERM }: Variables, isTerminal: boolean): boolean {
  return isTerminal && TERM !== "dumb";
}
