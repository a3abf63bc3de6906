/**
 * How a run follows documents in a folder. Milliseconds: work begins with the acceptance, so that what nobody works on was left by a
 * process that is gone, and nothing is ever stuck.
 */
export const embeddedPace = { stuckAfterMs: Number.POSITIVE_INFINITY, slowestLookMs: 500, quietMs: 50 };
