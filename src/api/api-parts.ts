import type { Clock } from "../kernel/util/clock.ts";
import type { HealthReport } from "../observe/health.ts";
import type { Metrics } from "../observe/metrics.ts";
import type { ServiceControl } from "../operations/operation-context.ts";
import type { App } from "../runtime/app.ts";
import type { Tickets } from "./access/tickets.ts";

/** What routes work with. */
export interface ApiParts {
  app: App;
  service: ServiceControl;
  health(): Promise<HealthReport>;
  /** False as soon as the service is on its way down. */
  isReady(): boolean;
  metrics: Pick<Metrics, "scrape" | "contentType">;
  /** Stand for keys where a browser opens a stream. */
  tickets: Tickets;
  clock: Clock;
}
