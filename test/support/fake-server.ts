import type { ServerResponse } from "node:http";
import { startHttpServer } from "./http-server.ts";

export interface FakeRequest {
  method: string;
  url: URL;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Requests before this one. */
  number: number;
}

export interface FakeAnswer {
  status: number;
  /** An object is sent as JSON. */
  body: string | Buffer | object;
  headers?: Record<string, string>;
}

/** Instead of the answer: another one, or what is done with the connection. */
export type Fault = FakeAnswer | ((response: ServerResponse, genuine: FakeAnswer) => void);

/** A server whose answers are computed from its state, and which misbehaves where a test says so. Ends with the test. */
export class FakeServer {
  readonly requests: FakeRequest[] = [];
  /** Called before each answer: the place to change the server's state in the middle of a walk. */
  beforeAnswer: (request: FakeRequest) => void = () => {};
  /** What goes wrong with an answer. */
  faultFor: (request: FakeRequest) => Fault | undefined = () => undefined;

  /** Resolves to the server's address. */
  async serve(answer: (request: FakeRequest) => FakeAnswer): Promise<string> {
    const { url } = await startHttpServer((incoming, response) => {
      const request: FakeRequest = {
        method: incoming.method ?? "GET",
        url: new URL(incoming.url ?? "/", "http://fake"),
        headers: incoming.headers,
        number: this.requests.length,
      };
      this.requests.push(request);
      incoming.resume();
      this.beforeAnswer(request);
      const genuine = answer(request);
      const fault = this.faultFor(request);
      if (typeof fault === "function") fault(response, genuine);
      else send(response, fault ?? genuine);
    });
    return url;
  }
}

/** Sends an answer as it is. */
export function send(response: ServerResponse, { status, body, headers = {} }: FakeAnswer): void {
  const isJson = typeof body === "object" && !Buffer.isBuffer(body);
  const bytes = isJson ? JSON.stringify(body) : body;
  response.writeHead(status, { "content-type": isJson ? "application/json" : "text/plain", ...headers });
  response.end(bytes);
}
