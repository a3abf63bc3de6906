import type { ConfigManager } from "../../config/config-manager.ts";
import type { Clock } from "../../kernel/util/clock.ts";
import type { Logger } from "../../observe/logs.ts";
import { serveCommands } from "../../schedule/command-inbox.ts";
import type { RunControl } from "../../schedule/run-control.ts";
import type { App } from "../app.ts";
import { keepHistoryShort } from "./history-cleanup.ts";
import { keepReconciled, type ReconcileSchedule } from "./keep-reconciled.ts";
import { reconcileForService } from "./run-request.ts";
import { type EndlessWork, superviseLoop } from "./supervise-loop.ts";

export interface BackgroundOptions {
  app: App;
  manager: ConfigManager;
  control: RunControl;
  /** Called after another process has changed connectors. */
  connectorsChanged: () => Promise<void>;
  clock: Clock;
  log: Logger;
}

/** The background work of a scheduling process. Resolves when the signal has aborted and all of it has ended. */
export async function workInBackground(options: BackgroundOptions, signal: AbortSignal): Promise<void> {
  const all: EndlessWork[] = [cleanHistory(options), reconcile(options), serveOthers(options)];
  await Promise.all(all.map((work) => superviseLoop(work, options, signal)));
}

function cleanHistory({ app, manager, clock, log }: BackgroundOptions): EndlessWork {
  const settings = () => manager.config.state.cleanup;
  const connectorIds = () => app.connectors.configs().map(({ id }) => id);
  const { state, audit } = app;
  return (signal) => keepHistoryShort({ settings, state, audit, connectorIds, clock, log }, signal);
}

function reconcile({ app, clock, log }: BackgroundOptions): EndlessWork {
  const connectors = () => app.connectors.configs();
  const compare: ReconcileSchedule["reconcile"] = (...call) => reconcileForService(app, ...call);
  return (signal) => keepReconciled({ connectors, reconcile: compare, state: app.state, clock, log }, signal);
}

/** Other processes on the same state may only serve the API. */
function serveOthers({ app, control, connectorsChanged, clock }: BackgroundOptions): EndlessWork {
  const refresh = async () => {
    await app.connectors.refresh();
    await connectorsChanged();
  };
  const desk = { store: app.state.scheduleRequests, control, refresh, clock, events: app.events };
  return (signal) => serveCommands(desk, signal);
}
