import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

const prefix = "memory_connector_";

/** Whose series it is. */
const connectorLabel = "connector_id";

/** From a run without changes to one that loads years of memories. Seconds. */
const runBuckets = [1, 5, 15, 60, 300, 900, 3600];
/** From a cached list to a slow document in LightRAG. Seconds. */
const requestBuckets = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
/** Seconds. */
const latenessBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5, 30];

/**
 * The lag of Node's event loop is sampled once a second. The library's default of a hundred times a second costs 0.4 % of a core while the service
 * is idle. Milliseconds.
 */
const eventLoopSampleMs = 1000;

export interface MetricDefinition {
  name: string;
  type: "counter" | "gauge" | "histogram";
  help: string;
  labels: readonly string[];
}

/** A metric with all its series, as prom-client has them; of a histogram one for each bucket, and `_sum` and `_count`. */
export interface CollectedMetric {
  name: string;
  help: string;
  type: "counter" | "gauge" | "histogram" | "summary";
  values: readonly {
    value: number;
    labels: Readonly<Record<string, string | number>>;
    /** Of a histogram: which series it belongs to. */
    metricName?: string;
  }[];
}

/** Updates gauges before a scrape. */
export interface GaugeSource {
  refresh(): Promise<void>;
}

/** All metrics of one service, in a registry of their own. Counters are fed by `count-events.ts`, gauges by gauge sources. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #sources: GaugeSource[] = [];
  #connectors: (() => readonly { id: string }[]) | null = null;
  /** The service's own metrics; those of the process are Node's. */
  readonly definitions: MetricDefinition[] = [];

  readonly syncs = this.#counter("syncs_total", "Runs that ended, by outcome.", ["connector_id", "status"]);
  /** Of all connectors together: with a label each of them would have ten series, most of a scrape of a thousand connectors. */
  readonly syncDuration = this.#histogram("sync_duration_seconds", "Duration of runs.", runBuckets, []);
  readonly lastSyncDuration = this.#gauge(
    "last_sync_duration_seconds",
    "Duration of the connector's last run.",
    ["connector_id"],
  );
  readonly memoriesProcessed = this.#counter(
    "memories_processed_total",
    "Memories that LightRAG's records prove processed.",
    ["connector_id"],
  );
  readonly memoriesSeen = this.#counter(
    "memories_seen_total",
    "Memories that runs saw at the source, by what they found: new, changed, unchanged, skipped or malformed.",
    ["connector_id", "finding"],
  );
  readonly errors = this.#counter("errors_total", "Errors in ended runs, by error code.", [
    "connector_id",
    "error_type",
  ]);
  readonly lastSuccess = this.#gauge(
    "last_success_timestamp_seconds",
    "When the connector's last fully successful run ended.",
    ["connector_id"],
  );

  readonly inFlight = this.#gauge(
    "in_flight",
    "Memories on their way to LightRAG or being processed by it.",
    ["connector_id"],
  );
  readonly deadLetters = this.#gauge(
    "dead_letters",
    "Memories that nobody retries until a person replays them.",
    ["connector_id"],
  );
  readonly oldestUnfinishedAge = this.#gauge(
    "oldest_unfinished_age_seconds",
    "Age of the oldest memory that is not processed yet; 0 when there is none.",
    ["connector_id"],
  );

  readonly schedulerLateness = this.#histogram(
    "scheduler_lateness_seconds",
    "How late due runs were handed out. Runs that make up for missed ones do not count.",
    latenessBuckets,
    [],
  );
  readonly schedulesSkipped = this.#counter(
    "schedules_skipped_total",
    "Due times without a run, by reason.",
    ["connector_id", "reason"],
  );
  readonly runsActive = this.#gauge("runs_active", "Runs under way.", []);
  readonly runsQueued = this.#gauge("runs_queued", "Runs that wait for others to end.", []);
  readonly sharedRuns = this.#gauge(
    "shared_runs",
    "With a state in PostgreSQL: runs of all services on it, by what they do: queued, or active in one of them.",
    ["status"],
  );
  readonly leases = this.#gauge(
    "leases",
    "With a state in PostgreSQL: connectors that a process works on, a service or a command.",
    [],
  );
  readonly services = this.#gauge(
    "services",
    "With a state in PostgreSQL: services that share the work on it, this one included.",
    [],
  );
  readonly failovers = this.#counter(
    "failovers_total",
    "Runs that another service has left in the middle, by its death or its shutdown, and that went on in this one.",
    ["connector_id"],
  );

  readonly sourceRequests = this.#histogram(
    "source_request_duration_seconds",
    "Attempts of requests to sources; status `none` when no answer came.",
    requestBuckets,
    ["method", "status"],
  );
  readonly sinkRequests = this.#histogram(
    "sink_request_duration_seconds",
    "Attempts of requests to LightRAG; status `none` when no answer came.",
    requestBuckets,
    ["method", "status"],
  );
  readonly circuitState = this.#gauge(
    "circuit_state",
    "State of a server's circuit breaker: 1 for the state that holds, 0 for the others.",
    ["service", "server", "state"],
  );

  readonly alerts = this.#counter(
    "alerts_total",
    "Alerts that were told, by rule: firing, reminder or resolved.",
    ["rule", "status"],
  );
  readonly notifications = this.#counter(
    "notifications_total",
    "Attempts to send a message to a channel or webhook: sent, failed (it is sent again) or given_up.",
    ["channel", "outcome"],
  );
  readonly eventsDropped = this.#counter(
    "webhook_events_dropped_total",
    "Events that a webhook was not told because too many messages wait for it.",
    ["channel"],
  );

  readonly logLinesDropped = this.#counter("log_lines_dropped_total", "Lines that the log file lost.", []);
  readonly buildInfo = this.#gauge("build_info", "1, with the version as a label.", ["version"]);

  /** Adds metrics of the process and of Node. They cannot be removed: once per process. */
  addProcessMetrics(): void {
    collectDefaultMetrics({
      register: this.#registry,
      eventLoopMonitoringPrecision: eventLoopSampleMs,
    });
  }

  addSource(source: GaugeSource): void {
    this.#sources.push(source);
  }

  /** From the next scrape on no other connectors have series: one that was deleted, here or by another process, takes its own with it. */
  keepOnly(connectors: () => readonly { id: string }[]): void {
    this.#connectors = connectors;
  }

  /** The media type of `scrape`. */
  get contentType(): string {
    return this.#registry.contentType;
  }

  /** Everything in Prometheus' text format. A failing source leaves its gauges unchanged. */
  async scrape(): Promise<string> {
    await this.#refresh();
    return this.#registry.metrics();
  }

  /** The same as data. */
  async collect(): Promise<readonly CollectedMetric[]> {
    await this.#refresh();
    // Its types say that `type` is a number; it is a word.
    return (await this.#registry.getMetricsAsJSON()) as unknown as readonly CollectedMetric[];
  }

  /** The names of all series that a scrape can return, those of the process included. A histogram has three. */
  seriesNames(): Set<string> {
    const histograms = new Set(
      this.definitions.filter(({ type }) => type === "histogram").map(({ name }) => name),
    );
    return new Set(
      this.#registry
        .getMetricsAsArray()
        .flatMap(({ name }) =>
          histograms.has(name) ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
        ),
    );
  }

  async #refresh(): Promise<void> {
    await Promise.allSettled(this.#sources.map((source) => source.refresh()));
    if (this.#connectors === null) return;
    const ids = new Set<unknown>(this.#connectors().map(({ id }) => id));
    for (const { name, labels } of this.definitions)
      if (labels.includes(connectorLabel)) await this.#removeAllBut(ids, name);
  }

  /** At each scrape: a run that was under way when its connector was deleted still tells of itself. */
  async #removeAllBut(ids: ReadonlySet<unknown>, name: string): Promise<void> {
    const metric = this.#registry.getSingleMetric(name) as Counter | Gauge;
    for (const { labels } of (await metric.get()).values)
      if (!ids.has(labels[connectorLabel])) metric.remove(labels);
  }

  #counter<Label extends string>(name: string, help: string, labelNames: Label[]): Counter<Label> {
    return new Counter(this.#define("counter", name, help, labelNames));
  }

  #gauge<Label extends string>(name: string, help: string, labelNames: Label[]): Gauge<Label> {
    return new Gauge(this.#define("gauge", name, help, labelNames));
  }

  #histogram<Label extends string>(
    name: string,
    help: string,
    buckets: number[],
    labelNames: Label[],
  ): Histogram<Label> {
    return new Histogram({ ...this.#define("histogram", name, help, labelNames), buckets });
  }

  #define<Label extends string>(
    type: MetricDefinition["type"],
    shortName: string,
    help: string,
    labelNames: Label[],
  ) {
    const name = prefix + shortName;
    this.definitions.push({ name, type, help, labels: labelNames });
    return { name, help, labelNames, registers: [this.#registry] };
  }
}
