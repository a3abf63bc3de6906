import type { ServerResponse } from "node:http";
import type { Random } from "../../fuzz/support/random.ts";
import { type FakeAnswer, type FakeRequest, type FakeServer, send as sendAnswer } from "../fake-server.ts";
import type { Broken, Said } from "./source-history.ts";
import type { SourceInput, WeekSetup, WeekSource } from "./week-source.ts";

/** How a server shows its list, and what the connector is told of it. */
export interface ServedShape {
  name: string;
  settings: SourceInput;
  /** Items of its list that it never shows, counted from the first one. */
  cap?: number;
  /** Of the connector's first request. */
  limit?: number;
  /** Tells the server. */
  begin?(): void;
}

/** A server that keeps what the history says. */
export interface Served {
  server: FakeServer;
  /** The first one is honest. */
  shapes: readonly ServedShape[];
  memoryOf: WeekSource["memoryOf"];
  put(said: Said): void;
  spoil(said: Said, random: Random): Broken | null;
  delete(id: string): void;
  /** Ids of the history, in the order of the list. */
  order?(): readonly string[];
  isList(request: FakeRequest): boolean;
  /** An answer as it would be if there were nothing; null for one that is no list. */
  emptied(body: object): object | null;
  /** No key is accepted any more, until what it returns is called. */
  revokeKeys?(): () => void;
}

type Play = (response: ServerResponse, body: Buffer) => void;

const send = (response: ServerResponse, status: number, type: string, body: Buffer | string) =>
  void response.writeHead(status, { "content-type": type }).end(body);
const json = "application/json; charset=utf-8";

/** What becomes of an answer on its way. */
const plays = new Map<string, Play>([
  ["reset", (response) => response.socket?.resetAndDestroy()],
  [
    "half and reset",
    (response, body) => {
      response.writeHead(200, { "content-type": json, "content-length": body.length });
      response.write(body.subarray(0, body.length / 2), () => response.socket?.destroy());
    },
  ],
  ["silent", () => undefined],
  ["cut JSON", (response, body) => send(response, 200, json, body.subarray(0, (body.length * 2) / 3))],
  ["500", (response) => send(response, 500, json, '{"detail":"no"}')],
  ["429", (response) => void response.writeHead(429, { "retry-after": "0" }).end()],
  ["206", (response, body) => send(response, 206, json, body)],
  ["html", (response) => send(response, 200, "text/html", "<html>Bad gateway</html>")],
  ["not a list", (response) => send(response, 200, json, '{"error":"later"}')],
  ["bytes of another charset", (response, body) => send(response, 200, json, inLatin1(body))],
  [
    "UTF-16, and says so",
    (response, body) =>
      send(
        response,
        200,
        "application/json; charset=utf-16le",
        Buffer.from(body.toString("utf8"), "utf16le"),
      ),
  ],
]);

/** The accented letters of the words become bytes that no UTF-8 has. */
export function inLatin1(body: Buffer): Buffer {
  const latin = body
    .toString("latin1")
    .replaceAll("\u00c3\u00a9", "\u00e9")
    .replaceAll("\u00c3\u009f", "\u00df");
  return Buffer.from(latin, "latin1");
}

/** A source with a server on a real socket. */
export class ServedWeek implements WeekSource {
  hid = false;
  readonly memoryOf: WeekSource["memoryOf"];
  readonly #served: Served;
  readonly #setup: WeekSetup;
  #shape: ServedShape;
  #changes = 0;
  #acceptKeys: () => void = () => {};

  constructor(served: Served, setup: WeekSetup) {
    this.#served = served;
    this.#setup = setup;
    this.#shape = firstOf(served.shapes);
    this.memoryOf = served.memoryOf;
    served.server.beforeAnswer = () => this.#changeInTheMiddle();
  }

  get settings(): SourceInput {
    return this.#shape.settings;
  }

  get shape(): string {
    return this.#shape.name;
  }

  get limit(): number {
    return this.#shape.limit ?? 2_000;
  }

  put(said: Said): void {
    this.#served.put(said);
  }

  spoil(said: Said, random: Random): Broken | null {
    return this.#served.spoil(said, random);
  }

  delete(id: string): void {
    this.#served.delete(id);
  }

  unshown(): ReadonlySet<string> {
    const { cap = Number.POSITIVE_INFINITY } = this.#shape;
    return new Set(this.#served.order?.().slice(cap));
  }

  drawShape(): void {
    this.#begin(this.#setup.random.pick(this.#served.shapes));
  }

  beHonest(): void {
    this.#begin(firstOf(this.#served.shapes));
  }

  drawFault(mayHide: boolean): string {
    const { random } = this.#setup;
    this.#changes = random.chance(0.3) ? 2 : 0;
    if (!random.chance(0.3)) return "";
    const name = random.pick([
      ...plays.keys(),
      ...(mayHide ? ["empty"] : []),
      ...(this.#served.revokeKeys === undefined ? [] : ["no key is good"]),
    ]);
    if (name === "no key is good") this.#revokeSoon(random.below(4));
    else
      this.#served.server.faultFor = (request) =>
        random.chance(0.5) ? (response, genuine) => this.#play(name, request, response, genuine) : undefined;
    return `source ${name}`;
  }

  async calm(): Promise<void> {
    this.#served.server.faultFor = () => undefined;
    this.#served.server.beforeAnswer = () => this.#changeInTheMiddle();
    this.#changes = 0;
    this.hid = false;
    this.#acceptKeys();
    this.#acceptKeys = () => {};
  }

  #begin(shape: ServedShape): void {
    this.#shape = shape;
    shape.begin?.();
  }

  #changeInTheMiddle(): void {
    if (this.#changes === 0) return;
    this.#changes -= 1;
    this.#setup.change();
  }

  #revokeSoon(after: number): void {
    let left = after;
    const { server, revokeKeys } = this.#served;
    server.beforeAnswer = () => {
      this.#changeInTheMiddle();
      left -= 1;
      if (left === -1) this.#acceptKeys = revokeKeys?.() ?? this.#acceptKeys;
    };
  }

  #play(name: string, request: FakeRequest, response: ServerResponse, genuine: FakeAnswer): void {
    response.on("error", () => undefined);
    const { body } = genuine;
    const play = plays.get(name);
    const empty = play === undefined ? this.#emptied(request, body) : null;
    if (play !== undefined) play(response, bytesOf(body));
    else if (empty === null) sendAnswer(response, genuine);
    else {
      this.hid = true;
      sendAnswer(response, { ...genuine, body: empty });
    }
  }

  #emptied(request: FakeRequest, body: FakeAnswer["body"]): object | null {
    if (!this.#served.isList(request)) return null;
    const whole = parsed(bytesOf(body).toString());
    return typeof whole === "object" && whole !== null ? this.#served.emptied(whole) : null;
  }
}

/** Null for what is no JSON: a source may write `NaN`. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function bytesOf(body: FakeAnswer["body"]): Buffer {
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
}

function firstOf(shapes: readonly ServedShape[]): ServedShape {
  const [first] = shapes;
  if (first === undefined) throw new Error("a server has at least one shape");
  return first;
}
