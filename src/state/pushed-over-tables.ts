import { isDeepStrictEqual } from "node:util";
import type { PushedChange, PushedMemories, PushOutcome } from "../domain/pushed-memory.ts";
import { erasedFor } from "./erasures-over-tables.ts";
import { requireWellFormed } from "./row-rules.ts";
import type { LedgerScope } from "./state-manager.ts";
import type { StateTables, TableAccess } from "./state-tables.ts";

type PushedAccess = TableAccess<Pick<StateTables, "pushed" | "records">>;

/** What programs have sent, in the embedded backends. */
export function pushedOverTables(
  { table, read, change }: PushedAccess,
  forget: PushedMemories["forget"],
): PushedMemories {
  const { pushed } = table;
  return {
    take: async (scope, changes, at, { isSigned } = { isSigned: false }) => {
      requireWellFormed(scope.connectorId, scope.contextId, ...changes.map(idOf));
      const copies = structuredClone(changes);
      return change(() => takeAll(table, scope, copies, { at, isSigned }));
    },
    has: (key) => read(() => (pushed.get(key)?.memory ?? null) !== null),
    changes: (scope, after, limit) => read(() => pushed.page(scope, after, limit)),
    newest: (connectorId) => read(() => pushed.newest(connectorId)),
    forget,
  };
}

const idOf = (change: PushedChange): string => ("memory" in change ? change.memory.id : change.deleted);

function takeAll(
  { pushed, records }: PushedAccess["table"],
  scope: LedgerScope,
  changes: readonly PushedChange[],
  { at, isSigned }: { at: number; isSigned: boolean },
): PushOutcome[] {
  const isErased = erasedFor(records, scope.connectorId);
  let number = pushed.newest(scope.connectorId);
  return changes.map((change) => {
    const key = { ...scope, memoryId: idOf(change) };
    const entry = pushed.get(key);
    const keptAt = entry?.pushedAt ?? Number.NEGATIVE_INFINITY;
    if (isSigned && secondOf(at) < secondOf(keptAt)) return "unchanged";
    const outcome = outcomeOf(change, entry?.memory ?? null, () => isErased(key));
    const isKept = outcome === "unchanged" || outcome === "erased";
    if (isKept) return outcome;
    number += 1;
    const memory = "memory" in change ? change.memory : null;
    pushed.save({ ...key, number, pushedAt: Math.max(at, keptAt), memory });
    return outcome;
  });
}

/** Messages are signed to the second. */
const secondOf = (ms: number) => Math.floor(ms / 1000);

/** As in any list that has a memory twice, the form counts that was updated last, or else the last one. */
function outcomeOf(
  change: PushedChange,
  kept: Extract<PushedChange, { memory: unknown }>["memory"] | null,
  isErased: () => boolean,
): PushOutcome {
  if (!("memory" in change)) return kept === null ? "unchanged" : "deleted";
  if (isErased()) return "erased";
  if (kept === null) return "accepted";
  const { memory } = change;
  const isOlder = (memory.updatedAt ?? kept.updatedAt ?? "") < (kept.updatedAt ?? "");
  return isOlder || isDeepStrictEqual(memory, kept) ? "unchanged" : "updated";
}

/** An erased memory keeps its entry, so that no number comes twice, but nothing in it. */
export function forgetPushedText(
  { pushed }: Pick<StateTables, "pushed">,
  key: Parameters<StateTables["pushed"]["get"]>[0],
): void {
  const entry = pushed.get(key);
  if (entry !== undefined && entry.memory !== null) pushed.save({ ...entry, memory: null });
}
