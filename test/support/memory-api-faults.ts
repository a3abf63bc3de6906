import type { ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";

/** What the simulator does to one request instead of answering it properly. */
export type MemoryApiFault =
  /** The connection is reset before any answer. */
  | { kind: "reset" }
  /** Half of the body comes, then a reset. */
  | { kind: "reset-in-body" }
  /** Half-open: the request is taken and nothing ever comes, not even headers. */
  | { kind: "silent" }
  /** Headers and half of the body come, then nothing. */
  | { kind: "hang-in-body" }
  /** An error status, with `Retry-After` as seconds or as an HTTP date when asked for. */
  | { kind: "status"; status: number; retryAfterSeconds?: number; retryAfterForm?: "seconds" | "date" }
  /** A well-formed HTTP answer whose JSON ends in the middle. */
  | { kind: "cut-json" }
  /** These items stand before the good ones. */
  | { kind: "malformed-items"; items: unknown[] }
  /** The right bytes under another content type. */
  | { kind: "content-type"; contentType: string }
  /** Another body under status 200, such as a proxy's error page. */
  | { kind: "body"; body: string; contentType?: string }
  /** The right bytes without a Content-Length, chunked. */
  | { kind: "no-length" }
  /** The right bytes, in this many pieces with this pause between them. */
  | { kind: "drip"; pieces: number; pauseMs: number };

/** A good answer, before a fault touches it. */
export interface PreparedAnswer {
  status: number;
  contentType: string;
  body: Buffer;
  headers?: Record<string, string>;
}

/** Sends the answer as the fault wants it; without a fault as it is. */
export async function sendWithFault(
  response: ServerResponse,
  answer: PreparedAnswer,
  fault: MemoryApiFault | undefined,
): Promise<void> {
  response.on("error", () => {});
  switch (fault?.kind) {
    case "reset":
      response.socket?.resetAndDestroy();
      return;
    case "silent":
      return;
    case "reset-in-body":
      await sendHalf(response, answer);
      response.socket?.resetAndDestroy();
      return;
    case "hang-in-body":
      return sendHalf(response, answer);
    case "no-length":
      response.writeHead(answer.status, { "content-type": answer.contentType }).write(answer.body);
      response.end();
      return;
    case "status":
      return sendStatus(response, fault);
    case "drip":
      return sendSlowly(response, answer, fault);
    default:
      return send(response, changed(answer, fault));
  }
}

function changed(answer: PreparedAnswer, fault: MemoryApiFault | undefined): PreparedAnswer {
  switch (fault?.kind) {
    case "cut-json":
      return { ...answer, body: answer.body.subarray(0, Math.ceil(answer.body.length / 2)) };
    case "content-type":
      return { ...answer, contentType: fault.contentType };
    case "body":
      return { status: 200, contentType: fault.contentType ?? "text/html", body: Buffer.from(fault.body) };
    case "malformed-items": {
      const list = JSON.parse(answer.body.toString("utf8"));
      return {
        ...answer,
        body: Buffer.from(JSON.stringify({ ...list, memories: [...fault.items, ...list.memories] })),
      };
    }
    default:
      return answer;
  }
}

function send(response: ServerResponse, { status, contentType, body, headers }: PreparedAnswer): void {
  response
    .writeHead(status, { ...headers, "content-type": contentType, "content-length": body.length })
    .end(body);
}

async function sendHalf(
  response: ServerResponse,
  { status, contentType, body }: PreparedAnswer,
): Promise<void> {
  response.writeHead(status, { "content-type": contentType, "content-length": body.length });
  await new Promise((resolve) => response.write(body.subarray(0, Math.floor(body.length / 2)), resolve));
}

async function sendSlowly(
  response: ServerResponse,
  { status, contentType, body }: PreparedAnswer,
  { pieces, pauseMs }: { pieces: number; pauseMs: number },
): Promise<void> {
  response.writeHead(status, { "content-type": contentType, "content-length": body.length });
  const size = Math.ceil(body.length / pieces);
  for (let from = 0; from < body.length && !response.destroyed; from += size) {
    response.write(body.subarray(from, from + size));
    await delay(pauseMs);
  }
  response.end();
}

function sendStatus(response: ServerResponse, fault: Extract<MemoryApiFault, { kind: "status" }>): void {
  const { status, retryAfterSeconds, retryAfterForm } = fault;
  if (retryAfterSeconds !== undefined) {
    const date = new Date(Date.now() + retryAfterSeconds * 1000).toUTCString();
    response.setHeader("retry-after", retryAfterForm === "date" ? date : String(retryAfterSeconds));
  }
  response
    .writeHead(status, { "content-type": "application/json" })
    .end(JSON.stringify({ detail: `fault ${status}` }));
}
