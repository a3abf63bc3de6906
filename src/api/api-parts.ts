import type { App } from "../app.ts";
import { ConnectorError } from "../errors/connector-error.ts";
import type { HealthReport } from "../observe/health.ts";
import type { Metrics } from "../observe/metrics.ts";
import type { SchedulerService } from "../schedule/scheduler-service.ts";
import type { Clock } from "../util/clock.ts";

/** What routes work with. */
export interface ApiParts {
  app: App;
  /** Null where another process schedules. */
  scheduler: SchedulerService | null;
  /** Brings the scheduler and the log in line after connectors have changed. */
  connectorsChanged(): Promise<void>;
  health(): Promise<HealthReport>;
  /** False as soon as the service is on its way down. */
  isReady(): boolean;
  metrics: Pick<Metrics, "scrape" | "contentType">;
  clock: Clock;
}

/** Throws `SCHEDULER_ELSEWHERE` where this process serves the API alone. */
export function requireScheduler({ scheduler }: ApiParts): SchedulerService {
  if (scheduler !== null) return scheduler;
  throw new ConnectorError("SCHEDULER_ELSEWHERE", "this process serves the API only and starts no runs");
}
