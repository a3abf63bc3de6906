import type { z } from "zod";
import { ConnectorError } from "../../../kernel/errors/connector-error.ts";
import { headerText } from "../../../kernel/http/exchange.ts";
import type { HttpClient, JsonAnswer } from "../../../kernel/http/http-client.ts";
import { HttpError } from "../../../kernel/http/http-error.ts";
import type { HttpRequest } from "../../../kernel/http/http-request.ts";
import type { Credentials } from "./credentials.ts";
import { toSinkError } from "./errors.ts";

/** The part of the HTTP client that LightRAG's API needs. */
export type JsonHttp = Pick<HttpClient, "json" | "close">;

/** Authenticated calls to one LightRAG server. */
export class Session {
  readonly #http: JsonHttp;
  readonly #credentials: Credentials;

  constructor(http: JsonHttp, credentials: Credentials) {
    this.#http = http;
    this.#credentials = credentials;
  }

  /** Sends a request and parses the answer. Throws errors of the port. */
  async read<T>(request: HttpRequest, shape: z.ZodType<T>, signal: AbortSignal): Promise<T> {
    try {
      return readAs(shape, await this.send(request, signal), request);
    } catch (error) {
      throw toSinkError(error);
    }
  }

  /** Sends a request; a 401 is retried once when there are fresh credentials. Throws `HttpError`. */
  async send(request: HttpRequest, signal: AbortSignal): Promise<JsonAnswer> {
    const auth = await this.#credentials.headers(signal);
    try {
      return await this.#sendWith(auth, request, signal);
    } catch (error) {
      if (!(error instanceof HttpError && error.status === 401)) throw error;
      if (!(await this.#credentials.renew(auth, signal))) throw error;
      return await this.#sendWith(await this.#credentials.headers(signal), request, signal);
    }
  }

  async #sendWith(
    auth: Readonly<Record<string, string>>,
    request: HttpRequest,
    signal: AbortSignal,
  ): Promise<JsonAnswer> {
    const headers = { ...request.headers, ...auth };
    // Started work outlives the restart of a server.
    const answer = await this.#http.json({ whenOpen: "wait", ...request, headers }, signal);
    const fresh = headerText(answer.headers, "x-new-token");
    if (fresh !== undefined) this.#credentials.adopt(fresh);
    return answer;
  }
}

/** Parses the body; one that does not match does not come from a supported LightRAG. */
export function readAs<T>(shape: z.ZodType<T>, answer: JsonAnswer, request: HttpRequest): T {
  const parsed = shape.safeParse(answer.body);
  if (parsed.success) return parsed.data;
  const path = `/${request.path.join("/")}`;
  const where = parsed.error.issues[0]?.path.join(".") ?? "";
  throw new ConnectorError("SINK_BAD_ANSWER", `${path} gave an answer without a proper "${where}"`, {
    subject: path,
    cause: parsed.error,
  });
}
