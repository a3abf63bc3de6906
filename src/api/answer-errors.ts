import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import { ConnectorError, toConnectorError } from "../errors/connector-error.ts";
import type { Logger } from "../observe/logs.ts";
import { problemType, RequestInvalidError, toProblem } from "./problem.ts";
import type { RouteDescription } from "./route.ts";

/** Every error leaves as problem details: ours, fastify's, and paths and methods that are not there. */
export function answerErrors(
  server: FastifyInstance,
  routes: readonly RouteDescription[],
  log: Logger,
): void {
  server.setErrorHandler((error, request, reply) =>
    sendProblem(fromFastify(error as FastifyError), request, reply, log),
  );
  server.setNotFoundHandler((request, reply) => {
    const path = request.url.split("?", 1)[0] ?? "/";
    const methods = routes.filter((route) => matches(route.path, path)).map(({ method }) => method);
    if (methods.length === 0) {
      const error = new ConnectorError("API_PATH_UNKNOWN", "there is no such path");
      return sendProblem(error, request, reply, log);
    }
    reply.header("allow", methods.join(", "));
    const error = new ConnectorError("API_METHOD_UNKNOWN", `this path has no ${request.method}`);
    return sendProblem(error, request, reply, log);
  });
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
  return reply
    .code(problem.status)
    .type(problemType)
    .send(Buffer.from(JSON.stringify(problem)));
}

/** Ours for what fastify throws. */
export function fromFastify(error: FastifyError): ConnectorError {
  if (error instanceof ConnectorError) return error;
  if (hasZodFastifySchemaValidationErrors(error)) {
    const problems = error.validation.map(({ instancePath, message }) => ({
      path: `${error.validationContext ?? "request"}${instancePath.replaceAll("/", ".")}`,
      reason: message ?? "is not valid",
      hint: null,
    }));
    return new RequestInvalidError(`the ${error.validationContext ?? "request"} is not valid`, problems);
  }
  if (error.statusCode === 413) return new ConnectorError("API_BODY_TOO_LARGE", "the body is too large");
  if (error.statusCode === 415) return new ConnectorError("API_MEDIA_TYPE", "the body is not JSON");
  if (error.statusCode === 429) return new ConnectorError("API_TOO_MANY_REQUESTS", "too many requests");
  if (error.statusCode !== undefined && error.statusCode < 500) {
    return new ConnectorError("API_REQUEST_INVALID", error.message);
  }
  return toConnectorError(error);
}

function matches(template: string, path: string): boolean {
  const pattern = template.replaceAll(/\{\w+\}/gu, "[^/]+");
  return new RegExp(`^${pattern}/?$`, "u").test(path);
}
