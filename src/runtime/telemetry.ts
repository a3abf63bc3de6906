import { secretsOf } from "../config/mask-secrets.ts";
import { within } from "../kernel/tracing/span.ts";
import type { Clock } from "../kernel/util/clock.ts";
import { countConnections, countRuns, countSchedules } from "../observe/count-events.ts";
import { LedgerGauges } from "../observe/ledger-gauges.ts";
import { Metrics } from "../observe/metrics.ts";
import { countNotifications } from "../observe/notification-observers.ts";
import type { Telemetry } from "../observe/otel/telemetry.ts";
import { circuitGauges } from "../observe/scrape-gauges.ts";
import { SecretMask } from "../observe/secret-mask.ts";
import { version } from "../version.ts";
import type { App } from "./app.ts";

/** How long the end of a command waits for the collector. Milliseconds. */
const lastDeliveryMs = 3000;

/** The metrics of all that an app does from now on. */
export function metricsOf(app: App, clock: Clock): Metrics {
  const { events } = app;
  const metrics = new Metrics();
  countRuns(events, metrics);
  countSchedules(events, metrics);
  countConnections(events, metrics);
  countNotifications(events, metrics);
  const connectors = () => app.connectors.configs();
  metrics.addSource(new LedgerGauges({ metrics, state: app.state, clock, connectors }, events));
  metrics.keepOnly(connectors);
  metrics.addSource(circuitGauges(metrics, () => app.circuits()));
  metrics.buildInfo.set({ version }, 1);
  metrics.addProcessMetrics();
  return metrics;
}

/** The values of all secrets of configuration and connectors. */
export function secretsIn(app: App): string[] {
  return secretsOf({ config: app.config, made: app.connectors.configs() });
}

interface TelemetryParts {
  app: App;
  metrics: Metrics;
  mask: SecretMask;
  clock: Clock;
  tell: (level: "info" | "warn", message: string) => void;
}

/** Traces and metrics of an app; null where none are to be sent: the SDK is not loaded then. Throws `CA_UNREADABLE`. */
export async function openTelemetry({ app, mask, ...parts }: TelemetryParts): Promise<Telemetry | null> {
  const { otel: config } = app.config.monitoring;
  if (config === null || (config.traces === null && config.metrics === null)) return null;
  const { startTelemetry } = await import("../observe/otel/telemetry.ts");
  return startTelemetry({ ...parts, config, version, mask: mask.mask });
}

/** Does the work of a command with its traces and metrics sent; says what does not reach the collector. `signal` asks it to end soon. */
export async function withTelemetry<Result>(
  app: App,
  { clock, say, signal }: { clock: Clock; say: (line: string) => void; signal: AbortSignal },
  work: () => Promise<Result>,
): Promise<Result> {
  if (app.config.monitoring.otel === null) return work();
  const mask = new SecretMask(secretsIn(app));
  const metrics = metricsOf(app, clock);
  const tell = (_: string, message: string) => say(mask.mask(message));
  const telemetry = await openTelemetry({ app, metrics, mask, clock, tell });
  try {
    return await within(telemetry?.tracer ?? null, work);
  } finally {
    await telemetry?.close(signal.aborted ? lastDeliveryMs / 3 : lastDeliveryMs);
  }
}
