import { isGroup, type LedgerRow } from "../../domain/ledger-row.ts";
import type { NotDelivered } from "../../domain/run-record.ts";
import type { LedgerScope } from "../../state/state-manager.ts";
import { knownRows } from "../known-rows.ts";
import type { RunOptions } from "../run-options.ts";
import type { SyncParts } from "../sync-parts.ts";
import type { SyncSettings } from "../sync-settings.ts";
import type { RunReport } from "./run-report.ts";
import { type Why, whyNotDelivered } from "./why-not-delivered.ts";

type Parts = Pick<SyncParts, "state" | "clock">;

/**
 * The requested memories whose current version LightRAG does not hold, with the reason. Empty for a run without requested memories.
 */
export async function notDelivered(
  parts: Parts,
  { connectorId, contextIds }: SyncSettings,
  { filter }: RunOptions,
  report: RunReport,
): Promise<NotDelivered[]> {
  const unknown = new Set(filter.ids);
  const reasons: NotDelivered[] = [];
  if (unknown.size === 0) return reasons;
  for (const contextId of contextIds) {
    const scope = { connectorId, contextId };
    for (const [memoryId, row] of await knownRows(parts, scope, [...(filter.ids ?? [])])) {
      unknown.delete(memoryId);
      const why = await whyOf(parts, scope, row, report);
      if (why !== null) reasons.push({ memoryId, contextId, ...why });
    }
  }
  for (const memoryId of unknown)
    reasons.push({ memoryId, contextId: null, ...whyUnknown(memoryId, report) });
  return reasons;
}

async function whyOf(
  parts: Parts,
  scope: LedgerScope,
  row: LedgerRow,
  report: RunReport,
): Promise<Why | null> {
  if (report.heldBack.has(row.memoryId)) return held(report);
  return whyNotDelivered(await deliveredRow(parts, scope, row), parts.clock.now());
}

/** The row of the document: for a note, its group's. */
async function deliveredRow({ state }: Parts, scope: LedgerScope, row: LedgerRow): Promise<LedgerRow> {
  if (row.groupKey === null || isGroup(row) || row.skipReason !== "merged") return row;
  return (await state.getRows(scope, [row.groupKey])).get(row.groupKey) ?? row;
}

function whyUnknown(memoryId: string, report: RunReport): Why {
  if (report.notFound?.has(memoryId) === true) return notShown;
  if (report.heldBack.has(memoryId)) return held(report);
  if (report.pending.has(memoryId)) return waitsForSource;
  if (report.notFound !== null) return outside;
  return {
    reason: "not_reached",
    message: "the run ended before it was taken up",
    hint: report.hintOf() ?? "run it again",
  };
}

function held(report: RunReport): Why {
  return {
    reason: "held",
    message: "what the source shows of it is held by a guard, and nothing of it was sent",
    hint: report.hintOf("RUN_HELD", "DELETIONS_SUSPECT") ?? "look at it with `memory-connector plan`",
  };
}

/** For a memory that no context of the source shows. */
export const notShown: Why = {
  reason: "not_found",
  message: "the source does not show it",
  hint: "look for a typing mistake in the id, and whether it belongs to another context or connector",
};

/** For a memory that the source shows, but that is not readable yet. */
export const waitsForSource: Why = {
  reason: "waiting_for_source",
  message: "the source shows it, and it cannot be read yet",
  hint: "it is sent when the source lets it be read; every `memory-connector sync` looks again",
};

/** For a memory that the source shows, outside of the requested time span. */
export const outside: Why = {
  reason: "outside",
  message: "its own time lies outside of the span that was asked for",
  hint: "leave --since and --until out",
};
