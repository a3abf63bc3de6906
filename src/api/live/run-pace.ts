import type { AppEvents } from "../../app.ts";
import type { ConnectorError } from "../../errors/connector-error.ts";
import { runJson } from "../../json/run-json.ts";
import type { SyncEvents } from "../../sync/events.ts";
import type { Clock } from "../../util/clock.ts";

interface Start {
  at: number;
  done: number;
}

/** Makes events ready for readers: progress gets its rate and the time that is left, errors and records their public shapes. */
export class RunPace {
  private readonly clock: Pick<Clock, "monotonic">;
  private readonly starts = new Map<string, Start>();

  constructor(clock: Pick<Clock, "monotonic">) {
    this.clock = clock;
  }

  describe<Name extends keyof AppEvents>(name: Name, payload: AppEvents[Name]): unknown {
    if (name === "run:progress") return this.progress(payload as SyncEvents["run:progress"]);
    if (name === "run:end") {
      const { record } = payload as SyncEvents["run:end"];
      this.starts.delete(record.runId);
      return runJson(record);
    }
    if (name !== "schedule:run-failed") return payload;
    const { error, ...ids } = payload as AppEvents["schedule:run-failed"];
    return { ...ids, error: publicError(error) };
  }

  private progress(event: SyncEvents["run:progress"]) {
    const now = this.clock.monotonic();
    const start = this.starts.get(event.runId) ?? { at: now, done: event.done };
    this.starts.set(event.runId, start);
    const seconds = (now - start.at) / 1000;
    const perSecond = seconds < 1 ? null : (event.done - start.done) / seconds;
    const left = perSecond === null || perSecond <= 0 ? null : (event.total - event.done) / perSecond;
    return { ...event, perSecond, secondsLeft: left === null ? null : Math.max(0, Math.round(left)) };
  }
}

function publicError({ code, message, hint }: ConnectorError) {
  return { code, message, hint };
}
