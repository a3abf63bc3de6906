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
  /** These texts stand in the list as they are, JSON or not, before the good item of this index (default 0). */
  | { kind: "raw-items"; items: string[]; at?: number }
  /** An item with a transcript of so many bytes stands before the good ones. */
  | { kind: "large-item"; id: string; bytes: number }
  /** The answer ends behind so many items, properly or with a reset. */
  | { kind: "cut-list"; items: number; how: "end" | "reset" }
  /** The text in another charset, which the Content-Type names as `declared`, or not at all. */
  | { kind: "charset"; charset: "latin1" | "utf-16le" | "utf-16be"; declared: string | null; mark?: boolean }
  /** The right bytes under another content type. */
  | { kind: "content-type"; contentType: string }
  /** Another body under status 200, such as a proxy's error page. */
  | { kind: "body"; body: string; contentType?: string }
  /** The answer leads to another address. */
  | { kind: "redirect"; location: string }
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
    case "cut-list":
      return sendCut(response, answer, fault);
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

/** The answer as a fault of its content leaves it. */
export function changed(answer: PreparedAnswer, fault: MemoryApiFault | undefined): PreparedAnswer {
  switch (fault?.kind) {
    case "cut-json":
      return { ...answer, body: answer.body.subarray(0, Math.ceil(answer.body.length / 2)) };
    case "content-type":
      return { ...answer, contentType: fault.contentType };
    case "raw-items":
      return { ...answer, body: withTexts(answer.body, fault.items, fault.at ?? 0) };
    case "large-item": {
      const item = { id: fault.id, created_at: "2025-01-01T00:00:00Z", transcript: "x".repeat(fault.bytes) };
      return { ...answer, body: withTexts(answer.body, [JSON.stringify(item)], 0) };
    }
    case "charset":
      return inCharset(answer, fault);
    case "redirect":
      return {
        status: 302,
        contentType: "text/plain",
        body: Buffer.alloc(0),
        headers: { location: fault.location },
      };
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

/** The items of a list stand one by one as texts, so that some of them may be no JSON. */
function withTexts(body: Buffer, texts: readonly string[], at: number): Buffer {
  const { memories, ...around } = JSON.parse(body.toString("utf8"));
  const items: string[] = memories.map((item: unknown) => JSON.stringify(item));
  const rest = JSON.stringify({ ...around, count: items.length + texts.length }).slice(1);
  return Buffer.from(`{"memories":[${items.toSpliced(at, 0, ...texts).join(",")}],${rest}`);
}

function inCharset(
  answer: PreparedAnswer,
  fault: Extract<MemoryApiFault, { kind: "charset" }>,
): PreparedAnswer {
  const text = (fault.mark ? "\ufeff" : "") + answer.body.toString("utf8");
  const bytes = Buffer.from(text, fault.charset === "latin1" ? "latin1" : "utf16le");
  const contentType =
    fault.declared === null ? answer.contentType : `${answer.contentType}; charset=${fault.declared}`;
  return { ...answer, contentType, body: fault.charset === "utf-16be" ? bytes.swap16() : bytes };
}

async function sendCut(
  response: ServerResponse,
  { status, contentType, body }: PreparedAnswer,
  { items, how }: Extract<MemoryApiFault, { kind: "cut-list" }>,
): Promise<void> {
  const { memories } = JSON.parse(body.toString("utf8"));
  const whole = memories.slice(0, items).map((item: unknown) => `${JSON.stringify(item)},`);
  response.writeHead(status, { "content-type": contentType });
  await new Promise((resolve) => response.write(`{"memories":[${whole.join("")}{"id":"cu`, resolve));
  if (how === "end") response.end();
  else response.socket?.resetAndDestroy();
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
