import { DataPointType } from "@opentelemetry/sdk-metrics";
import { expect, test } from "vitest";
import { Metrics } from "../metrics.ts";
import { metricProducer } from "./metric-producer.ts";

async function produced(metrics: Metrics) {
  const { resourceMetrics } = await metricProducer(metrics, { name: "m", version: "1" }).collect();
  const all = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
  return new Map(all.map((metric) => [metric.descriptor.name, metric]));
}

test("a histogram has its buckets apart, for each set of labels", async () => {
  const metrics = new Metrics();
  for (const seconds of [0.001, 0.02, 0.02, 2, 1000])
    metrics.sinkRequests.observe({ method: "GET", status: 200 }, seconds);
  metrics.sinkRequests.observe({ method: "POST", status: "none" }, 60);
  const metric = (await produced(metrics)).get("memory_connector_sink_request_duration_seconds");
  const boundaries = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
  expect(metric).toMatchObject({
    dataPointType: DataPointType.HISTOGRAM,
    descriptor: { unit: "", description: expect.stringContaining("Attempts of requests to LightRAG") },
    dataPoints: [
      {
        attributes: { method: "GET", status: 200 },
        value: { count: 5, buckets: { boundaries, counts: [1, 2, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] } },
      },
      {
        attributes: { method: "POST", status: "none" },
        value: { count: 1, sum: 60, buckets: { boundaries, counts: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0] } },
      },
    ],
  });
  expect(Object.keys(metric?.dataPoints[0]?.attributes ?? {})).toEqual(["method", "status"]);
});

test("a counter is a sum that only grows, a gauge a value, and one without series is left out", async () => {
  const metrics = new Metrics();
  metrics.memoriesProcessed.inc({ connector_id: "one" }, 3);
  metrics.deadLetters.set({ connector_id: "one" }, 2);
  const all = await produced(metrics);
  expect(all.get("memory_connector_memories_processed_total")).toMatchObject({
    dataPointType: DataPointType.SUM,
    isMonotonic: true,
    dataPoints: [{ attributes: { connector_id: "one" }, value: 3 }],
  });
  expect(all.get("memory_connector_dead_letters")).toMatchObject({
    dataPointType: DataPointType.GAUGE,
    dataPoints: [{ value: 2 }],
  });
  expect(all.has("memory_connector_alerts_total")).toBe(false);
});

test("gauges are read anew for each delivery, and one that cannot be read costs no other", async () => {
  const metrics = new Metrics();
  metrics.addSource({ refresh: async () => metrics.runsActive.set(7) });
  metrics.addSource({ refresh: () => Promise.reject(new Error("the state is away")) });
  expect((await produced(metrics)).get("memory_connector_runs_active")?.dataPoints).toMatchObject([
    { value: 7 },
  ]);
});
