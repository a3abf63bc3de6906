import { compareCodePoints } from "../kernel/util/code-point-order.ts";
import type { StateEntry } from "./state-content.ts";

/** The key of a record in its section; several strings are compared in turn by code points. */
export function keyOf({ section, record }: StateEntry): readonly string[] {
  switch (section) {
    case "ledger":
      return [record.connectorId, record.contextId, record.memoryId];
    case "syncStates":
      return [record.connectorId, record.contextId];
    case "runs":
      return [record.runId];
    case "schedules":
      return [record.connectorId];
    case "records":
      return [record.collection, record.id];
    case "values":
      return [record.key];
  }
}

/** The order of records within their section. */
export function compareKeys(a: StateEntry, b: StateEntry): number {
  const other = keyOf(b);
  for (const [at, part] of keyOf(a).entries()) {
    const order = compareCodePoints(part, other[at] ?? "");
    if (order !== 0) return order;
  }
  return 0;
}
