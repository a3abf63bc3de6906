import type { AuditLog } from "../audit/audit-log.ts";
import type { Config } from "../config/config.ts";
import { toConnectorError } from "../errors/connector-error.ts";
import type { Logger } from "../observe/logs.ts";
import { nextCronSlot } from "../schedule/cron.ts";
import type { StateManager } from "../state/state-manager.ts";
import type { Clock } from "../util/clock.ts";

const dayMs = 86_400_000;

export interface HistoryCleanupOptions {
  /** As it is now: a reload of the configuration changes it. */
  settings: () => Config["state"]["cleanup"];
  state: Pick<StateManager, "pruneRuns">;
  audit: Pick<AuditLog, "removeBefore">;
  clock: Clock;
  log: Logger;
}

/** Removes old runs from the history at the configured times (UTC) until the signal aborts, and rejects with its reason then. */
export async function keepHistoryShort(options: HistoryCleanupOptions, signal: AbortSignal): Promise<void> {
  const { settings, clock } = options;
  for (;;) {
    const now = clock.now();
    const at = nextCronSlot(settings().cron, "UTC", now) ?? now + dayMs;
    // At least once a day, so that a changed configuration counts.
    const waitMs = Math.min(at - now, dayMs);
    await clock.sleep(waitMs, signal);
    if (settings().enabled && clock.now() >= at) await prune(options);
  }
}

async function prune({ settings, state, audit, clock, log }: HistoryCleanupOptions): Promise<void> {
  const { retentionDays, auditRetentionDays } = settings();
  const before = (days: number) => clock.now() - days * dayMs;
  try {
    const removed = await state.pruneRuns(before(retentionDays));
    const entries = await audit.removeBefore(before(auditRetentionDays));
    log.info({ removed, retention_days: retentionDays, audit_entries: entries }, "old history removed");
  } catch (thrown) {
    log.error({ error: toConnectorError(thrown).format() }, "old history could not be removed");
  }
}
