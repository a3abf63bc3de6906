import { randomUUID } from "node:crypto";
import { TraceFlags } from "@opentelemetry/api";
import { ProtobufMetricsSerializer, ProtobufTraceSerializer } from "@opentelemetry/otlp-transformer";
import { defaultResource, type Resource, resourceFromAttributes } from "@opentelemetry/resources";
import {
  MeterProvider,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
} from "@opentelemetry/sdk-metrics";
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  type SpanExporter,
  type SpanProcessor,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import type { RootTracer } from "../../kernel/tracing/span.ts";
import type { Clock } from "../../kernel/util/clock.ts";
import { plural } from "../../kernel/util/readable.ts";
import type { Metrics } from "../metrics.ts";
import { Collector, type CollectorOptions } from "./collector.ts";
import { metricProducer } from "./metric-producer.ts";
import { rootTracer } from "./sdk-span.ts";
import type { OtelConfig } from "./settings.ts";

/** Ended spans that wait for the collector; more are dropped. */
const maxQueueSize = 4096;

export interface TelemetryOptions {
  config: OtelConfig;
  version: string;
  metrics: Pick<Metrics, "collect">;
  /** Takes secrets out of a text. */
  mask: (text: string) => string;
  clock: Clock;
  tell: CollectorOptions["tell"];
}

/** Traces and metrics on their way to a collector. This file is all that loads the SDK. */
export interface Telemetry {
  /** Null where no traces are sent. */
  readonly tracer: RootTracer | null;
  /** Delivers what waits, for at most `ms`; the rest is lost. */
  close(ms: number): Promise<void>;
}

/** Makes no connection. Throws `CA_UNREADABLE`. */
export function startTelemetry(options: TelemetryOptions): Telemetry {
  const { config, clock, tell } = options;
  const collector = new Collector({ config, clock, tell });
  const resource = resourceOf(options);
  const traces = config.traces && traceProvider(config.traces, collector, resource, options);
  const meters = config.metrics && meterProvider(config.metrics, collector, resource, options);
  return {
    tracer: traces?.tracer ?? null,
    close: async (ms) => {
      const over = new AbortController();
      const tooLate = clock.sleep(ms, over.signal).catch(() => undefined);
      // The processor of spans does not wait for the delivery that is under way, nor for others when one fails.
      const delivered = Promise.allSettled([traces?.provider.shutdown(), meters?.shutdown()]);
      await Promise.race([delivered.then(() => collector.settled()), tooLate]);
      over.abort();
      await collector.close();
      const lost = traces?.lost() ?? 0;
      if (lost > 0) tell("warn", `${plural(lost, "span")} did not reach the collector`);
    },
  };
}

/** Each process is an instance of its own, or the counters of two would be taken for one that jumps. */
function resourceOf({ config, version }: TelemetryOptions): Resource {
  const { serviceName, resourceAttributes } = config;
  return defaultResource().merge(
    resourceFromAttributes({
      "service.instance.id": randomUUID(),
      ...resourceAttributes,
      "service.name": serviceName,
      "service.version": version,
    }),
  );
}

function traceProvider(
  { sampleRatio }: NonNullable<OtelConfig["traces"]>,
  collector: Collector,
  resource: Resource,
  { config, version, mask }: TelemetryOptions,
) {
  let ended = 0;
  let taken = 0;
  const exporter: SpanExporter = {
    export: (spans, done) => {
      void collector.deliver("traces", spans, ProtobufTraceSerializer).then((isTaken) => {
        if (isTaken) taken += spans.length;
        done({ code: isTaken ? 0 : 1 });
      });
    },
    shutdown: async () => undefined,
  };
  const counter: SpanProcessor = {
    onStart: () => undefined,
    onEnd: (span) => {
      if ((span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0) ended += 1;
    },
    forceFlush: async () => undefined,
    shutdown: async () => undefined,
  };
  const exportTimeoutMillis = config.timeoutMs + 1000;
  const provider = new TracerProvider({
    resource,
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(sampleRatio) }),
    spanProcessors: [counter, new BatchSpanProcessor({ exporter, maxQueueSize, exportTimeoutMillis })],
  });
  const sdk = provider.getTracer("memory-connector", version);
  return { provider, tracer: rootTracer({ sdk, mask }), lost: () => ended - taken };
}

function meterProvider(
  { intervalMs }: NonNullable<OtelConfig["metrics"]>,
  collector: Collector,
  resource: Resource,
  { config, version, metrics }: TelemetryOptions,
): MeterProvider {
  const exporter: PushMetricExporter = {
    export: (collected, done) => {
      void collector
        .deliver("metrics", collected, ProtobufMetricsSerializer)
        .then((isTaken) => done({ code: isTaken ? 0 : 1 }));
    },
    forceFlush: async () => undefined,
    shutdown: async () => undefined,
  };
  const reader = new PeriodicExportingMetricReader({
    exporter,
    exportIntervalMillis: intervalMs,
    exportTimeoutMillis: Math.min(intervalMs, config.timeoutMs + 1000),
    metricProducers: [metricProducer(metrics, { name: "memory-connector", version })],
  });
  return new MeterProvider({ resource, readers: [reader] });
}
