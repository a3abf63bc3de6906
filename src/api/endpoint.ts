import { dirname } from "node:path";
import * as z from "zod";
import { ConnectorError } from "../kernel/errors/connector-error.ts";
import { inRequestWords } from "../kernel/errors/request-words.ts";
import { mapValues } from "../kernel/util/collections.ts";
import { textOf } from "../operations/fields.ts";
import type { Operation } from "../operations/operation.ts";
import type { OperationContext } from "../operations/operation-context.ts";
import { type Downloaded, downloaded } from "./downloaded.ts";
import { pathSegment } from "./path-segment.ts";
import { type ApiParts, type Endpoint, type Route, type RouteRequest, route } from "./route.ts";

/** Where each key of an operation's input is found in a request. */
export interface Placement {
  /** By the name in the path. */
  params: Readonly<Record<string, string>>;
  /** By the name in the query. */
  query: Readonly<Record<string, string>>;
  body: readonly string[];
}

/** The key of an operation's input that a parameter of a path stands for. */
export const inputName = (inPath: string): string => (inPath === "id" ? "connectorId" : inPath);

export function placementOf({ input }: Pick<Operation, "input">, endpoint: Endpoint): Placement {
  const {
    method,
    path,
    takesIfMatch,
    bodyKey,
    spelling = {},
    query = [],
    withheld = [],
    download,
  } = endpoint;
  const inPath = Array.from(path.matchAll(/\{(\w+)\}/gu), ([, name = ""]) => name);
  const ownKeys = [...withheld, ...(download ? [download.key] : [])];
  const taken = [...inPath.map(inputName), ...ownKeys, ...(takesIfMatch ? ["ifVersions"] : [])];
  const rest = Object.keys(input.shape).filter((key) => !taken.includes(key));
  const hasBody = method === "POST" || method === "PUT";
  const inQuery = hasBody ? rest.filter((key) => query.includes(key)) : rest;
  return {
    params: Object.fromEntries(inPath.map((name) => [name, inputName(name)])),
    query: Object.fromEntries(inQuery.map((key) => [spelling[key] ?? key, key])),
    body: hasBody ? rest.filter((key) => !query.includes(key) && key !== bodyKey) : [],
  };
}

/** The route of an operation. Its schemas are derived from the input's, so that validated requests need no second check. */
export function routeOf<Input extends z.ZodObject, Output extends z.ZodType>(
  operation: Operation<Input, Output>,
  endpoint: Endpoint<z.input<Output>>,
): Route {
  const { input, output: answer, tag, access, summary, errors, changes } = operation;
  const {
    method,
    path,
    status = 200,
    takesIfMatch,
    headers,
    download,
    shared,
    bodyLimit,
    refused,
  } = endpoint;
  const details = [operation.details, endpoint.details].filter(Boolean).join(" ");
  const placement = placementOf(operation, endpoint);
  const schemas = schemasOf(input, placement, endpoint);
  return route({
    ...{ method, path, status, tag, access, summary, answer, errors, ...schemas },
    ...(details !== "" && { details }),
    ...(takesIfMatch && { takesIfMatch }),
    ...(changes && { changes }),
    ...(shared && { shared }),
    ...(bodyLimit && { bodyLimit }),
    ...(refused && { otherAnswers: { [refused.status]: answer } }),
    offers: { operation, endpoint },
    ...(download && { answer: binary, mediaType: download.mediaType }),
    ...(download?.shown && { otherAnswers: { 206: binary } }),
    handle: async (request, parts) => {
      const given = { ...defaultsOf(input, endpoint), ...gather(request, placement, endpoint) };
      const signed = signedBy(request, parts);
      const context = { ...contextOf(request, parts), ...(signed && { signed }) };
      const run = (more: object = {}) => operation.run(context, { ...given, ...more } as z.output<Input>);
      if (download === undefined) {
        const body = inRequestWords(await run());
        if (request.message !== null) parts.messages.add(signerOf(request), request.message);
        const isRefused = refused?.when(body) === true;
        return {
          body,
          ...(isRefused && { status: refused.status }),
          ...(headers && { headers: headers(body) }),
        };
      }
      const folder = dirname(parts.app.config.state.localPath);
      const asked = download.shown === undefined ? undefined : request.range;
      const made = await downloaded(folder, (path) => run({ [download.key]: path }), asked);
      const { output, file, isPart } = made;
      return {
        body: file,
        ...(isPart && { status: 206 }),
        headers: { ...fileHeaders(download, made), ...headers?.(output) },
      };
    },
  });
}

type Signed = Pick<RouteRequest<unknown, unknown, unknown>, "message" | "params">;

/** The connector whose secret the message is signed by. */
const signerOf = ({ params }: Pick<Signed, "params">): string => (params as { id: string }).id;

/** What an operation is told of a signed message; null for any other. Throws `API_SIGNATURE_REFUSED`. */
function signedBy(request: Signed, { messages }: ApiParts): OperationContext["signed"] | null {
  const { message } = request;
  if (message === null) return null;
  const sight = messages.sightOf(signerOf(request), message);
  if (sight === "other")
    throw new ConnectorError(
      "API_SIGNATURE_REFUSED",
      "this was not taken: another message came before with its webhook-id",
      { hint: "give each message an id of its own" },
    );
  return { at: message.signedAt, isAgain: sight === "same" };
}

