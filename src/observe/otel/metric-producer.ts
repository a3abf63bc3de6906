import { type HrTime, ValueType } from "@opentelemetry/api";
import { hrTime, millisToHrTime } from "@opentelemetry/core";
import { emptyResource } from "@opentelemetry/resources";
import {
  AggregationTemporality,
  type DataPoint,
  DataPointType,
  type Histogram,
  type MetricData,
  type MetricProducer,
} from "@opentelemetry/sdk-metrics";
import type { CollectedMetric, Metrics } from "../metrics.ts";

/** Gives the SDK the metrics of `/metrics`, under their names and with their labels. */
export function metricProducer(
  metrics: Pick<Metrics, "collect">,
  scope: { name: string; version: string },
): MetricProducer {
  const startTime = millisToHrTime(Date.now());
  return {
    collect: async () => {
      const collected = await metrics.collect();
      const period = { startTime, endTime: hrTime() };
      const all = collected.flatMap((metric) => toMetricData(metric, period));
      return {
        resourceMetrics: { resource: emptyResource(), scopeMetrics: [{ scope, metrics: all }] },
        errors: [],
      };
    },
  };
}

interface Period {
  startTime: HrTime;
  endTime: HrTime;
}

function toMetricData(metric: CollectedMetric, period: Period): MetricData[] {
  if (metric.values.length === 0) return [];
  const { name, help: description, type } = metric;
  const common = {
    descriptor: { name, description, unit: "", valueType: ValueType.DOUBLE },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
  };
  const plain = () =>
    metric.values.map(({ labels, value }) => ({ ...period, attributes: { ...labels }, value }));
  switch (type) {
    case "counter":
      return [{ ...common, dataPointType: DataPointType.SUM, isMonotonic: true, dataPoints: plain() }];
    case "histogram":
      return [
        { ...common, dataPointType: DataPointType.HISTOGRAM, dataPoints: histogramsOf(metric, period) },
      ];
    default:
      return [{ ...common, dataPointType: DataPointType.GAUGE, dataPoints: plain() }];
  }
}

/** Prometheus has a series for each bucket, which counts those below it too, and two more for sum and count. */
function histogramsOf({ name, values }: CollectedMetric, period: Period): DataPoint<Histogram>[] {
  const points = Map.groupBy(values, ({ labels: { le: _, ...labels } }) => JSON.stringify(labels));
  return Array.from(points.values(), (series) => {
    const last = (suffix: string) => series.find(({ metricName }) => metricName === name + suffix);
    const finite = series.filter(({ labels }) => labels.le !== undefined && labels.le !== "+Inf");
    const count = last("_count")?.value ?? 0;
    const below = finite.map(({ value }) => value);
    return {
      ...period,
      attributes: { ...last("_count")?.labels },
      value: {
        buckets: {
          boundaries: finite.map(({ labels }) => Number(labels.le)),
          counts: [...below, count].map((total, index) => total - (below[index - 1] ?? 0)),
        },
        sum: last("_sum")?.value ?? 0,
        count,
      },
    };
  });
}
