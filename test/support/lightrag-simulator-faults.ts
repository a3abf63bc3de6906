import type { ServerResponse } from "node:http";
import type { Answer } from "./lightrag-simulator-intake.ts";

/** Something that goes wrong with requests, a number of times. */
export interface SimulatedFault {
  /** Start of method and path: `POST /documents/text` meets `/texts` as well. */
  route: string;
  /** `reset` breaks the connection, `cut` breaks it in the middle of the answer's body, `hang` never answers. */
  kind: "reset" | "cut" | "hang" | "answer";
  /** Of `answer`. */
  answer?: Answer;
  /** Whether the server does what it is asked before it goes wrong. Default false. */
  acts?: boolean;
  /** Requests of the route that pass before it goes wrong. Default 0. */
  skip?: number;
  /** Only of requests whose body holds one of these texts: poison that only some documents carry. */
  holding?: string | readonly string[];
  /** Only of requests with at least so many documents. */
  documents?: number;
  /** Only every so-manieth of the requests that it could meet. */
  every?: number;
  /** Default 1; `Infinity` never ends. */
  times?: number;
}

/** What a fault may depend on. */
export interface FaultyRequest {
  /** `METHOD /path?query` */
  route: string;
  /** As it came over the wire. */
  body: string;
}

export class SimulatorFaults {
  #faults: SimulatedFault[] = [];
  readonly #met = new WeakMap<SimulatedFault, number>();

  add(fault: SimulatedFault): void {
    this.#faults.push({ ...fault });
  }

  clear(): void {
    this.#faults = [];
  }

  /** The fault that meets this request; counts it. */
  take(request: FaultyRequest): SimulatedFault | undefined {
    if (this.#faults.length === 0) return undefined;
    const fault = this.#faults.find((candidate) => meets(candidate, request));
    if (fault === undefined) return undefined;
    const met = (this.#met.get(fault) ?? 0) + 1;
    this.#met.set(fault, met);
    if (met <= (fault.skip ?? 0) || (met - (fault.skip ?? 0)) % (fault.every ?? 1) !== 0) return undefined;
    fault.times = (fault.times ?? 1) - 1;
    if (fault.times <= 0) this.#faults = this.#faults.filter((candidate) => candidate !== fault);
    return fault;
  }
}

function meets({ route, holding = [], documents = 0 }: SimulatedFault, request: FaultyRequest): boolean {
  const poisons = typeof holding === "string" ? [holding] : holding;
  const isPoisoned = poisons.length === 0 || poisons.some((poison) => request.body.includes(poison));
  return request.route.startsWith(route) && isPoisoned && countOf(request.body) >= documents;
}

function countOf(body: string): number {
  if (!body.startsWith("{")) return 0;
  const { texts } = JSON.parse(body) as { texts?: unknown };
  return Array.isArray(texts) ? texts.length : 1;
}

/** Plays a fault instead of the answer. */
export function playFault(fault: SimulatedFault, answer: Answer, response: ServerResponse): void {
  if (fault.kind === "reset") response.socket?.resetAndDestroy();
  else if (fault.kind === "answer") send(response, fault.answer ?? { status: 500, body: {} });
  else if (fault.kind === "cut") cut(response, answer);
}

function cut(response: ServerResponse, { status, body }: Answer): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { "content-length": Buffer.byteLength(text) });
  response.write(text.slice(0, text.length / 2), () => response.socket?.destroy());
}

export function send(response: ServerResponse, { status, body, headers }: Answer): void {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const type = typeof body === "string" ? "text/html" : "application/json";
  const length = Buffer.byteLength(text);
  response.writeHead(status, { "content-type": type, "content-length": length, ...headers }).end(text);
}