/** Path with query, and body, of a request for an operation. A body of `{}` counts as none. */
export function requestOf(
  operation: Pick<Operation, "input">,
  endpoint: Endpoint,
  input: Readonly<Record<string, unknown>>,
): { path: string; body: object } {
  const { params, query, body } = placementOf(operation, endpoint);
  const given = (key: string) => input[key] !== undefined && input[key] !== null;
  const path = endpoint.path.replace(/\{(\w+)\}/gu, (_, name: string) =>
    pathSegment(String(input[params[name] as string])),
  );
  const search = new URLSearchParams(
    Object.entries(query).flatMap(([name, key]) =>
      given(key) ? [[name, String(input[key])] as [string, string]] : [],
    ),
  ).toString();
  const rest = Object.fromEntries(body.filter(given).map((key) => [key, input[key]]));
  return {
    path: search === "" ? path : `${path}?${search}`,
    body: endpoint.bodyKey === undefined ? rest : (input[endpoint.bodyKey] as object),
  };
}

function schemasOf(input: z.ZodObject, placement: Placement, { bodyKey }: Endpoint) {
  const { shape } = input;
  const pick = (names: Readonly<Record<string, string>>, spell: (schema: z.ZodType) => z.ZodType) =>
    mapValues(names, (key) => spell(shape[key] as z.ZodType));
  // Optional in the input, because other paths do not name it.
  const required = (schema: z.ZodType) => (schema instanceof z.ZodOptional ? schema.unwrap() : schema);
  const params = pick(placement.params, required as (schema: z.ZodType) => z.ZodType);
  const query = pick(placement.query, inQuery);
  const rest = pick(Object.fromEntries(placement.body.map((key) => [key, key])), (schema) => schema);
  const body = bodyKey === undefined ? bodyOf(rest, input) : (shape[bodyKey] as z.ZodType);
  return {
    ...(isEmpty(params) ? {} : { params: z.object(params) }),
    ...(isEmpty(query) ? {} : { query: z.object(query) }),
    ...(bodyKey === undefined && isEmpty(rest) ? {} : { body }),
  };
}

/** A body without required fields may be absent. */
function bodyOf(rest: Readonly<Record<string, z.ZodType>>, input: z.ZodObject): z.ZodType {
  // Checks over several keys of the input apply to those in the body.
  const checks = (input.def.checks ?? []) as z.core.$ZodCheck<Record<string, unknown>>[];
  const schema = z
    .strictObject(rest)
    .check(...checks)
    .meta(input.meta() ?? {});
  return schema.safeParse({}).success ? schema.prefault({}) : schema;
}

/** A query has text only: numbers are coerced by their own schemas, several values are one comma-separated text. */
function inQuery(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional && schema.unwrap() instanceof z.ZodArray) return listInQuery(schema);
  if (!(schema instanceof z.ZodDefault) || !(schema.unwrap() instanceof z.ZodBoolean)) return schema;
  const text = z.enum(["true", "false"]).default(String(schema.parse(undefined)) as "true" | "false");
  const { description } = schema;
  return (description === undefined ? text : text.describe(description)).transform((each) => each === "true");
}

function listInQuery(schema: z.ZodOptional): z.ZodType {
  const text = textOf(2000)
    .optional()
    .transform((given) => given?.split(","));
  const { description } = schema;
  return (description === undefined ? text : text.describe(`${description}, with commas between them`)).pipe(
    schema as z.ZodType<unknown, string[] | undefined>,
  );
}

function gather(
  { params, query, body, ifVersion }: RouteRequest<unknown, unknown, unknown>,
  placement: Placement,
  { takesIfMatch, bodyKey }: Endpoint,
): Record<string, unknown> {
  const named = (values: unknown, names: Readonly<Record<string, string>>) =>
    Object.entries(names).map(([name, key]) => [key, (values as Record<string, unknown>)[name]]);
  return {
    ...Object.fromEntries([...named(params, placement.params), ...named(query, placement.query)]),
    ...(bodyKey === undefined ? placement.body.length > 0 && (body as object) : { [bodyKey]: body }),
    ...(takesIfMatch && { ifVersions: ifVersion }),
  };
}

const binary = z.string().meta({ format: "binary" });

function fileHeaders<Output>(
  { mediaType, name, shown }: NonNullable<Endpoint<Output>["download"]>,
  { output, bytes, from, to, isPart }: Downloaded<Output>,
) {
  const file = shown?.(output) ?? { mediaType, name };
  return {
    "content-type": file.mediaType,
    "content-length": String(to - from),
    "content-disposition": `${shown === undefined ? "attachment" : "inline"}; filename="${file.name}"`,
    ...(shown && { "accept-ranges": "bytes" }),
    ...(isPart && { "content-range": `bytes ${from}-${to - 1}/${bytes}` }),
  };
}

/** Defaults of the keys that callers cannot set. */
function defaultsOf({ shape }: z.ZodObject, { withheld = [] }: Endpoint): Record<string, unknown> {
  return Object.fromEntries(withheld.map((key) => [key, (shape[key] as z.ZodType).parse(undefined)]));
}

/** The context of an operation for a caller of the API. */
export function contextOf(
  { signal, record }: Pick<RouteRequest<unknown, unknown, unknown>, "signal" | "record">,
  { app, service, clock }: ApiParts,
): OperationContext {
  return { services: app, service, clock, signal, record };
}

const isEmpty = (record: object): boolean => Object.keys(record).length === 0;
