import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startCollector } from "../support/otlp-collector.ts";
import { adminKey, eventually, makeWorld, startService } from "../support/service.ts";

const traceId = "0af7651916cd43dd8448eb211c80319c";
const spanId = "b7ad6b7169203331";

async function startTracedService(otel: string, ...args: string[]) {
  const world = await makeWorld(3);
  world.configure(
    [
      "connectors: [{ id: one, context_id: CTX, ingestion: { query_range: all }, schedule: { type: manual } }]",
      `monitoring: { otel: ${otel} }`,
      "logging: { level: DEBUG, format: json, file: ./log.json }",
    ].join("\n"),
  );
  const service = await startService(world.folder, ...args);
  const ask = async (method: string, path: string, headers: Record<string, string> = {}, body = {}) => {
    const response = await fetch(`${service.url("api")}${path}`, {
      method,
      headers: { "x-api-key": adminKey, "content-type": "application/json", ...headers },
      ...(method === "POST" && { body: JSON.stringify(body) }),
    });
    return { status: response.status, text: await response.text() };
  };
  const lines = () =>
    readFileSync(join(world.folder, "log.json"), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { ...world, service, ask, lines };
}

test("a request to the API goes on with its caller's trace; a run that it starts is a trace of its own, and its log lines name it", async () => {
  const collector = await startCollector();
  const { ask, lines, service, lightrag } = await startTracedService(collector.url);
  const traceparent = `00-${traceId}-${spanId}-01`;
  expect((await ask("POST", "/connectors/one/trigger", { traceparent })).status).toBe(202);
  await eventually(
    async () => JSON.parse((await ask("GET", "/connectors/one/status")).text).activeRun === null,
  );
  expect((await ask("GET", "/health")).status).toBe(200);
  expect((await ask("GET", "/connectors/nobody", { traceparent })).status).toBe(404);
  expect(
    (await ask("GET", "/connectors/one", { traceparent: "nonsense", "x-api-key": "wrong" })).status,
  ).toBe(401);
  await service.stop();

  const { spans } = collector;
  const served = spans.filter(({ kind }) => kind === "server");
  expect(served.find(({ name }) => name === "POST /connectors/:id/trigger")).toMatchObject({
    traceId,
    parentId: spanId,
    attributes: { "http.route": "/connectors/:id/trigger", "http.response.status_code": 202 },
  });
  expect(served.filter(({ name }) => name === "GET /connectors/:id")).toMatchObject([
    { traceId, failed: false, attributes: { "http.response.status_code": 404 } },
    { parentId: "", failed: false, attributes: { "http.response.status_code": 401 } },
  ]);
  expect(served.some(({ name }) => name.includes("health"))).toBe(false);
  expect(JSON.stringify(spans.map(({ attributes }) => attributes))).not.toContain("nobody");

  const run = spans.find(({ name }) => name === "run");
  expect(run).toMatchObject({ parentId: "", attributes: { "memory_connector.run.trigger": "api" } });
  expect(run?.traceId).not.toBe(traceId);
  for (const header of lightrag.traceparents) expect(header).toContain(run?.traceId);
  const ofRun = lines().filter(({ run_id, msg }) => run_id !== undefined && msg !== "run handed out");
  const named = ofRun.filter(({ trace_id }) => trace_id === run?.traceId);
  expect(named.map(({ msg }) => msg)).toEqual(expect.arrayContaining(["run started", "phase", "run ended"]));
  const answered = lines().find(
    ({ msg, route }) => msg === "request answered" && route === "/connectors/:id/trigger",
  );
  expect(answered).toMatchObject({ trace_id: traceId });
  const ids = new Set(spans.map((span) => span.spanId));
  const attempts = lines().filter(({ msg, trace_id }) => msg === "request" && trace_id !== undefined);
  expect(attempts.length).toBeGreaterThan(0);
  expect(attempts.filter(({ span_id }) => !ids.has(String(span_id)))).toEqual([]);
});

test("what a request to the API asks of other servers is a part of it, by whatever door, and its words are in no span", async () => {
  const collector = await startCollector();
  const { ask, service, lightrag } = await startTracedService(collector.url);
  const question = "Where is the diary of Zoë?";
  expect((await ask("POST", "/query", {}, { question })).status).toBe(200);
  const call = { name: "ask", arguments: { question } };
  const rpc = { jsonrpc: "2.0", id: 1, method: "tools/call", params: call };
  const accept = { accept: "application/json, text/event-stream" };
  expect((await ask("POST", "/mcp", accept, rpc)).status).toBe(200);
  await service.stop();
  const { spans } = collector;
  for (const name of ["POST /query", "POST /mcp"]) {
    const served = spans.find((span) => span.name === name);
    const asked = spans.filter(({ parentId }) => parentId === served?.spanId);
    expect(asked.map(({ attributes }) => attributes["url.full"]).at(-1)).toBe(`${lightrag.url}/query/data`);
    expect(lightrag.traceparents.some((header) => String(header).includes(`${served?.traceId}`))).toBe(true);
  }
  const bytes = Buffer.concat(collector.deliveries.map(({ body }) => body)).toString("utf8");
  expect(bytes).not.toContain("diary");
});

test("the metrics are those of /metrics, with their names, labels and values", async () => {
  const collector = await startCollector();
  const { ask, service } = await startTracedService(
    `{ endpoint: "${collector.url}", traces: { enabled: false }, metrics: { interval: 1s } }`,
  );
  await ask("POST", "/connectors/one/trigger");
  await eventually(() =>
    collector.metrics.some(
      ({ name, points }) => name === "memory_connector_syncs_total" && points.length > 0,
    ),
  );
  const text = (await ask("GET", "/metrics")).text;
  await service.stop();
  const newest = new Map(collector.metrics.map((metric) => [metric.name, metric]));
  expect(newest.get("memory_connector_syncs_total")).toMatchObject({
    kind: "sum",
    isMonotonic: true,
    points: [{ attributes: { connector_id: "one", status: "success" }, value: 1 }],
    resource: { "service.name": "memory-connector" },
  });
  expect(newest.get("memory_connector_in_flight")).toMatchObject({
    kind: "gauge",
    points: [{ attributes: { connector_id: "one" }, value: 0 }],
  });
  const duration = newest.get("memory_connector_sync_duration_seconds");
  expect(duration?.points).toMatchObject([
    { value: 1, attributes: {}, buckets: { bounds: [1, 5, 15, 60, 300, 900, 3600] } },
  ]);
  expect(duration?.points[0]?.buckets.counts.reduce((sum, count) => sum + count)).toBe(1);
  // Every metric that has a series there has been sent, and no other.
  const inText = new Set(text.matchAll(/^# TYPE (\S+)/gmu).map(([, name]) => name ?? ""));
  const withSeries = [...inText].filter((name) => new RegExp(`^${name}(_bucket)?[{ ]`, "mu").test(text));
  expect(withSeries.filter((name) => !newest.has(name))).toEqual([]);
  expect([...newest.keys()].filter((name) => !inText.has(name))).toEqual([]);
  expect(collector.spans).toEqual([]);
});

test("a collector that goes away is told of once, and once more when it is back; a stop does not wait for it", async () => {
  const collector = await startCollector();
  collector.behaviour = { status: 500 };
  const { service, lines } = await startTracedService(
    `{ endpoint: "${collector.url}", timeout: 1s, metrics: { interval: 1s } }`,
  );
  await eventually(() => collector.deliveries.length >= 4);
  const told = (words: string) => lines().filter(({ msg }) => String(msg).includes(words));
  expect(told("metrics do not reach the collector")).toMatchObject([{ level: "WARNING" }]);
  collector.behaviour = { status: 200 };
  await eventually(() => told("metrics reach the collector").length > 0);
  expect(told("metrics reach the collector")).toMatchObject([{ level: "INFO" }]);
  collector.behaviour = "hang";
  expect(await service.stop()).toMatchObject({ code: 0 });
});

test("a collector that takes traces alone is told of once as well", async () => {
  const collector = await startCollector();
  collector.refuses = "/v1/metrics";
  const { ask, service, lines } = await startTracedService(
    `{ endpoint: "${collector.url}", metrics: { interval: 1s } }`,
  );
  const refused = () => collector.deliveries.filter(({ path }) => path === "/v1/metrics").length;
  for (let seen = 0; seen < 3; seen = refused()) {
    await ask("GET", "/connectors");
    await eventually(() => refused() > seen);
  }
  await service.stop();
  expect(collector.spans.length).toBeGreaterThan(0);
  const told = lines().filter(({ msg }) => String(msg).includes("the collector at"));
  expect(told).toMatchObject([{ msg: expect.stringContaining("metrics do not reach") }]);
});

test("a process that only serves the API sends its traces as well", async () => {
  const collector = await startCollector();
  const { ask, service } = await startTracedService(collector.url, "--api-only");
  await ask("GET", "/connectors");
  onTestFinished(() => void service.child.kill());
  await service.stop();
  expect(collector.spans.map(({ name }) => name)).toContain("GET /connectors");
});
