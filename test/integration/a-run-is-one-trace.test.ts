import { expect, test } from "vitest";
import { startDirectWorld } from "../support/direct-world.ts";
import { startGeocoderServer } from "../support/geocoder-server.ts";
import { makeApiMemories } from "../support/memory-api-data.ts";
import { startCollector, treeOf } from "../support/otlp-collector.ts";
import type { ReceivedSpan } from "../support/otlp-messages.ts";
import { harbour, startRichWorld } from "../support/rich-world.ts";

const isAttempt = ({ attributes }: ReceivedSpan) => "http.request.method" in attributes;

/** The header that a server sees of an attempt. */
const traceparentOf = ({ traceId, spanId }: ReceivedSpan) => `00-${traceId}-${spanId}-01`;

const nameOf = ({ name, attributes }: ReceivedSpan) =>
  [attributes["memory_connector.service"], name].filter(Boolean).join(" ");

/** Where a span stands, from the root on. */
function pathsOf(spans: readonly ReceivedSpan[]): string[] {
  const walk = (trees: ReturnType<typeof treeOf>, above: string): string[] =>
    trees.flatMap(({ span, parts }) => {
      const path = above === "" ? nameOf(span) : `${above} > ${nameOf(span)}`;
      return [path, ...walk(parts, path)];
    });
  return walk(treeOf(spans), "");
}

async function startTracedWorld() {
  const [collector, geocoder] = await Promise.all([startCollector(), startGeocoderServer()]);
  const service = { provider: "nominatim", url: geocoder.url, contact: "ops@example.org" };
  const config = {
    geocoder: { ...service, requests_per_second: 1000 },
    monitoring: { otel: collector.url },
  };
  return { ...(await startRichWorld({}, { config })), collector, geocoder };
}

test("a run is one trace: its phases, and beneath them each attempt that a server has seen, once", async () => {
  const { collector, geocoder, source, sink, ...world } = await startTracedWorld();
  world.put(harbour);
  source.inject({ kind: "status", status: 503 });
  expect(await world.sync()).toMatchObject({ outcome: "success", counts: { processed: 1 } });

  const { spans } = collector;
  const [root, ...others] = spans.filter(({ parentId }) => parentId === "");
  expect(others).toEqual([]);
  expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([root?.traceId]));
  expect(root).toMatchObject({
    name: "run",
    failed: false,
    attributes: {
      "memory_connector.connector.id": "c",
      "memory_connector.run.id": expect.any(String),
      "memory_connector.run.trigger": "cli",
      "memory_connector.run.outcome": "success",
      "memory_connector.run.memories.processed": 1,
    },
    resource: { "service.name": "memory-connector", "service.version": expect.any(String) },
  });
  const parts = treeOf(spans)[0]?.parts.map(({ span }) => span) ?? [];
  const phases = parts.filter((span) => !isAttempt(span)).map(({ name }) => name);
  expect(phases).toEqual(["connect", "reconcile", "discover", "deliver"]);
  const paths = pathsOf(spans);
  expect(paths).toHaveLength(spans.length);
  for (const path of [
    "run > connect > lightrag GET",
    "run > discover > memory_api GET",
    "run > discover > geocode > geocoder GET",
    "run > deliver > lightrag POST",
    "run > deliver > lightrag GET",
  ])
    expect(paths).toContain(path);

  const seen = [...source.traceparents, ...sink.traceparents, ...geocoder.traceparents];
  expect(spans.filter(isAttempt).map(traceparentOf).toSorted()).toEqual(seen.toSorted());
});

test("an attempt says where it went and what came of it, and which attempt of its call it is", async () => {
  const { collector, source, ...world } = await startTracedWorld();
  world.put(harbour);
  source.inject({ kind: "status", status: 503 }, { kind: "reset" });
  await world.sync();
  const { hostname, port } = new URL(source.url);
  const attempts = collector.spans.filter(
    ({ attributes }) => attributes["memory_connector.service"] === "memory_api",
  );
  const common = {
    "http.request.method": "GET",
    "server.address": hostname,
    "server.port": Number(port),
    "url.full": `${source.url}/memory/CTX`,
    "memory_connector.service": "memory_api",
  };
  expect(attempts.slice(0, 3)).toMatchObject([
    { kind: "client", failed: true },
    { kind: "client", failed: true },
    { kind: "client", failed: false },
  ]);
  expect(attempts.slice(0, 3).map(({ attributes }) => attributes)).toEqual([
    { ...common, "http.response.status_code": 503, "error.type": "503" },
    { ...common, "http.request.resend_count": 1, "error.type": "network" },
    { ...common, "http.request.resend_count": 2, "http.response.status_code": 200 },
  ]);
});

test("a run that fails says so with its code, and so does its phase", async () => {
  const { collector, sink, ...world } = await startTracedWorld();
  world.put(harbour);
  await sink.stop();
  expect(await world.sync()).toMatchObject({ outcome: "failed" });
  const named = (name: string) => collector.spans.find((span) => span.name === name);
  expect(named("run")).toMatchObject({
    failed: true,
    attributes: {
      "memory_connector.run.outcome": "failed",
      "memory_connector.run.error_codes": ["SINK_UNREACHABLE"],
      "error.type": "SINK_UNREACHABLE",
    },
  });
  expect(named("connect")).toMatchObject({ failed: true, attributes: { "error.type": "SINK_UNREACHABLE" } });
});

test("in direct mode the calls of models are spans of the run, with their attempts beneath them", async () => {
  const collector = await startCollector();
  const world = await startDirectWorld();
  world.configure({ monitoring: { otel: collector.url } });
  world.source.put("CTX", ...makeApiMemories(3));
  expect(await world.sync()).toMatchObject({ code: 0 });
  const { spans } = collector;
  const paths = new Set(pathsOf(spans));
  expect(paths).toContain("run > deliver > chat scripted > model POST");
  expect(paths).toContain("run > deliver > embeddings scripted > model POST");
  expect(spans.find(({ name }) => name === "chat scripted")).toMatchObject({
    kind: "client",
    attributes: {
      "gen_ai.operation.name": "chat",
      "gen_ai.request.model": "scripted",
      "gen_ai.usage.input_tokens": 1,
      "gen_ai.usage.output_tokens": 1,
      "server.address": "127.0.0.1",
    },
  });
  const ofModels = spans.filter((span) => nameOf(span) === "model POST");
  expect(ofModels.map(traceparentOf).toSorted()).toEqual(world.model.traceparents.toSorted());
  expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
});

test("a comparison is a trace as well, and the run that repairs is a part of it", async () => {
  const { collector, sink, ...world } = await startTracedWorld();
  world.put(harbour);
  await world.sync();
  sink.lose(sink.documents()[0]?.id ?? "");
  collector.spans.length = 0;
  expect(await world.command("reconcile", "--repair")).toMatchObject({ code: 0 });
  const paths = new Set(pathsOf(collector.spans));
  expect(paths).toContain("reconcile > memory_api GET");
  expect(paths).toContain("reconcile > lightrag GET");
  expect(paths).toContain("reconcile > run > deliver > lightrag POST");
});
