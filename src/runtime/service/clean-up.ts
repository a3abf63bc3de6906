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
  /** The connectors whose rows are cleaned up. */
  connectorIds: readonly string[];
  clock: Pick<Clock, "now">;
}

/** Numbers of removed records. */
export interface CleanedUp {
  runs: number;
  auditEntries: number;
  /** Rows of memories deleted on both sides. */
  forgotten: number;
}

/** Removes records older than the configured retention. Throws the state store's errors. */
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
