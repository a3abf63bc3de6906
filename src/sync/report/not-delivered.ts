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

/** What became of the memories that a person has named and that LightRAG does not hold as the source shows them. Nothing for any other run. */
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

/** Of a note its group's, whose document holds it. */
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

/** Of a memory that no context of the source shows. */
export const notShown: Why = {
  reason: "not_found",
  message: "the source does not show it",
  hint: "look for a typing mistake in the id, and whether it belongs to another context or connector",
};

/** Of a memory that the source shows, and does not let be read yet. */
export const waitsForSource: Why = {
  reason: "waiting_for_source",
  message: "the source shows it, and it cannot be read yet",
  hint: "it is sent when the source lets it be read; every `memory-connector sync` looks again",
};

/** Of a memory that the source shows, outside of the span of time that was asked for. */
export const outside: Why = {
  reason: "outside",
  message: "its own time lies outside of the span that was asked for",
  hint: "leave --since and --until out",
};
