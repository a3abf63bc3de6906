import type { ConfigManager } from "../../config/config-manager.ts";
import { toConnectorError } from "../../kernel/errors/connector-error.ts";
import type { Clock } from "../../kernel/util/clock.ts";
import type { Logger } from "../../observe/logs.ts";
import { serveCommands } from "../../schedule/command-inbox.ts";
import type { RunControl } from "../../schedule/run-control.ts";
import type { App } from "../app.ts";
import { watchSource } from "../source-factory.ts";
import { type FollowedSources, followSources, type SourceHints } from "./follow-sources.ts";
import { cleanHistoryOnSchedule } from "./history-cleanup.ts";
import { reconcileForService } from "./run-request.ts";
import { type ReconcileSchedule, reconcileOnSchedule } from "./scheduled-reconciliation.ts";

export interface BackgroundOptions {
  app: App;
  manager: ConfigManager;
  control: RunControl;
  /** Connectors of whose sources somebody has told. */
  hints: SourceHints;
  /** Reads connectors again, and takes up what has changed. */
  refresh: () => Promise<void>;
  isPaused: (connectorId: string) => boolean;
  clock: Clock;
  log: Logger;
}

/** The background work of a scheduling process. Resolves when the signal has aborted and all of it has ended. */
export async function workInBackground(options: BackgroundOptions, signal: AbortSignal): Promise<void> {
  const all: EndlessWork[] = [
    cleanHistory(options),
    reconcile(options),
    serveOtherProcesses(options),
    follow(options),
  ];
  await Promise.all(all.map((work) => superviseLoop(work, options, signal)));
}

function cleanHistory({ app, manager, clock, log }: BackgroundOptions): EndlessWork {
  const settings = () => manager.config.state.cleanup;
  const connectorIds = () => app.connectors.configs().map(({ id }) => id);
  const { state, audit } = app;
  return (signal) => cleanHistoryOnSchedule({ settings, state, audit, connectorIds, clock, log }, signal);
}

function reconcile({ app, clock, log }: BackgroundOptions): EndlessWork {
  const connectors = () => app.connectors.configs();
  const compare: ReconcileSchedule["reconcile"] = (...call) => reconcileForService(app, ...call);
  return (signal) =>
    reconcileOnSchedule({ connectors, reconcile: compare, state: app.state, clock, log }, signal);
}

function follow({ app, control, hints, isPaused, clock, log }: BackgroundOptions): EndlessWork {
  const connectors = () => app.connectors.configs();
  const watch: FollowedSources["watchSource"] = (source, changed) => watchSource(source, changed, app.state);
  const sources = { connectors, watchSource: watch, hints, control, isPaused, clock, log };
  return (signal) => followSources(sources, signal);
}

/** Other processes on the same state may only serve the API. */
function serveOtherProcesses({ app, control, hints, refresh, clock }: BackgroundOptions): EndlessWork {
  const hint = (connectorId: string, memoryId: string | null) => hints.add(connectorId, memoryId);
  const added = (listener: () => void) => app.relay.on("requests", listener);
  const inbox = {
    store: app.state.scheduleRequests,
    control,
    hint,
    refresh,
    added,
    clock,
    events: app.events,
  };
  return (signal) => serveCommands(inbox, signal);
}

/** Wait before failed work is restarted. Milliseconds. */
const restartDelayMs = 60_000;

/** Background work that ends only with the signal. */
type EndlessWork = (signal: AbortSignal) => Promise<void>;

interface SuperviseLoopOptions {
  clock: Clock;
  log: Logger;
}

/**
 * Runs the work until the signal aborts. A failure (a state store that is unreadable for a while) is logged, and the work is restarted.
 */
export async function superviseLoop(
  work: EndlessWork,
  { clock, log }: SuperviseLoopOptions,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await work(signal);
    } catch (thrown) {
      if (signal.aborted) return;
      log.error(
        { error: toConnectorError(thrown).format() },
        "work in the background failed; it begins anew",
      );
      await clock.sleep(restartDelayMs, signal).catch(() => undefined);
    }
  }
}
