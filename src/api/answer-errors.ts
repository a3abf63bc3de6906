import { randomUUID } from "node:crypto";
import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { ErrorCode } from "../kernel/errors/codes.ts";
import { ConnectorError, toConnectorError } from "../kernel/errors/connector-error.ts";
import type { Logger } from "../observe/logs.ts";
import { InputError, requestInvalid } from "./input-validator.ts";
import { eventStream } from "./live/event-stream.ts";
import { problemType, toProblem } from "./problem.ts";
import type { RouteDescription } from "./route.ts";

/** Callers from a foreign host or origin must not learn which paths exist. */
const concernsCaller = new Set<ErrorCode>(["API_HOST_REFUSED", "API_ORIGIN_REFUSED"]);

/** Answers every error as problem details: ours, fastify's, and unknown paths and methods. */
export function answerErrors(
  server: FastifyInstance,
  routes: readonly RouteDescription[],
  log: Logger,
): void {
  const notFound = async (request: FastifyRequest, reply: FastifyReply) => {
    await drainBefore(request, reply);
    const path = request.url.split("?", 1)[0] ?? "/";
    const methods = routes.filter((route) => matches(route.path, path)).flatMap(methodsOf);
    if (methods.length === 0) {
      const error = new ConnectorError("API_PATH_UNKNOWN", "there is no such path");
      return sendProblem(error, request, reply, log);
    }
    reply.header("allow", methods.join(", "));
    const error = new ConnectorError("API_METHOD_UNKNOWN", `this path has no ${request.method}`);
    return sendProblem(error, request, reply, log);
  };
  server.setNotFoundHandler(notFound);
  server.setErrorHandler(async (thrown, request, reply) => {
    const error = fromFastify(thrown as FastifyError);
    await drainBefore(request, reply);
    // Without a route, what is wrong with the body does not matter.
    return request.is404 && !concernsCaller.has(error.code)
      ? notFound(request, reply)
      : sendProblem(error, request, reply, log);
  });
}

/** Answers input that Node cannot parse as HTTP. There is no request object, so the answer is written by hand. */
export function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (socket.destroyed || !socket.writable) return;
  const problem = toProblem(errorOf(error), randomUUID());
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    `content-type: ${problemType}`,
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}

function errorOf({ code }: NodeJS.ErrnoException): ConnectorError {
  if (code === "HPE_HEADER_OVERFLOW") {
    return new ConnectorError("API_HEADERS_TOO_LARGE", "the path and the headers are too large");
  }
  return code === "ERR_HTTP_REQUEST_TIMEOUT"
    ? new ConnectorError("API_REQUEST_INCOMPLETE", "the request did not come to its end in time")
    : new ConnectorError("API_REQUEST_INVALID", "this is not an HTTP request");
}

export function sendProblem(
  error: ConnectorError,
  request: FastifyRequest,
  reply: FastifyReply,
  log: Logger,
): FastifyReply {
  const problem = toProblem(error, request.id);
  if (problem.status >= 500) {
    const cause = error.cause instanceof Error ? error.cause.message : undefined;
    log.error({ request_id: request.id, code: error.code, error: error.message, cause }, "request failed");
  }
  return (
    reply
      .code(problem.status)
      // The rest of a body is read and dropped. If the connection were closed during the upload, a proxy would never read this
      // answer.
      .removeHeader("connection")
      .type(problemType)
      .send(Buffer.from(JSON.stringify(problem)))
  );
}

/** Maps fastify's errors to ours. */
export function fromFastify(error: FastifyError): ConnectorError {
  if (error instanceof ConnectorError) return error;
  if (error instanceof InputError) return requestInvalid(error);
  if (error.statusCode === 413) return new ConnectorError("API_BODY_TOO_LARGE", "the body is too large");
  if (error.statusCode === 415) return new ConnectorError("API_MEDIA_TYPE", "the body is not JSON");
  if (error.statusCode === 429) return new ConnectorError("API_TOO_MANY_REQUESTS", "too many requests");
  if (error.statusCode !== undefined && error.statusCode < 500) {
    return new ConnectorError("API_REQUEST_INVALID", error.message);
  }
  return toConnectorError(error);
}

/** The server answers HEAD wherever it answers GET, except for streams. */
function methodsOf({ method, mediaType }: RouteDescription): string[] {
  return method === "GET" && mediaType !== eventStream ? ["GET", "HEAD"] : [method];
}

function matches(template: string, path: string): boolean {
  const pattern = template.replaceAll(/\{\w+\}/gu, "[^/]+");
  return new RegExp(`^${pattern}/?$`, "u").test(path);
}

/**
 * Limits for draining a refused body; a client that sends more, or more slowly, may find the connection closed instead of an answer.
 */
const mostBytes = 16 * 1024 * 1024;
const longestMs = 5_000;

/**
 * Reads the rest of a refused body before the answer when the connection ends with it: closing during an upload resets the
 * connection, and a proxy would answer 502 instead. Kept-alive connections are drained by Node.
 */
async function drainBefore({ raw }: FastifyRequest, reply: FastifyReply): Promise<void> {
  if (raw.complete || raw.destroyed || reply.raw.shouldKeepAlive) return;
  await new Promise<void>((resolve) => {
    let bytes = 0;
    const timer = setTimeout(resolve, longestMs);
    raw.on("data", (part: Buffer) => {
      bytes += part.length;
      if (bytes > mostBytes) resolve();
    });
    for (const end of ["end", "close", "error"]) raw.once(end, () => resolve());
    raw.once("close", () => clearTimeout(timer));
    raw.resume();
  });
}
