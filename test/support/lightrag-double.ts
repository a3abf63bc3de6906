import type { JsonAnswer } from "../../src/kernel/http/http-client.ts";
import { HttpError } from "../../src/kernel/http/http-error.ts";
import type { HttpRequest } from "../../src/kernel/http/http-request.ts";
import type { ServerGeneration } from "../../src/sinks/lightrag/light-rag-client.ts";
import { LightRagApiClient } from "../../src/sinks/lightrag/server/light-rag-api-client.ts";
import type { LightRagApiOptions } from "../../src/sinks/lightrag/server/options.ts";
import type { JsonHttp } from "../../src/sinks/lightrag/server/session.ts";
import { SimulatorAuth } from "./lightrag-simulator-auth.ts";
import { type SimulatedFault, SimulatorFaults } from "./lightrag-simulator-faults.ts";
import { type Answer, refused, SimulatorIntake } from "./lightrag-simulator-intake.ts";
import { type SimulatedServerOptions, withDefaults } from "./lightrag-simulator-options.ts";
import { SimulatorPipeline } from "./lightrag-simulator-pipeline.ts";
import { guardedRoutes, openRoutes, type SimulatedServer, trackStatus } from "./lightrag-simulator-routes.ts";
import { type SimulatedRow, SimulatorStore } from "./lightrag-simulator-store.ts";
import { SharedTime } from "./shared-time.ts";

const url = "http://lightrag.test:9621";

/** The simulated server behind a call instead of a socket, in a time that passes only while its client sleeps. */
export class LightRagDouble implements JsonHttp {
  readonly time = new SharedTime();
  readonly server: SimulatedServer;
  /** Every request that came, oldest first. */
  readonly sent: (HttpRequest & { route: string })[] = [];
  /** Answers that replace those of the server, by `METHOD /path`. */
  readonly answers = new Map<string, Answer>();
  closed = false;
  readonly #faults = new SimulatorFaults();

  constructor(given: Partial<SimulatedServerOptions> & { generation: ServerGeneration }) {
    const options = withDefaults({ wait: this.time.wait, ...given });
    const store = new SimulatorStore();
    this.server = {
      options,
      store,
      auth: new SimulatorAuth(options),
      intake: new SimulatorIntake(store, options.generation),
      pipeline: new SimulatorPipeline(store, options),
      enqueuing: 0,
      questions: [],
      fence: null,
    };
  }

  fail(fault: SimulatedFault): void {
    this.#faults.add(fault);
  }

  rows(): SimulatedRow[] {
    return this.server.store.newestLast();
  }

  names(): string[] {
    return this.rows().map(({ file_path }) => file_path);
  }

  /** Requests to a route, oldest first. */
  requests(route: string): HttpRequest[] {
    return this.sent.filter((each) => each.route === route);
  }

  async json(request: HttpRequest, signal: AbortSignal): Promise<JsonAnswer> {
    signal.throwIfAborted();
    const route = `${request.method} /${request.path.join("/")}`;
    this.sent.push({ ...request, route });
    await this.time.pass(0);
    const body = JSON.stringify(request.json ?? request.form ?? {});
    const fault = this.#faults.take({ route, body });
    const answer =
      fault === undefined || fault.acts === true ? this.#answer(route, request, body) : refused(500, "");
    await this.time.pass(0);
    if (fault === undefined) return read(request, answer);
    if (fault.kind === "answer") return read(request, fault.answer ?? answer);
    if (fault.kind === "hang") throw broken(request, "timeout", "did not finish within 60000 ms");
    throw broken(request, "network", "the connection broke (ECONNRESET)");
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  #answer(route: string, { path, headers = {} }: HttpRequest, text: string): Answer {
    const replaced = this.answers.get(route);
    if (replaced !== undefined) return replaced;
    const body = JSON.parse(text) as Record<string, unknown>;
    const open = openRoutes[route];
    if (open !== undefined) return open(this.server, { headers, body });
    const refusal = this.server.auth.refusal(headers);
    if (refusal !== null) return refused(refusal.status, refusal.detail, refusal.headers);
    if (path[1] === "track_status") return trackStatus(this.server, path[2] ?? "");
    return guardedRoutes[route]?.(this.server, { headers, body }) ?? refused(404, "Not Found");
  }
}

/** A client of a double, connected. */
export async function connectedDouble(
  server: Partial<SimulatedServerOptions> & { generation: ServerGeneration },
  options: Partial<LightRagApiOptions> = {},
) {
  const double = new LightRagDouble(server);
  const client = clientOf(double, options);
  const info = await client.connect(new AbortController().signal);
  double.sent.length = 0;
  return { double, client, info };
}

export function clientOf(
  double: LightRagDouble,
  options: Partial<LightRagApiOptions> = {},
): LightRagApiClient {
  return new LightRagApiClient({ url, clock: double.time, ...options }, double);
}

function read(request: HttpRequest, { status, body, headers = {} }: Answer): JsonAnswer {
  const accepts = request.accept ?? ((each: number) => each >= 200 && each <= 299);
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const after = headers["retry-after"];
  const details = {
    status,
    bodyExcerpt: text.slice(0, 500),
    retryAfterMs: after === undefined ? undefined : Number(after) * 1000,
  };
  if (status >= 300 && status <= 399) throw broken(request, "redirect", "redirects elsewhere", details);
  if (!accepts(status)) throw broken(request, "status", `answered ${status}`, details);
  if (typeof body === "string") throw broken(request, "not-json", "gave an answer that is not JSON", details);
  return { status, headers, body: JSON.parse(text) };
}

function broken(
  { method, path }: HttpRequest,
  failure: ConstructorParameters<typeof HttpError>[0],
  what: string,
  details: { status?: number; bodyExcerpt?: string; retryAfterMs?: number | undefined } = {},
): HttpError {
  return new HttpError(failure, what, { method, url: `${url}/${path.join("/")}`, ...details });
}
