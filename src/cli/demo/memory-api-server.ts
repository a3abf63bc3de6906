import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type DemoMemory, demoContextId, demoMemories } from "./memories.ts";

export interface DemoMemoryApi {
  /** `http://127.0.0.1:PORT` */
  url: string;
  apiKey: string;
  contextId: string;
  close(): Promise<void>;
}

const apiKey = "demo-key";
const defaultLimit = 10;
const dayMs = 86_400_000;
/** How far back each range of the Memory API reaches. */
const rangeMs: ReadonlyMap<string, number> = new Map([
  ["day", dayMs],
  ["week", 7 * dayMs],
  ["month", 30 * dayMs],
  ["all", Number.POSITIVE_INFINITY],
]);

/**
 * A small Memory API over the demo's memories, on a free port of loopback, as its OpenAPI document describes it. Listings only:
 * the sounds and pictures that the memories speak of do not exist.
 */
export async function startDemoMemoryApi(now: () => number = Date.now): Promise<DemoMemoryApi> {
  const server = createServer((request, response) => respond(request, response, now()));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    apiKey,
    contextId: demoContextId,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function respond(request: IncomingMessage, response: ServerResponse, now: number): void {
  const { status, body } = answerTo(request, now);
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

function answerTo(request: IncomingMessage, now: number): { status: number; body: unknown } {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
  if (request.headers["x-api-key"] !== apiKey) return { status: 401, body: { detail: "wrong API key" } };
  if (request.method !== "GET" || pathname !== `/memory/${demoContextId}`)
    return { status: 404, body: { detail: "not found" } };
  const memories = listed(searchParams, now);
  return { status: 200, body: { memories, count: memories.length } };
}

/** The newest of the range, as many as the limit allows. */
function listed(search: URLSearchParams, now: number): DemoMemory[] {
  const reach = rangeMs.get(search.get("range") ?? "week") ?? 7 * dayMs;
  const limit = Number(search.get("limit") ?? defaultLimit);
  return demoMemories.filter(({ created_at }) => now - Date.parse(created_at) <= reach).slice(0, limit);
}
