import type { App } from "../app.ts";
import type { HealthReport } from "../observe/health.ts";
import type { Metrics } from "../observe/metrics.ts";
import type { RunControl } from "../schedule/run-control.ts";
import type { SchedulerService } from "../schedule/scheduler-service.ts";
import type { Clock } from "../util/clock.ts";
import type { Tickets } from "./access/tickets.ts";

/** What routes work with. */
export interface ApiParts {
  app: App;
  /** Null where another process schedules. */
  scheduler: SchedulerService | null;
  /** The same scheduler, or the way to the other process's. */
  control: RunControl;
  /** Brings the scheduler and the log in line after connectors have changed. */
  connectorsChanged(): Promise<void>;
  health(): Promise<HealthReport>;
  /** False as soon as the service is on its way down. */
  isReady(): boolean;
  metrics: Pick<Metrics, "scrape" | "contentType">;
  /** Stand for keys where a browser opens a stream. */
  tickets: Tickets;
  clock: Clock;
}
