import type { ConnectorError } from "../../kernel/errors/connector-error.ts";
import type { Clock } from "../../kernel/util/clock.ts";
import { alertJson } from "../../operations/alerts/list-alerts.ts";
import { runJson } from "../../operations/runs/run-json.ts";
import type { SyncEvents } from "../../sync/events.ts";
import type { AppEvents } from "../app-events.ts";

interface Start {
  at: number;
  done: number;
  /** When its progress was last sent. */
  toldAt: number;
}

/**
 * A fast run emits progress a hundred times a second, which is unreadable and would be sent to every reader. Each event has all
 * counts, so that skipping some loses nothing. Milliseconds.
 */
const progressEveryMs = 250;

/** Converts events for readers: progress gets its rate and remaining time, errors and records their public shapes. */
export class ProgressThrottle {
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #starts = new Map<string, Start>();

  constructor(clock: Pick<Clock, "monotonic">) {
    this.#clock = clock;
  }

  /** Null for progress too soon after the last one to be sent. */
  describe<Name extends keyof AppEvents>(name: Name, payload: AppEvents[Name]): unknown {
    if (name === "run:progress") return this.#progress(payload as SyncEvents["run:progress"]);
    if (name === "run:end") {
      const { record } = payload as SyncEvents["run:end"];
      this.#starts.delete(record.runId);
      return runJson(record);
    }
    if (name === "alert:change") {
      const { status, alert } = payload as AppEvents["alert:change"];
      return { status, alert: alertJson(alert) };
    }
    if (name !== "schedule:run-failed") return payload;
    const { error, ...ids } = payload as AppEvents["schedule:run-failed"];
    return { ...ids, error: publicError(error) };
  }

  #progress(event: SyncEvents["run:progress"]) {
    const now = this.#clock.monotonic();
    const known = this.#starts.get(event.runId);
    const isLast = event.done >= event.total;
    if (known !== undefined && !isLast && now - known.toldAt < progressEveryMs) return null;
    const start = { at: now, done: event.done, ...known, toldAt: now };
    this.#starts.set(event.runId, start);
    const seconds = (now - start.at) / 1000;
    const perSecond = seconds < 1 ? null : (event.done - start.done) / seconds;
    const left = perSecond === null || perSecond <= 0 ? null : (event.total - event.done) / perSecond;
    return { ...event, perSecond, secondsLeft: left === null ? null : Math.max(0, Math.round(left)) };
  }
}

function publicError({ code, message, requestHint: hint }: ConnectorError) {
  return { code, message, hint };
}
