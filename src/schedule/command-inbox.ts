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
  /** Called when another process was told that a connector's source has changed, in this memory if one is named. */
  hint: (connectorId: string, memoryId: string | null) => void;
  /** Reads connectors again, which another process may just have changed. */
  refresh: () => Promise<void>;
  /** Calls back when another process has added a request; returns a function that ends it. Without it, requests are only looked for. */
  added?: ((listener: () => void) => () => void) | undefined;
  clock: Clock;
  events: Emitter<SchedulerEvents>;
}

/** Polling interval. Milliseconds. */
const pollIntervalMs = 1000;

/** Serves the requests of other processes to this one's scheduler until the signal aborts; then rejects with its reason. */
export async function serveCommands(options: CommandInboxOptions, signal: AbortSignal): Promise<void> {
  const { events } = options;
  for (;;) {
    await sleepUntilAdded(options, signal);
    await serveOnce(options).catch((thrown) =>
      events.emit("schedule:failed", { error: toConnectorError(thrown) }),
    );
  }
}

/** Until it is time to look for requests. Rejects with the signal's reason. */
export async function sleepUntilAdded(
  { clock, added }: Pick<CommandInboxOptions, "clock" | "added">,
  signal: AbortSignal,
): Promise<void> {
  const woken = new AbortController();
  const end = added?.(() => woken.abort());
  const either = AbortSignal.any([signal, woken.signal]);
  await clock.sleep(alignedDelay(pollIntervalMs, clock.now()), either).catch(() => signal.throwIfAborted());
  end?.();
}

/** In the order of the requests, and with what was changed before them: a connector is created before it is triggered. */
async function serveOnce(options: CommandInboxOptions): Promise<void> {
  const { store, clock, refresh } = options;
  const requests = await store.take(clock.now());
  if (requests.some(({ kind }) => kind !== "hint")) await refresh();
  for (const request of requests) await store.answer(request.id, await answerTo(request, options));
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
  { control, hint }: CommandInboxOptions,
): Promise<string | null> {
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
      return nothing(hint(connectorId, wish.hinted?.[0] ?? null));
  }
}

async function nothing(work: Promise<void> | void): Promise<null> {
  await work;
  return null;
}
