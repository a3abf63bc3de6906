import { isConnectorError, toConnectorError } from "../../kernel/errors/connector-error.ts";
import type { Clock } from "../../kernel/util/clock.ts";
import type { Listenable } from "../../kernel/util/event-bus.ts";
import type { Logger } from "../../observe/logs.ts";
import type { SchedulerEvents } from "../../schedule/events.ts";
import type { SchedulerService } from "../../schedule/scheduler-service.ts";
import type { StateManager } from "../../state/state-manager.ts";
import { goesOn } from "../../sync/backfill.ts";

export interface BackfillRuns {
  state: Pick<StateManager, "backfills">;
  events: Listenable<SchedulerEvents>;
  scheduler: Pick<SchedulerService, "trigger" | "status">;
  clock: Pick<Clock, "now">;
  log: Logger;
}

/**
 * Runs connectors until the backfills are delivered that were asked of the service: each run that delivered some of one is followed by
 * another, so that due times and people come in between. Who pauses a connector stops that as well; the runs after the pause go on with it.
 * What was asked for is in the state, so that a run which a restart has cut short is followed, too. Returns the way to stop.
 */
export function continueBackfills({ state, events, scheduler, clock, log }: BackfillRuns): () => void {
  return events.on("schedule:run-ended", ({ record }) => {
    const { connectorId } = record;
    const follow = async () => {
      const backfill = await state.backfills.get(connectorId);
      if (backfill?.byService !== true || !goesOn(backfill, record, clock.now())) return;
      if (scheduler.status(connectorId).state.pausedAt === null) scheduler.trigger(connectorId);
    };
    follow().catch((thrown: unknown) => {
      // Somebody else was quicker, or everything stops: the backfill goes on with the run after.
      if (isConnectorError(thrown, "RUN_ACTIVE") || isConnectorError(thrown, "SCHEDULER_STOPPED")) return;
      log.error(
        { connector_id: connectorId, error: toConnectorError(thrown).format() },
        "backfill not gone on with",
      );
    });
  });
}
