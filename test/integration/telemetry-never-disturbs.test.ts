import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ended, runCli, startCli } from "../support/cli.ts";
import { LoadedFiles } from "../support/loaded-files.ts";
import { startCollector } from "../support/otlp-collector.ts";
import { startWorld } from "../support/sync-world.ts";

/** Nobody listens there. */
const nowhere = "http://127.0.0.1:9";

async function startTraced(otel: unknown, memories = 3) {
  const world = await startWorld({ memories, config: { monitoring: { otel } } });
  const sync = async () => {
    const begun = performance.now();
    const { code, out, err } = await runCli(["sync", "--json"], { cwd: world.folder });
    return { code, err, tookMs: performance.now() - begun, record: JSON.parse(out).runs[0] };
  };
  return { ...world, sync };
}

test.each([
  ["is not there", { endpoint: nowhere }, /could not connect/u],
  // On a busy machine the time is over before the connection is refused.
  [
    "is not there, and is given up at once",
    { endpoint: nowhere, timeout: "50ms" },
    /could not connect|within|in time|50 ms/u,
  ],
])("a collector that %s costs one line for each kind and no run", async (_, otel, reason) => {
  const { sync } = await startTraced(otel);
  const { code, err, record } = await sync();
  expect({ code, outcome: record.outcome, processed: record.counts.processed }).toEqual({
    code: 0,
    outcome: "success",
    processed: 3,
  });
  const told = err.split("\n").filter((line) => line.includes("collector at"));
  expect(told).toHaveLength(2);
  for (const kind of ["traces", "metrics"]) {
    const line = told.find((each) => each.startsWith(kind));
    expect(line).toContain(`${kind} do not reach the collector at ${nowhere}/: `);
    expect(line).toMatch(reason);
  }
  expect(err).toMatch(/\d+ spans did not reach the collector/u);
});

test.each([500, 400, 404, 301, 503])(
  "a collector that answers %i is told of once, and only 503 is asked again",
  async (status) => {
    const collector = await startCollector();
    collector.behaviour = { status, headers: { "retry-after": "1", location: "http://127.0.0.1:9/" } };
    const { sync } = await startTraced({
      endpoint: collector.url,
      timeout: "1500ms",
      metrics: { enabled: false },
    });
    const { code, err, record } = await sync();
    expect([code, record.outcome]).toEqual([0, "success"]);
    expect(err.match(/traces do not reach the collector/gu)).toHaveLength(1);
    const again = collector.deliveries.length;
    if (status === 503) expect(again).toBeGreaterThan(1);
    else expect(again).toBe(1);
  },
);

test.each([
  ["JSON that is no object", "application/json", "[1]"],
  ["a page of a proxy", "text/html; charset=utf-8", "<html>Bad gateway</html>"],
  ["anything that calls itself Protobuf", "application/x-protobuf", "<html>Bad gateway</html>"],
])("a collector that answers %s is told of once, by a code and with what helps", async (_, type, text) => {
  const collector = await startCollector();
  collector.behaviour = { status: 200, body: Buffer.from(text), headers: { "content-type": type } };
  const { sync } = await startTraced({ endpoint: collector.url });
  const { code, err, record } = await sync();
  expect([code, record.outcome]).toEqual([0, "success"]);
  for (const kind of ["traces", "metrics"]) {
    const told = err.split("\n").filter((line) => line.startsWith(`${kind} do not reach`));
    expect(told).toHaveLength(1);
    expect(told[0]).toContain(`COLLECTOR_NOT_OTLP: it answered 200 with ${type.split(";")[0]}`);
    expect(told[0]).toContain("port 4318");
  }
  expect(err).not.toMatch(/wire type|^ +at /mu);
});

test("a collector that answers in JSON has taken what it was sent, and is believed in what it refuses", async () => {
  const collector = await startCollector();
  const headers = { "content-type": "application/json" };
  collector.behaviour = { status: 200, body: Buffer.from("{}"), headers };
  const { sync } = await startTraced({ endpoint: collector.url, metrics: { enabled: false } });
  expect((await sync()).err).not.toContain("collector");
  const partialSuccess = { rejectedSpans: "2", errorMessage: "too old" };
  collector.behaviour = { status: 200, body: Buffer.from(JSON.stringify({ partialSuccess })), headers };
  expect((await sync()).err).toContain("it refused a part of them: too old");
});

