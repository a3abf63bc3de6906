import { STATUS_CODES } from "node:http";
import * as z from "zod";
import type { ErrorCode } from "../kernel/errors/codes.ts";
import { mapValues } from "../kernel/util/collections.ts";
import { problemSchema, problemType, statusOf } from "./problem.ts";
import type { RouteDescription } from "./route.ts";

/** Loose: other headers must pass unchanged. */
const ifMatch = z.looseObject({
  "if-match": z.string().optional().describe("an `ETag`: refuse (412) when somebody else was faster"),
});

/** The schemas of a route: the server validates requests and answers with them, and the OpenAPI document shows them. */
export function schemaOf(route: RouteDescription) {
  const { params, query, body } = route;
  return {
    operationId: operationId(route),
    tags: [route.tag],
    summary: route.summary,
    description: describe(route),
    ...(route.access === "open" ? {} : { security: securityOf(route) }),
    ...(params === undefined ? {} : { params }),
    ...(query === undefined ? {} : { querystring: query }),
    ...(body === undefined ? {} : { body }),
    ...(route.takesIfMatch === true ? { headers: ifMatch } : {}),
    response: answers(route),
  };
}

function securityOf({ shared }: RouteDescription): Readonly<Record<string, string[]>>[] {
  return [{ apiKey: [] }, { bearer: [] }, ...(shared === undefined ? [] : [{ signature: [] }])];
}

/** A body without required fields may be absent. In the schema that the reference shows, `default` says so. */
export const mayBeEmpty = (body: z.ZodType): boolean => body.safeParse(undefined).success;

function describe({ details, access }: RouteDescription): string {
  const role = access === "admin" ? "Needs a key of the role `admin`." : "";
  return [details, role].filter(Boolean).join(" ");
}

/** `GET /connectors/{id}/status` becomes `getConnectorsIdStatus`. */
function operationId({ method, path }: RouteDescription): string {
  const words = path.split(/[/{}.-]+/u).filter(Boolean);
  return method.toLowerCase() + words.map((word) => word[0]?.toUpperCase() + word.slice(1)).join("");
}

/** By status. A route's own answer takes precedence over a problem of the same status: 503 of `/health` is a report. */
function answers(route: RouteDescription): Record<number, unknown> {
  const own = { ...route.otherAnswers, [route.status]: route.answer };
  return {
    ...problemAnswers(route),
    ...mapValues(own, (schema, status) => ownAnswer(route, status, schema)),
  };
}

function ownAnswer({ mediaType = "application/json" }: RouteDescription, status: string, schema: z.ZodType) {
  return { description: STATUS_CODES[status] ?? status, content: { [mediaType]: { schema } } };
}

function problemAnswers(route: RouteDescription): Record<number, unknown> {
  const codes = [...route.errors, ...codesOfEveryRoute(route)];
  const byStatus = Map.groupBy(new Set(codes), statusOf);
  return Object.fromEntries(
    [...byStatus].map(([status, ofStatus]) => [
      status,
      { description: ofStatus.join(", "), content: { [problemType]: { schema: problemSchema } } },
    ]),
  );
}

/** The codes that any route may answer, given its input, access and method. */
function codesOfEveryRoute({ params, query, body, access, method, shared }: RouteDescription): ErrorCode[] {
  const takesInput = params ?? query ?? body;
  return [
    "API_REQUEST_INVALID",
    "API_HOST_REFUSED",
    "API_ORIGIN_REFUSED",
    ...(takesInput === undefined ? [] : (["STATE_ID_INVALID", "API_HEADERS_TOO_LARGE"] as const)),
    ...(body === undefined ? [] : (["API_BODY_TOO_LARGE", "API_MEDIA_TYPE"] as const)),
    ...(access === "open" ? [] : (["API_KEY_REFUSED", "STATE_READ_FAILED"] as const)),
    ...(shared === undefined ? [] : (["API_SIGNATURE_REFUSED", "API_BODY_TOO_LARGE"] as const)),
    ...(access === "admin" ? (["API_ROLE_REFUSED"] as const) : []),
    ...(method === "GET" ? [] : (["STATE_WRITE_FAILED", "STATE_DISK_FULL"] as const)),
    "API_TOO_MANY_REQUESTS",
    "INTERNAL",
  ];
}
