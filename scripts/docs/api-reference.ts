import * as z from "zod";
import { eventsRoute } from "../../src/api/live/add-events.ts";
import { statusOf } from "../../src/api/problem.ts";
import type { RouteDescription } from "../../src/api/route.ts";
import { routes } from "../../src/api/routes.ts";
import type { ErrorCode } from "../../src/kernel/errors/codes.ts";
import { mapValues } from "../../src/kernel/util/collections.ts";
import type { Access } from "../../src/operations/operation.ts";
import { code, generatedNote, page, table } from "./markdown.ts";

const introduction = `Every endpoint with what it takes and answers; [Management API](api.md) says how to use them: keys, errors, live events, proxies. All paths lie below \`/api/v1\`.
This page shows the first level of bodies and answers. The whole shapes are in the OpenAPI document of the service, \`/openapi.json\`, which \`/docs\` shows and lets you try.

Beside its own errors, any endpoint may refuse what it is sent (\`API_REQUEST_INVALID\`), who asks (\`API_KEY_REFUSED\`, \`API_ROLE_REFUSED\`), from where
(\`API_HOST_REFUSED\`, \`API_ORIGIN_REFUSED\`) and how often (\`API_TOO_MANY_REQUESTS\`); an error is \`{"code", "message", "hint", …}\` in \`application/problem+json\`.`;

const keys: Readonly<Record<Access, string>> = {
  open: "No key.",
  viewer: "Any key.",
  admin: "A key of the role `admin`.",
};

/** The only bodies that are not described by their route: the configuration's own rules check them. */
const settingsOfConnector =
  "the keys of an entry of `connectors` in the configuration file; see [configuration](configuration.md#connectors)";

/** The page of all endpoints, from the descriptions that the service checks requests and answers by. */
export function renderApiReference(): string {
  const byTag = Map.groupBy<string, RouteDescription>([...routes, eventsRoute], ({ tag }) => tag);
  return page([
    "# API reference",
    generatedNote("src/api/routes.ts"),
    introduction,
    ...[...byTag].flatMap(([tag, ofTag]) => [
      `## ${tag[0]?.toUpperCase()}${tag.slice(1)}`,
      ...ofTag.flatMap(endpoint),
    ]),
  ]);
}

function endpoint(route: RouteDescription): string[] {
  const { method, path, summary, details, access, status, answer, mediaType } = route;
  const input = [
    ...fieldsOf(route.params, "path"),
    ...fieldsOf(route.query, "query"),
    ...fieldsOf(route.body, "body"),
    ...(route.takesIfMatch === true
      ? [["`If-Match`", "header", "text", "an `ETag`: refuse (412) when somebody else was faster"]]
      : []),
  ];
  const output = fieldsOf(answer, "answer").map(([name = "", , type = "", meaning = ""]) => [
    name,
    type,
    meaning,
  ]);
  return [
    `### ${method} ${path}`,
    [`${summary}.`, details, keys[access]].filter(Boolean).join(" "),
    ...(input.length === 0 ? [] : [table(["takes", "in", "type", "meaning"], input)]),
    answered(status, mediaType, output.length > 0),
    ...(output.length === 0 ? [] : [table(["answers", "type", "meaning"], output)]),
    ...(route.errors.length === 0 ? [] : [`Errors: ${route.errors.map(error).join(", ")}.`]),
  ];
}

function answered(status: number, mediaType: string | undefined, isShown: boolean): string {
  const form = mediaType === undefined ? "" : ` with ${code(mediaType)}`;
  return `Answers ${status}${form}${isShown ? ":" : "."}`;
}

/** An error's code leads to what it means. */
const error = (name: ErrorCode) =>
  `[${code(name)}](errors.md#${name.split("_")[0]?.toLowerCase()}) (${statusOf(name)})`;

type Shape = z.core.JSONSchema.BaseSchema;

/** A row for each key of an object: name, place, type, meaning. */
function fieldsOf(schema: z.ZodType | undefined, place: "path" | "query" | "body" | "answer"): string[][] {
  if (schema === undefined) return [];
  const io = place === "answer" ? "output" : "input";
  const shape = z.toJSONSchema(schema, { io, unrepresentable: "any", reused: "inline" }) as Shape;
  const whole = objectOf(withoutReferences(shape, shape.$defs ?? {}));
  const { properties, required = [] } = whole;
  if (properties === undefined)
    return place === "body" ? [["all of it", place, typeOf(whole), settingsOfConnector]] : [];
  return Object.entries(properties).map(([name, value]) => {
    const field = value as Shape;
    const needed = place === "body" || place === "query" ? required.includes(name) : false;
    return [code(name), place, `${typeOf(field)}${needed ? ", needed" : ""}`, meaningOf(field)];
  });
}

/** Shapes that have a name, in the places where they are named; only so deep as the page shows them. */
function withoutReferences(shape: Shape, named: Record<string, Shape>, depth = 0): Shape {
  if (depth > 6) return shape;
  const name = /^#\/\$defs\/(?<name>.+)$/u.exec(shape.$ref ?? "")?.groups?.name ?? "";
  const { $ref: _, ...rest } = { ...named[name], ...shape };
  const inner = (value: unknown) => withoutReferences(value as Shape, named, depth + 1);
  return {
    ...rest,
    ...(rest.properties && { properties: mapValues(rest.properties, inner) }),
    ...(rest.items && { items: inner(rest.items) }),
    ...(rest.anyOf && { anyOf: rest.anyOf.map(inner) }),
    ...(rest.oneOf && { oneOf: rest.oneOf.map(inner) }),
    ...(rest.allOf && { allOf: rest.allOf.map(inner) }),
  } as Shape;
}

/** The object that a schema is, where it may be nothing as well. */
function objectOf(shape: Shape): Shape {
  if (shape.properties !== undefined) return shape;
  const [first] = ([...(shape.anyOf ?? []), ...(shape.allOf ?? [])] as Shape[]).filter(
    (each) => each.properties,
  );
  return first ?? shape;
}

function typeOf(shape: Shape): string {
  if (shape.enum !== undefined) return shape.enum.map((value) => code(String(value))).join(", ");
  if (shape.const !== undefined) return code(String(shape.const));
  const choices = (shape.anyOf ?? shape.oneOf) as Shape[] | undefined;
  if (choices !== undefined) return [...new Set(choices.map(typeOf))].join(" or ");
  if (shape.type === "array") return `list of ${typeOf(shape.items as Shape)}`;
  const types: readonly string[] = [shape.type ?? []].flat();
  return types.map((type) => names[type] ?? type).join(" or ") || "any";
}

const names: Readonly<Record<string, string>> = {
  string: "text",
  integer: "whole number",
  number: "number",
  boolean: "boolean",
  object: "object",
  null: "`null`",
};

function meaningOf({ description = "", default: standard }: Shape): string {
  const note = standard === undefined ? "" : `default ${code(JSON.stringify(standard))}`;
  return [description, note].filter(Boolean).join("; ");
}
