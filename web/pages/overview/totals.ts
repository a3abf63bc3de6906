import type { Standing } from "../../connectors/connector.ts";

/** All memories by where they stand. */
export interface Totals {
  connectors: number;
  /** Connectors whose source was listed to its end. */
  listed: number;
  known: number;
  proved: number;
  inFlight: number;
  waiting: number;
  /** Failed, and tried again. */
  failed: number;
  dead: number;
  skipped: number;
  /** Of all runs that deliver now; null when none does. */
  perMinute: number | null;
}

export function totalsOf(connectors: readonly Standing[]): Totals {
  const sum = (of: (connector: Standing) => number) =>
    connectors.reduce((total, each) => total + of(each), 0);
  const rows = (...names: string[]) =>
    sum((status) => names.reduce((n, name) => n + (status.memories[name] ?? 0), 0));
  const rates = connectors.flatMap((status) => status.activeRun?.documentsPerMinute ?? []);
  return {
    connectors: connectors.length,
    listed: connectors.filter((status) => status.completeAsOf !== null).length,
    known: sum((status) => Object.values(status.memories).reduce((total, each) => total + each, 0)),
    proved: rows("processed"),
    inFlight: sum((status) => status.inFlight),
    waiting: rows("discovered", "pending"),
    failed: rows("failed"),
    dead: rows("dead"),
    skipped: rows("skipped", "deleted"),
    perMinute: rates.length === 0 ? null : rates.reduce((total, rate) => total + rate, 0),
  };
}
