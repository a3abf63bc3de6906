import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Random } from "../../fuzz/support/random.ts";
import type { SourceHistory } from "./source-history.ts";

/** How the source shows its list, and what the connector is told of it. */
export interface Shape {
  paging: "none" | "offset";
  /** Items of a page, or of all that a server without pages ever shows. */
  cap: number;
  total: boolean;
}

export const honest: Shape = { paging: "none", cap: Number.POSITIVE_INFINITY, total: true };

const shapes: readonly Shape[] = [
  honest,
  { ...honest, total: false },
  { paging: "none", cap: 50, total: false },
  { paging: "none", cap: 30, total: true },
  { paging: "offset", cap: 40, total: true },
  { paging: "offset", cap: 25, total: false },
];

type Play = (response: ServerResponse, body: Buffer) => void;

const send = (response: ServerResponse, status: number, type: string, body: Buffer | string) =>
  void response.writeHead(status, { "content-type": type }).end(body);
const json = "application/json; charset=utf-8";

/** What a source does to an answer instead of sending it. */
const faults: Readonly<Record<string, Play>> = {
  reset: (response) => response.socket?.resetAndDestroy(),
  "half and reset": (response, body) => {
    response.writeHead(200, { "content-type": json, "content-length": body.length });
    response.write(body.subarray(0, body.length / 2), () => response.socket?.destroy());
  },
  silent: () => undefined,
  "cut JSON": (response, body) => send(response, 200, json, body.subarray(0, (body.length * 2) / 3)),
  "500": (response) => send(response, 500, json, '{"detail":"no"}'),
  "429": (response) => void response.writeHead(429, { "retry-after": "0" }).end(),
  "206": (response, body) => send(response, 206, json, body),
  html: (response) => send(response, 200, "text/html", "<html>Bad gateway</html>"),
  empty: (response) => send(response, 200, json, '{"memories":[],"count":0}'),
  "not a list": (response) => send(response, 200, json, '{"error":"later"}'),
  "bytes of another charset": (response, body) => send(response, 200, json, inLatin1(body)),
  "UTF-16, and says so": (response, body) =>
    send(response, 200, "application/json; charset=utf-16le", Buffer.from(body.toString("utf8"), "utf16le")),
};

/** The accented letters of the words become bytes that no UTF-8 has. */
function inLatin1(body: Buffer): Buffer {
  const latin = body
    .toString("latin1")
    .replaceAll("\u00c3\u00a9", "\u00e9")
    .replaceAll("\u00c3\u009f", "\u00df");
  return Buffer.from(latin, "latin1");
}

/** The source on a real socket: shows the history's items in a shape that changes, and answers wrongly on request. */
export class WeekSource {
  shape = honest;
  /** Whether it has shown nothing while there was something, since it was last calm. */
  hid = false;
  readonly #history: SourceHistory;
  readonly #random: Random;
  readonly #server = createServer((request, response) => {
    response.on("error", () => undefined);
    this.#answer(new URL(request.url ?? "/", "http://source").searchParams, response);
  });
  #fault: Play | null = null;
  #changes = 0;

  constructor(history: SourceHistory, random: Random) {
    this.#history = history;
    this.#random = random;
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  drawShape(): void {
    this.shape = this.#random.pick(shapes);
  }

  /** Some requests from now on are answered wrongly; the memories may change between two of them. Resolves to what for the trace. */
  drawFault(): string {
    this.#changes = this.#random.chance(0.3) ? 2 : 0;
    if (!this.#random.chance(0.3)) return "";
    const name = this.#random.pick(Object.keys(faults));
    this.#fault = faults[name] ?? null;
    return `source ${name}`;
  }

  calm(): void {
    this.#fault = null;
    this.#changes = 0;
    this.hid = false;
  }

  #answer(query: URLSearchParams, response: ServerResponse): void {
    if (this.#changes > 0) {
      this.#changes -= 1;
      this.#history.change();
    }
    const body = this.#list(query);
    const fault = this.#random.chance(0.5) ? this.#fault : null;
    this.hid ||= fault === faults.empty;
    if (fault === null) send(response, 200, json, body);
    else fault(response, body);
  }

  #list(query: URLSearchParams): Buffer {
    const { paging, cap, total } = this.shape;
    const all = this.#history.listed();
    const size = Math.min(Number(query.get("limit") ?? 10), cap);
    const start = paging === "offset" ? Number(query.get("offset") ?? 0) : 0;
    const items = all.slice(start, start + size).map((item) => item.json);
    const counted = total ? `"total":${all.length}` : `"count":${items.length}`;
    return Buffer.from(`{"memories":[${items.join(",")}],${counted}}`);
  }
}
