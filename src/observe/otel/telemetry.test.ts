import { expect, test } from "vitest";
import { startCollector } from "../../../test/support/otlp-collector.ts";
import { systemClock } from "../../kernel/util/clock.ts";
import { Metrics } from "../metrics.ts";
import type { OtelConfig } from "./settings.ts";
import { startTelemetry } from "./telemetry.ts";

async function start(change: Partial<OtelConfig> = {}) {
  const collector = await startCollector();
  const told: string[] = [];
  const config: OtelConfig = {
    endpoint: collector.url,
    headers: {},
    ca: null,
    timeoutMs: 60_000,
    serviceName: "test",
    resourceAttributes: {},
    traces: { sampleRatio: 1 },
    metrics: null,
    ...change,
  };
  const telemetry = startTelemetry({
    config,
    version: "1.2.3",
    metrics: new Metrics(),
    mask: (text) => text,
    clock: systemClock,
    tell: (_, message) => told.push(message),
  });
  const begin = (count: number) => {
    for (let index = 0; index < count; index++) telemetry.tracer?.begin({ name: "work" }).end();
  };
  return { collector, telemetry, told, begin };
}

test("of more spans than a silent collector takes, a bounded number waits, and each lost one is counted", async () => {
  const { collector, telemetry, told, begin } = await start();
  collector.behaviour = "hang";
  begin(20_000);
  await telemetry.close(50);
  const sent = collector.deliveries.reduce((sum, { body }) => sum + body.length, 0);
  // A span of this test has about 100 bytes.
  expect(sent).toBeLessThan(4096 * 200);
  expect(told.at(-1)).toBe("20,000 spans did not reach the collector");
});

test("every span that waits is delivered at the end, and none is called lost", async () => {
  const { collector, telemetry, told, begin } = await start();
  begin(1500);
  await telemetry.close(60_000);
  expect(collector.spans).toHaveLength(1500);
  expect(new Set(collector.spans.map(({ spanId }) => spanId)).size).toBe(1500);
  expect(told).toEqual([]);
});

test("a delivery that is under way at the end is waited for, and so are the others when one fails", async () => {
  const { collector, telemetry, told, begin } = await start();
  collector.behaviour = "hang";
  begin(600);
  await expect.poll(() => collector.deliveries.length).toBe(1);
  const closed = telemetry.close(60_000);
  await expect.poll(() => collector.deliveries.length).toBe(2);
  collector.answerHeld(200, 500);
  await closed;
  expect(told.at(-1)).toBe("88 spans did not reach the collector");
});

test("a ratio takes whole traces", async () => {
  const { collector, telemetry, told } = await start({ traces: { sampleRatio: 0.5 } });
  for (let index = 0; index < 400; index++) {
    const root = telemetry.tracer?.begin({ name: "root" });
    root?.begin({ name: "part" }).end();
    root?.end();
  }
  await telemetry.close(60_000);
  const names = Object.groupBy(collector.spans, ({ name }) => name);
  expect(names.root?.length).toBeGreaterThan(100);
  expect(names.root?.length).toBeLessThan(300);
  expect(names.part?.map(({ traceId }) => traceId).toSorted()).toEqual(
    names.root?.map(({ traceId }) => traceId).toSorted(),
  );
  expect(told).toEqual([]);
});

test("the service is named by its settings, each process an instance of its own", async () => {
  const resourceAttributes = { "deployment.environment.name": "café", "service.name": "other" };
  const instances = await Promise.all(
    [1, 2].map(async () => {
      const { collector, telemetry, begin } = await start({ resourceAttributes });
      begin(1);
      await telemetry.close(60_000);
      expect(collector.spans[0]?.resource).toMatchObject({
        "service.name": "test",
        "service.version": "1.2.3",
        "deployment.environment.name": "café",
        "telemetry.sdk.name": "opentelemetry",
      });
      return collector.spans[0]?.resource["service.instance.id"];
    }),
  );
  expect(instances[0]).not.toBe(instances[1]);
});

test("a certificate authority that cannot be read is an error of the start", async () => {
  await expect(start({ ca: "/nowhere/ca.pem" })).rejects.toMatchObject({ code: "CA_UNREADABLE" });
});
