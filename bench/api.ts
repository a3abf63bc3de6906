import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import autocannon from "autocannon";
import WebSocket from "ws";
import { adminKey, BuiltService } from "./support/built-service.ts";
import { ChildServer } from "./support/child-server.ts";
import { type Figure, median, percentile } from "./support/figures.ts";
import { comparePace, startRun } from "./support/pace.ts";
import { BenchFolder, connectorId, startNullSink } from "./support/world.ts";

const count = 10_000;
/** Less than a real server needs for a document, so that the run has the pace of a quick one. Milliseconds. */
const answerMs = 5;
const requestsPerSecond = 500;
const readerCount = 1000;
const bareMs = 5000;

const readEndpoints = [
  "/connectors",
  `/connectors/${connectorId}`,
  `/connectors/${connectorId}/status`,
  `/connectors/${connectorId}/history`,
  `/connectors/${connectorId}/schedule`,
  `/connectors/${connectorId}/items?limit=20`,
  `/connectors/${connectorId}/dead-letters`,
  "/runs?limit=20",
  "/health",
  "/health/ready",
];

/** What the management API and its live events cost a run of 10,000 memories, and how quickly it answers meanwhile. */
export async function measureApi(): Promise<Figure[]> {
  return [...(await measureRequests()), await measureReaders()];
}

async function measureRequests(): Promise<Figure[]> {
  const [latencies, bare]: [number[], number[]] = [[], []];
  const pace = await duringRun(async (service) => {
    await pourIntoBareServer(service, bare);
    return comparePace(service, { spellMs: 3000, begin: async () => pourIn(service, latencies) });
  });
  const during = `while ${count} memories are synced`;
  return [
    {
      what: `${requestsPerSecond} requests/s over the read endpoints ${during}: latency, p99, beside a server that does nothing and the same sync`,
      value: percentile(latencies, 0.99) / percentile(bare, 0.99),
      unit: "×",
      target: { below: 1.3 },
      details: {
        p99Ms: percentile(latencies, 0.99),
        medianMs: median(latencies),
        maxMs: Math.max(...latencies),
        requests: latencies.length,
        bareServer: { medianMs: median(bare), p99Ms: percentile(bare, 0.99) },
      },
    },
    {
      what: `those requests: fall of the sync's pace`,
      value: pace.fall,
      unit: "%",
      target: { below: 10 },
      details: { ...pace },
    },
  ];
}

async function measureReaders(): Promise<Figure> {
  let eventsHeard = 0;
  const heard = () => {
    eventsHeard += 1;
  };
  const pace = await duringRun((service) =>
    comparePace(service, { spellMs: 5000, begin: () => listen(service, heard) }),
  );
  return {
    what: `${readerCount} WebSocket readers while ${count} memories are synced: fall of the sync's pace`,
    value: pace.fall,
    unit: "%",
    target: { below: 10 },
    details: { ...pace, eventsHeard },
  };
}

async function duringRun<Result>(work: (service: BuiltService) => Promise<Result>): Promise<Result> {
  using folder = new BenchFolder();
  await using source = await folder.startSource(count);
  await using sink = await startNullSink({ generation: "1.5", answerMs });
  folder.writeConfig({ source, sink, count }, { api: { api_key: adminKey } });
  await using service = await BuiltService.start(folder.path);
  await startRun(service);
  return await work(service);
}

async function pourIntoBareServer(service: BuiltService, latencies: number[]): Promise<void> {
  await using bare = await ChildServer.start("run-bare-server.ts", []);
  const stop = pourIn({ url: bare.url, headers: service.headers }, latencies);
  await delay(bareMs);
  await stop();
}

/** Requests at a steady rate; each latency is noted, and each has to be answered well. Returns the way to stop. */
function pourIn(
  { url, headers }: Pick<BuiltService, "url" | "headers">,
  latencies: number[],
): () => Promise<void> {
  const load = autocannon({
    url,
    connections: 10,
    overallRate: requestsPerSecond,
    // Until it is stopped.
    duration: 3600,
    headers,
    requests: readEndpoints.map((path) => ({ path })),
  });
  load.on("response", (_client, _status, _bytes, responseTimeMs) => latencies.push(responseTimeMs));
  return async () => {
    load.stop();
    const { errors, non2xx } = await load;
    if (errors + non2xx > 0) throw new Error(`${errors + non2xx} requests were not answered well`);
  };
}

/** Opens the connections of all readers. Returns the way to close them. */
async function listen(service: BuiltService, heard: () => void): Promise<() => Promise<void>> {
  const sockets = await Promise.all(Array.from({ length: readerCount }, () => openReader(service, heard)));
  return async () => {
    for (const socket of sockets) socket.terminate();
  };
}

async function openReader(service: BuiltService, heard: () => void): Promise<WebSocket> {
  const socket = new WebSocket(`${service.url.replace("http", "ws")}/events`, { headers: service.headers });
  socket.on("message", heard);
  await once(socket, "open");
  return socket;
}
