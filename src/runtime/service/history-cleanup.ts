import type { AuditLog } from "../../access/audit/audit-log.ts";
import type { Config } from "../../config/config.ts";
import { toConnectorError } from "../../kernel/errors/connector-error.ts";
import type { Clock } from "../../kernel/util/clock.ts";
import { nextCronSlot } from "../../kernel/util/cron.ts";
import type { Logger } from "../../observe/logs.ts";
import type { StateManager } from "../../state/state-manager.ts";
import { forgetDeleted } from "../../sync/maintenance/forget-deleted.ts";

const dayMs = 86_400_000;

interface CleanUpOptions {
  settings: Config["state"]["cleanup"];
  state: StateManager;
  audit: Pick<AuditLog, "removeBefore">;
  /** The connectors whose rows are cleaned up. */
  connectorIds: readonly string[];
  clock: Pick<Clock, "now">;
}

/** Numbers of removed records. */
interface CleanedUp {
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

export interface HistoryCleanupOptions {
  /** The current configuration: a reload changes it. */
  settings: () => Config["state"]["cleanup"];
  state: StateManager;
  audit: Pick<AuditLog, "removeBefore">;
  connectorIds: () => readonly string[];
  clock: Clock;
  log: Logger;
}

/** Runs `cleanUp` at the configured times (UTC) until the signal aborts; then rejects with its reason. */
export async function cleanHistoryOnSchedule(
  options: HistoryCleanupOptions,
  signal: AbortSignal,
): Promise<void> {
  const { settings, clock } = options;
  for (;;) {
    const now = clock.now();
    const at = nextCronSlot(settings().cron, "UTC", now) ?? now + dayMs;
    // At least once a day, so that a changed configuration takes effect.
    const waitMs = Math.min(at - now, dayMs);
    await clock.sleep(waitMs, signal);
    if (settings().enabled && clock.now() >= at) await prune(options);
  }
}

async function prune({
  settings,
  state,
  audit,
  connectorIds,
  clock,
  log,
}: HistoryCleanupOptions): Promise<void> {
  try {
    const { runs, auditEntries, forgotten } = await cleanUp({
      settings: settings(),
      state,
      audit,
      connectorIds: connectorIds(),
      clock,
    });
    log.info(
      { removed: runs, audit_entries: auditEntries, deleted_memories: forgotten },
      "old history removed",
    );
  } catch (thrown) {
    log.error({ error: toConnectorError(thrown).format() }, "old history could not be removed");
  }
}