test("a collector that never answers holds an end for three seconds at most", async () => {
  const collector = await startCollector();
  collector.behaviour = "hang";
  const { sync } = await startTraced({ endpoint: collector.url, timeout: "5m" });
  const { code, tookMs, err } = await sync();
  expect(code).toBe(0);
  expect(collector.deliveries.length).toBeGreaterThan(0);
  // Far below the limit of a delivery.
  expect(tookMs).toBeLessThan(100_000);
  expect(err).toContain("it has not answered in time");
  expect(err).toMatch(/\d+ spans did not reach the collector/u);
});

test("what a collector refuses of a delivery is told with its reason", async () => {
  const collector = await startCollector();
  // ExportTraceServiceResponse { partial_success { rejected_spans: 2, error_message: "too old" } }
  const body = Buffer.from([0x0a, 0x0b, 0x08, 0x02, 0x12, 0x07, ...Buffer.from("too old")]);
  collector.behaviour = { status: 200, body };
  const { sync } = await startTraced({ endpoint: collector.url, metrics: { enabled: false } });
  expect((await sync()).err).toContain("it refused a part of them: too old");
});

test("neither keys nor logins nor words of memories are in what is sent, and the collector's own key goes to it alone", async () => {
  const collector = await startCollector();
  const diary = "dear diary nobody shall read this";
  const headers = "authorization=Bearer%20secret-of-the-collector,x-tenant=home";
  const world = await startWorld({
    memories: 3,
    transcript: (index) => `${diary} ${index}`,
    memoryApi: { max_retries: 1 },
    config: { monitoring: { otel: { endpoint: collector.url, headers } } },
  });
  const [source, sink] = [new URL(world.source.url), new URL(world.sink.url)];
  Object.assign(source, {
    username: "harry",
    password: "login-of-the-source",
    search: "?token=in-the-query",
  });
  Object.assign(sink, { username: "sally", password: "login-of-the-sink", pathname: "/" });
  const path = join(world.folder, "config.yaml");
  const config = JSON.parse(readFileSync(path, "utf8"));
  config.memory_api.url = source.href;
  config.lightrag.api.url = sink.href;
  writeFileSync(path, JSON.stringify(config));
  expect(await runCli(["sync"], { cwd: world.folder })).toMatchObject({ code: 0 });

  expect(collector.spans.length).toBeGreaterThan(5);
  const bytes = Buffer.concat(collector.deliveries.map(({ body }) => body)).toString("latin1");
  const secrets = [
    world.source.key,
    "harry",
    "login-of-the-source",
    "in-the-query",
    "sally",
    "login-of-the-sink",
  ];
  for (const secret of [...secrets, "secret-of-the-collector", "diary"]) expect(bytes).not.toContain(secret);
  for (const { headers: sent } of collector.deliveries) {
    expect(sent).toMatchObject({ authorization: "Bearer secret-of-the-collector", "x-tenant": "home" });
    expect(sent).not.toHaveProperty("traceparent");
  }
});

test("without the block nothing of the SDK is loaded and no server hears of a trace, whatever the environment says", async () => {
  const { folder, source, sink } = await startWorld({ memories: 2 });
  const loaded = new LoadedFiles(folder);
  const env = {
    ...loaded.env,
    OTEL_EXPORTER_OTLP_ENDPOINT: nowhere,
    OTEL_SERVICE_NAME: "other",
  };
  const run = async () => {
    loaded.take();
    expect(await ended(startCli(["sync"], folder, env))).toMatchObject({ code: 0 });
    return loaded.take().filter((url) => url.includes("opentelemetry"));
  };
  expect((await run()).filter((url) => !url.includes("/@opentelemetry/api/"))).toEqual([]);
  expect([...source.traceparents, ...sink.traceparents].filter((header) => header !== undefined)).toEqual([]);

  const path = join(folder, "config.yaml");
  const config = JSON.parse(readFileSync(path, "utf8"));
  writeFileSync(path, JSON.stringify({ ...config, monitoring: { otel: { timeout: "50ms" } } }));
  expect((await run()).some((url) => url.includes("/@opentelemetry/sdk-trace/"))).toBe(true);
});
