import type * as z from "zod";
import type { AuditAction } from "../access/audit/audit-action.ts";
import type { AuditChange } from "../access/audit/audit-log.ts";
import type { ErrorCode } from "../kernel/errors/codes.ts";
import type { ConnectorError } from "../kernel/errors/connector-error.ts";
import type { Clock } from "../kernel/util/clock.ts";
import type { HealthReport } from "../observe/health.ts";
import type { Metrics } from "../observe/metrics.ts";
import type { Access, OperationDescription } from "../operations/operation.ts";
import type { ServiceControl } from "../operations/operation-context.ts";
import type { App } from "../runtime/app.ts";
import type { Tickets } from "./access/tickets.ts";

/** What routes work with. */
export interface ApiParts {
  app: App;
  service: ServiceControl;
  health(): Promise<HealthReport>;
  /** False as soon as the service is on its way down. */
  isReady(): boolean;
  metrics: Pick<Metrics, "scrape" | "contentType">;
  /** Stand for keys where a browser opens a stream. */
  tickets: Tickets;
  clock: Clock;
}

export interface RouteRequest<Params, Query, Body> {
  params: Params;
  query: Query;
  body: Body;
  /** The versions that `If-Match` names; null when it was not sent, or is `*`. */
  ifVersion: readonly number[] | null;
  /** The key that the caller showed; null for none. Only of interest where something shall stand for it. */
  key: string | null;
  /** The caller showed a key, or none is asked for. Only of interest on open routes. */
  hasKey: boolean;
  /** Aborts when the caller has gone. */
  signal: AbortSignal;
  /** Writes a change to the audit log, with the caller and its address. Durable when it resolves. */
  record(change: AuditChange): Promise<void>;
}

export interface RouteAnswer<Body> {
  body: Body;
  /** Another status than the route's own; it has to be documented under `otherAnswers`. */
  status?: number;
  headers?: Readonly<Record<string, string>>;
}

/** Where HTTP callers find an operation, and how its input and output stand in requests and answers. */
export interface Endpoint<Output = never> {
  method: "GET" | "POST" | "PUT" | "DELETE";
  /** With parameters in braces, named as the input names them; `{id}` stands for `connectorId`: `/connectors/{id}`. */
  path: string;
  /** Default 200. */
  status?: 200 | 201 | 202;
  /** What of the input stands in the query although the request may have a body. GET and DELETE have all of it there. */
  query?: readonly string[];
  /** Another spelling of a query parameter, by its name in the input. */
  spelling?: Readonly<Record<string, string>>;
  /** The key of the input that is the whole body; otherwise what is left of the input is. */
  bodyKey?: string;
  /** Keys of the input that callers cannot give, such as paths on this machine; they have their defaults. */
  withheld?: readonly string[];
  /** The input takes the versions of `If-Match` as `ifVersions`. */
  takesIfMatch?: true;
  /** The operation writes the file that its input names by `key`; that file is the answer, and callers do not name it. */
  download?: { key: string; mediaType: string; name: string };
  /** Of the answer: where what was made is, its entity tag. */
  headers?: (output: Output) => Readonly<Record<string, string>>;
  /** Only of interest to HTTP callers; goes after the operation's own. */
  details?: string;
}

/** All that is to be known of an endpoint but what it does. The OpenAPI document and the tests of access are made from it. */
export interface RouteDescription<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Answer extends z.ZodType = z.ZodType,
> {
  method: "GET" | "POST" | "PUT" | "DELETE";
  /** With parameters in braces: `/connectors/{id}`. */
  path: string;
  access: Access;
  tag: OperationDescription["tag"];
  /** One line, in the imperative. */
  summary: string;
  details?: string;
  params?: Params;
  query?: Query;
  body?: Body;
  /** Its handler looks at `ifVersion`. */
  takesIfMatch?: true;
  status: 200 | 201 | 202;
  answer: Answer;
  /** Of the answer. Default `application/json`. */
  mediaType?: string;
  /** Other statuses than the route's own with their bodies; problems are documented by `errors`. */
  otherAnswers?: Readonly<Record<number, z.ZodType>>;
  /** Codes that this route answers with, beside those of every route (shape, access, limits). */
  errors: readonly ErrorCode[];
  /** What the audit log calls the changes that it makes. Left out by a route that changes nothing. */
  changes?: readonly AuditAction[];
  /** What it answers to everybody whom it lets in, whatever they send; for a path that is only there to say what to do instead. */
  refusal?: () => ConnectorError;
  /** The use case that it offers, and how; none where it is HTTP's own. */
  offers?: { operation: OperationDescription; endpoint: Endpoint };
}

/** One endpoint: path, schemas, errors, handler. */
export interface Route<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Answer extends z.ZodType = z.ZodType,
> extends RouteDescription<Params, Query, Body, Answer> {
  handle(
    request: RouteRequest<z.output<Params>, z.output<Query>, z.output<Body>>,
    parts: ApiParts,
  ): Promise<RouteAnswer<z.input<Answer>>>;
}

/** Checks one route's types and forgets them, so that routes of all shapes fit into one table. */
export function route<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType>(
  definition: Route<P, Q, B, A>,
): Route {
  return definition as unknown as Route;
}
