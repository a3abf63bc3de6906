import { get, type IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import { expect, onTestFinished, test } from "vitest";
import { runRecord } from "../../test/support/run-record.ts";
import { ledgerStatuses } from "../domain/ledger-row.ts";
import { systemClock } from "../kernel/util/clock.ts";
import { EventBus } from "../kernel/util/event-bus.ts";
import type { StatusCounts } from "../state/state-manager.ts";
import type { SyncEvents } from "../sync/events.ts";
import { countRuns } from "./count-events.ts";
import { LedgerGauges } from "./ledger-gauges.ts";
import { Metrics } from "./metrics.ts";
import { type MetricsServerOptions, startMetricsServer } from "./metrics-server.ts";
import { vitalGauges } from "./scrape-gauges.ts";

async function start(given: Partial<MetricsServerOptions> = {}) {
  const where = { host: "127.0.0.1", port: 0, path: "/metrics", allowedHosts: [], maxConnections: 100 };
  const options = { ...where, metrics: new Metrics(), ...given };
  const server = await startMetricsServer(options);
  onTestFinished(() => server.close());
  return server;
}

test("metrics are offered at the configured path, in Prometheus' text format", async () => {
  const metrics = new Metrics();
  metrics.buildInfo.set({ version: "1.2.3" }, 1);
  const { url } = await start({ metrics, path: "/figures" });
  const answer = await fetch(`${url}?name=x`);
  expect(answer.headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
  expect(await answer.text()).toContain('memory_connector_build_info{version="1.2.3"} 1');
});

test("what the parts know of themselves is read at each scrape", async () => {
  const metrics = new Metrics();
  const vitals = { alive: true, running: 2, queued: 5 };
  const logs = { droppedLines: 0 };
  metrics.addSource(vitalGauges({ metrics, scheduler: { vitals: () => vitals }, logs }));
  const { url } = await start({ metrics });
  await fetch(url);
  vitals.running = 1;
  logs.droppedLines = 7;
  const text = await (await fetch(url)).text();
  expect(text).toContain("memory_connector_runs_active 1\n");
  expect(text).toContain("memory_connector_runs_queued 5\n");
  expect(text).toContain("memory_connector_log_lines_dropped_total 7\n");
});

test("a thousand connectors cost what they have to tell, and little of it on the wire", async () => {
  const metrics = new Metrics();
  const ids = Array.from({ length: 1000 }, (_, n) => `connector-${n}`);
  const events = new EventBus<SyncEvents>();
  const rows = Object.fromEntries(ledgerStatuses.map((status) => [status, 0])) as StatusCounts;
  const state = {
    countRows: async () => rows,
    oldestUnfinished: async () => null,
    listRuns: async () => ({ runs: [], next: null }),
  };
  const connectors = () => ids.map((id) => ({ id, contextIds: [id] }));
  metrics.addSource(new LedgerGauges({ metrics, state, clock: systemClock, connectors }, events));
  countRuns(events, metrics);
  const { url } = await start({ metrics });
  const plain = async () => Buffer.byteLength(await metrics.scrape()) / ids.length;
  expect(await plain()).toBeLessThan(80);
  for (const connectorId of ids) {
    events.emit("item:changed", {
      connectorId,
      runId: "r",
      contextId: connectorId,
      memoryId: "m",
      from: "submitted",
      to: "processed",
    });
    events.emit("run:end", { record: runRecord({ connectorId, counts: { new: 1, unchanged: 9 } }) });
  }
  expect(await plain()).toBeLessThan(650);
  const socket = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, { headers: { "accept-encoding": "gzip" } }, resolve).once("error", reject);
  });
  expect(socket.headers["content-encoding"]).toBe("gzip");
  const packed = await buffer(socket);
  expect(packed.length / ids.length).toBeLessThan(60);
  expect(gunzipSync(packed).toString()).toBe(await metrics.scrape());
});

test("a source that fails does not keep the other metrics back", async () => {
  const metrics = new Metrics();
  metrics.addSource({ refresh: () => Promise.reject(new Error("the store is closed")) });
  metrics.runsActive.set(3);
  const { url } = await start({ metrics });
  expect(await (await fetch(url)).text()).toContain("memory_connector_runs_active 3\n");
});

test("there is nothing but the metrics, and they can only be read", async () => {
  const { url } = await start();
  expect((await fetch(new URL("/other", url))).status).toBe(404);
  expect((await fetch(url.replace("/metrics", "//"))).status).toBe(404);
  expect((await fetch(url, { method: "POST" })).status).toBe(405);
});

test("a port that is taken is named", async () => {
  const { url } = await start();
  const port = Number(new URL(url).port);
  await expect(start({ port })).rejects.toMatchObject({
    code: "PORT_UNAVAILABLE",
    subject: `127.0.0.1:${port}`,
  });
});

test("two services in one process have metrics of their own", async () => {
  const [one, other] = [new Metrics(), new Metrics()];
  one.runsActive.set(1);
  expect(await other.scrape()).toContain("memory_connector_runs_active 0\n");
});
