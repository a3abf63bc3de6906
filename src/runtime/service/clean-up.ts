import type { AuditLog } from "../../access/audit/audit-log.ts";
import type { Config } from "../../config/config.ts";
import type { Clock } from "../../kernel/util/clock.ts";
import type { StateManager } from "../../state/state-manager.ts";
import { forgetDeleted } from "../../sync/maintenance/forget-deleted.ts";

const dayMs = 86_400_000;

export interface CleanUpOptions {
  settings: Config["state"]["cleanup"];
  state: StateManager;
  audit: Pick<AuditLog, "removeBefore">;
  /** Whose rows are looked at. */
  connectorIds: readonly string[];
  clock: Pick<Clock, "now">;
}

/** What was removed. */
export interface CleanedUp {
  runs: number;
  auditEntries: number;
  /** Rows of memories that are gone from both sides. */
  forgotten: number;
}

/** Removes what is older than the configuration wants it kept. Throws what changing the state throws. */
export async function cleanUp(options: CleanUpOptions): Promise<CleanedUp> {
  const { settings, state, audit, connectorIds, clock } = options;
  const before = (days: number) => clock.now() - days * dayMs;
  const runs = await state.pruneRuns(before(settings.retentionDays));
  const auditEntries = await audit.removeBefore(before(settings.auditRetentionDays));
  let forgotten = 0;
  for (const id of connectorIds)
    forgotten += await forgetDeleted(state, id, before(settings.deletedRetentionDays));
  return { runs, auditEntries, forgotten };
}
