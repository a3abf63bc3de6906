import { ConnectorError, toConnectorError } from "../kernel/errors/connector-error.ts";
import type { Clock } from "../kernel/util/clock.ts";
import { alignedDelay } from "../kernel/util/due-time.ts";
import type { Emitter } from "../kernel/util/event-bus.ts";
import type { ScheduleAnswer, ScheduleRequest, ScheduleRequestStore } from "../state/schedule-request.ts";
import type { SchedulerEvents } from "./events.ts";
import type { RunControl } from "./run-control.ts";

export interface CommandInboxOptions {
  store: ScheduleRequestStore;
  control: RunControl;
  /** Called when another process was told that a connector's source has changed. */
  hint: (connectorId: string) => void;
  /** Called when another process has created, changed or removed connectors. */
  refresh: () => Promise<void>;
  clock: Clock;
  events: Emitter<SchedulerEvents>;
}

/** Polling interval. Milliseconds. */
const pollIntervalMs = 1000;

/** Serves the requests of other processes to this one's scheduler until the signal aborts; then rejects with its reason. */
export async function serveCommands(options: CommandInboxOptions, signal: AbortSignal): Promise<void> {
  const { clock, events } = options;
  for (;;) {
    await clock.sleep(alignedDelay(pollIntervalMs, clock.now()), signal);
    await serveOnce(options).catch((thrown) =>
      events.emit("schedule:failed", { error: toConnectorError(thrown) }),
    );
  }
}

/** In the order of the requests: a connector is created before it is triggered. */
async function serveOnce(options: CommandInboxOptions): Promise<void> {
  const { store, clock } = options;
  for (const request of await store.take(clock.now()))
    await store.answer(request.id, await answerTo(request, options));
}

async function answerTo(request: ScheduleRequest, options: CommandInboxOptions): Promise<ScheduleAnswer> {
  try {
    return { ok: true, runId: await act(request, options) };
  } catch (thrown) {
    const { code, message } = toConnectorError(thrown);
    return { ok: false, code, message };
  }
}

async function act(
  { kind, connectorId, wish, note }: ScheduleRequest,
  { control, hint, refresh }: CommandInboxOptions,
): Promise<string | null> {
  if (kind === "refresh") return nothing(refresh());
  if (connectorId === null) throw new ConnectorError("INTERNAL", `"${kind}" was asked of no connector`);
  switch (kind) {
    case "trigger":
      return control.trigger(connectorId, wish);
    case "cancel":
      return control.cancel(connectorId);
    case "pause":
      return nothing(control.pause(connectorId, note));
    case "resume":
      return nothing(control.resume(connectorId));
    case "hint":
      return nothing(hint(connectorId));
  }
}

async function nothing(work: Promise<void> | void): Promise<null> {
  await work;
  return null;
}
