import type * as z from "zod";
import type { AuditAction } from "../access/audit/audit-action.ts";
import type { AuditChange } from "../access/audit/audit-log.ts";
import type { ConnectorConfig } from "../config/config.ts";
import type { ErrorCode } from "../kernel/errors/codes.ts";
import type { ConnectorError } from "../kernel/errors/connector-error.ts";
import type { SignedMessage } from "../kernel/inbound/signed-message.ts";
import type { RootTracer } from "../kernel/tracing/span.ts";
import type { Clock } from "../kernel/util/clock.ts";
import type { HealthReport } from "../observe/health.ts";
import type { Metrics } from "../observe/metrics.ts";
import type { Access, OperationDescription } from "../operations/operation.ts";
import type { ServiceControl } from "../operations/operation-context.ts";
import type { App } from "../runtime/app.ts";
import type { SignInProof, WhoAmI, WithCookie } from "./access/browser-sessions.ts";
import type { Credential } from "./access/credentials.ts";
import type { SeenMessages } from "./access/seen-messages.ts";
import type { Tickets } from "./access/tickets.ts";

/** The dependencies of routes. */
export interface ApiParts {
  app: App;
  service: ServiceControl;
  health(): Promise<HealthReport>;
  /** False as soon as the service is shutting down. */
  isReady(): boolean;
  metrics: Pick<Metrics, "scrape" | "contentType">;
  /** Null where no traces are sent. */
  tracer(): RootTracer | null;
  /** Replace keys where a browser opens a stream. */
  tickets: Tickets;
  /** The signed messages that have come, while they could come again. */
  messages: SeenMessages;
  /** Stand for the service's own key, for the person who has started it. */
  signInLinks: Tickets;
  clock: Clock;
}

export interface RouteRequest<Params, Query, Body> {
  params: Params;
  query: Query;
  body: Body;
  /** The versions that `If-Match` names; null when it was not sent, or is `*`. */
  ifVersion: readonly number[] | null;
  /** The header `Range`. Needed only for files. */
  range: string | undefined;
  /** The caller's own; null for none. Needed only to issue a ticket for it. */
  credential: Credential | null;
  /** The message that was signed instead of showing a key; null for none. */
  message: SignedMessage | null;
  /** The caller sent a valid key, or none is required. Needed only on open routes. */
  hasKey: boolean;
  /** Its session, where it is a browser. Needed only to sign in and out. */
  browser: {
    signIn(proof: SignInProof): Promise<WithCookie<WhoAmI>>;
    whoIs(): Promise<WhoAmI>;
    signOut(): Promise<WithCookie<boolean>>;
  };
  /** Aborts when the caller disconnects. */
  signal: AbortSignal;
  /** Writes a change to the audit log, with the caller and its address. Durable when it resolves. */
  record(change: AuditChange): Promise<void>;
}

export interface RouteAnswer<Body> {
  body: Body;
  /** Overrides the route's status; it has to be documented under `otherAnswers`. */
  status?: number;
  headers?: Readonly<Record<string, string>>;
}

/** Which secrets of a connector a route takes instead of a key. */
export interface SharedSecrets {
  of(connector: ConnectorConfig): { signing: string | null; url: string | null };
  /** Whether a signature that says no time counts: see `SignatureRules`. */
  takesUndated: boolean;
}

/** The HTTP binding of an operation: path, and the mapping of input and output to requests and answers. */
export interface Endpoint<Output = never> {
  method: "GET" | "POST" | "PUT" | "DELETE";
  /** With parameters in braces, named as in the input; `{id}` means `connectorId`: `/connectors/{id}`. */
  path: string;
  /** Default 200. */
  status?: 200 | 201 | 202;
  /** Keys of the input that are in the query although the request may have a body. For GET and DELETE all are. */
  query?: readonly string[];
  /** Alternative name of a query parameter, by its name in the input. */
  spelling?: Readonly<Record<string, string>>;
  /** The key of the input that is the whole body; by default the body has all remaining keys. */
  bodyKey?: string;
  /** Keys of the input that callers cannot set, such as paths on this machine; they have their defaults. */
  withheld?: readonly string[];
  /** The input takes the versions of `If-Match` as `ifVersions`. */
  takesIfMatch?: true;
  /** The operation writes the file that its input names by `key`; that file is the answer, and callers cannot choose its path. */
  download?: {
    key: string;
    /** In the documentation; in the answer unless `shown` says better. */
    mediaType: string;
    name: string;
    /** For a file that a browser may show or play: what it is. It is given in ranges, too. */
    shown?: (output: Output) => { mediaType: string; name: string };
  };
  /** Callers without a key may show that they share a secret of the connector `{id}`. */
  shared?: SharedSecrets;
  /** Default 256 KiB. */
  bodyLimit?: number;
  /** The status of an answer that says that nothing of what was asked for was done. */
  refused?: { status: 422; when: (output: Output) => boolean };
  /** Headers of the answer: location of the created resource, entity tag. */
  headers?: (output: Output) => Readonly<Record<string, string>>;
  /** For HTTP callers only; appended to the operation's own. */
  details?: string;
}

/** The description of an endpoint, without its handler. The OpenAPI document and the access tests are generated from it. */
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
  /** Its handler uses `ifVersion`. */
  takesIfMatch?: true;
  status: 200 | 201 | 202;
  answer: Answer;
  /** Media type of the answer. Default `application/json`. */
  mediaType?: string;
  /** Bodies of statuses other than the route's own; problems are documented by `errors`. */
  otherAnswers?: Readonly<Record<number, z.ZodType>>;
  /** Error codes of this route, besides those of every route (shape, access, limits). */
  errors: readonly ErrorCode[];
  /** Audit actions of the changes that it makes. Absent for a read-only route. */
  changes?: readonly AuditAction[];
  shared?: SharedSecrets;
  bodyLimit?: number;
  /** The body may be anything; what is no JSON counts as none. */
  takesAnyBody?: true;
  /** The error for every authorised caller, whatever the request; for a path that exists only to say what to do instead. */
  refusal?: () => ConnectorError;
  /** The operation that it binds, and how; absent for routes without an operation. */
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

/** Checks one route's types and erases them, so that routes of all types fit into one table. */
export function route<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType>(
  definition: Route<P, Q, B, A>,
): Route {
  return definition as unknown as Route;
}
