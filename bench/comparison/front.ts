import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** Stands before LightRAG: counts requests, and can lose an answer on its way back. */
export class Front {
  /** Requests that came. */
  requests = 0;
  #loses = false;
  readonly #behind: string;
  readonly #server = createServer((request, response) => {
    this.#pass(request, response).catch(() => response.destroy());
  });

  private constructor(behind: string) {
    this.#behind = behind;
  }

  static async start(behind: string): Promise<Front> {
    const front = new Front(behind);
    await new Promise<void>((resolve) => front.#server.listen(0, "127.0.0.1", resolve));
    return front;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** LightRAG takes the next documents (or the next order to scan for some), and what it answers is lost. */
  loseNextAnswer(): void {
    this.#loses = true;
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "GET", url = "/", headers } = request;
    this.requests += 1;
    const body = await buffer(request);
    const type = headers["content-type"];
    const answer = await fetch(`${this.#behind}${url}`, {
      method,
      headers: type === undefined ? {} : { "content-type": type },
      ...(body.length === 0 ? {} : { body: new Uint8Array(body) }),
    });
    const bytes = Buffer.from(await answer.arrayBuffer());
    if (this.#loses && method === "POST" && /^\/documents\/(texts?|scan)$/u.test(url)) {
      this.#loses = false;
      response.destroy();
      return;
    }
    response
      .writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "application/json" })
      .end(bytes);
  }
}
