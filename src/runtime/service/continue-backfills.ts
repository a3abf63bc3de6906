import { isConnectorError, toConnectorError } from "../../kernel/errors/connector-error.ts";
import type { Clock } from "../../kernel/util/clock.ts";
import type { Listenable } from "../../kernel/util/event-bus.ts";
import type { Logger } from "../../observe/logs.ts";
import type { SchedulerEvents } from "../../schedule/events.ts";
import type { SchedulerService } from "../../schedule/scheduler-service.ts";
import type { StateManager } from "../../state/state-manager.ts";
import { needsAnotherRun } from "../../sync/backfill.ts";

export interface BackfillRuns {
  state: Pick<StateManager, "backfills">;
  events: Listenable<SchedulerEvents>;
  scheduler: Pick<SchedulerService, "trigger" | "status">;
  clock: Pick<Clock, "now">;
  log: Logger;
}

/**
 * Runs connectors until the backfills that were requested from the service are delivered: each run that delivered a part is
 * followed by another, so that due times and requests come in between. A pause of the connector stops this as well; the runs after
 * the pause continue it. Requests are in the state, so that a run interrupted by a restart is followed, too. Returns a function
 * that stops it.
 */
export function continueBackfills({ state, events, scheduler, clock, log }: BackfillRuns): () => void {
  return events.on("schedule:run-ended", ({ record }) => {
    const { connectorId } = record;
    const follow = async () => {
      const backfill = await state.backfills.get(connectorId);
      if (backfill?.byService !== true || !needsAnotherRun(backfill, record, clock.now())) return;
      if (scheduler.status(connectorId).state.pausedAt === null) await scheduler.trigger(connectorId);
    };
    follow().catch((thrown: unknown) => {
      // Another run was first, or the service stops: the backfill continues with the run after.
      if (isConnectorError(thrown, "RUN_ACTIVE") || isConnectorError(thrown, "SCHEDULER_STOPPED")) return;
      log.error(
        { connector_id: connectorId, error: toConnectorError(thrown).format() },
        "backfill not gone on with",
      );
    });
  });
}
