import * as z from "zod";
import { ConfigInvalidError } from "../config/report/finding.ts";
import type { ErrorCode } from "../kernel/errors/codes.ts";
import { ConnectorError } from "../kernel/errors/connector-error.ts";
import { InputRuleError } from "../operations/input-rules.ts";

export const problemType = "application/problem+json";

/** The one shape of every error (RFC 9457), with our code and what to do about it. */
export const problemSchema = z
  .strictObject({
    type: z.string().describe("the entry of the error reference: `urn:memory-connector:error:CODE`"),
    title: z.string().describe("what went wrong with this request"),
    status: z.int(),
    code: z.string().describe("stable; branch on it"),
    hint: z.string().describe("what to do about it"),
    subject: z.string().optional(),
    requestId: z.string(),
    problems: z
      .array(z.strictObject({ path: z.string(), reason: z.string(), hint: z.string().nullable() }))
      .optional()
      .describe("every single problem of a body or a query"),
  })
  .meta({ id: "Problem" });
export type Problem = z.infer<typeof problemSchema>;

/** The HTTP status of each code that has a specific one. All others are 502 (failures of source, medium, sink, model or channel) or 500. */
const statuses: Partial<Record<ErrorCode, number>> = {
  API_REQUEST_INVALID: 400,
  RANGE_REVERSED: 400,
  OPTION_INEFFECTIVE: 400,
  STATE_CURSOR_INVALID: 400,
  STATE_ID_INVALID: 400,
  QUESTION_TOO_SHORT: 400,
  PLACE_UNKNOWN: 400,
  API_KEY_REFUSED: 401,
  API_LINK_REFUSED: 401,
  API_SIGNATURE_REFUSED: 401,
  API_ROLE_REFUSED: 403,
  API_ORIGIN_REFUSED: 403,
  API_CSRF_REFUSED: 403,
  API_PATH_UNKNOWN: 404,
  CONNECTOR_UNKNOWN: 404,
  RUN_UNKNOWN: 404,
  MEMORY_UNKNOWN: 404,
  ENTITY_UNKNOWN: 404,
  MEDIA_NOT_FOUND: 404,
  DEAD_LETTER_UNKNOWN: 404,
  API_KEY_UNKNOWN: 404,
  CHANNEL_UNKNOWN: 404,
  API_METHOD_UNKNOWN: 405,
  CONNECTOR_EXISTS: 409,
  CONNECTOR_READ_ONLY: 409,
  CONNECTOR_DISABLED: 409,
  CONNECTOR_TAKES_NO_PUSH: 409,
  CONNECTOR_LOCKED: 409,
  DEAD_LETTER_EMPTY: 409,
  DEAD_LETTERS_EXCEEDED: 409,
  RUN_ACTIVE: 409,
  RUN_NOT_ACTIVE: 409,
  RESTORE_WHILE_SERVING: 409,
  ARCHIVE_EXISTS: 409,
  BACKFILL_NOT_ACTIVE: 409,
  STATE_CONFLICT: 412,
  API_REQUEST_INCOMPLETE: 408,
  API_BODY_TOO_LARGE: 413,
  PUSH_TOO_MANY: 413,
  API_MEDIA_TYPE: 415,
  CONFIG_INVALID: 422,
  SCHEDULE_INVALID: 422,
  PUSH_CONTEXT_UNCLEAR: 422,
  STRATEGY_UNKNOWN: 422,
  TEMPLATE_INVALID: 422,
  API_TOO_MANY_REQUESTS: 429,
  API_HOST_REFUSED: 421,
  API_UPGRADE_REQUIRED: 426,
  API_HEADERS_TOO_LARGE: 431,
  // nginx's status for a client that has disconnected; nobody reads it.
  CANCELLED: 499,
  RUN_NOT_ANSWERING: 503,
  SCHEDULER_ELSEWHERE: 503,
  SCHEDULER_STOPPED: 503,
  STATE_LOCKED: 503,
  STATE_MOVED: 503,
  STATE_DISK_FULL: 503,
  MEDIA_NOT_WRITTEN: 503,
  DIRECT_FOLDER_LOCKED: 503,
};

export function statusOf(code: ErrorCode): number {
  const status = statuses[code];
  if (status !== undefined) return status;
  return /^(SOURCE|SINK|MODEL|CHANNEL|MEDIA)_/u.test(code) ? 502 : 500;
}

/** Messages of internal errors are not disclosed; the request id leads to them in the log. */
export function toProblem(error: ConnectorError, requestId: string): Problem {
  const { code, requestHint: hint, subject } = error;
  const status = statusOf(code);
  return {
    type: `urn:memory-connector:error:${code}`,
    title: code === "INTERNAL" ? "something went wrong inside the service" : error.message,
    status,
    code,
    hint: code === "INTERNAL" ? "look for the request id in the service's log" : hint,
    ...(subject === undefined ? {} : { subject }),
    requestId,
    ...problemsOf(error),
  };
}

function problemsOf(error: ConnectorError): Pick<Problem, "problems"> {
  if (error instanceof InputRuleError)
    return { problems: [{ path: error.subject ?? "", reason: error.message, hint: null }] };
  if (error instanceof RequestInvalidError) return { problems: [...error.problems] };
  if (!(error instanceof ConfigInvalidError)) return {};
  return { problems: error.problems.map(({ path, reason, hint }) => ({ path, reason, hint })) };
}

/** A request whose fields are not what its route asks for: each problem names one. */
export class RequestInvalidError extends ConnectorError {
  readonly problems: NonNullable<Problem["problems"]>;

  constructor(message: string, problems: NonNullable<Problem["problems"]>) {
    super("API_REQUEST_INVALID", message, {
      hint: "compare it with the reference at /docs; `problems` names the fields",
    });
    this.problems = problems;
  }
}
