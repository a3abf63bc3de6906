import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { jsonSchemaTransform, jsonSchemaTransformObject } from "fastify-type-provider-zod";
import { bodySchemas } from "../operations/connectors/connector-json.ts";
import { version } from "../version.ts";
import { versionPath } from "./base-path.ts";

/** Serves the OpenAPI document at `/openapi.json`, and a page at `/docs` to read and try it, without internet access. */
export async function addReference(server: FastifyInstance, basePath: string): Promise<void> {
  await server.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "memory-connector",
        version,
        description: "Connectors, runs, dead letters and health of a memory-connector service.",
      },
      servers: [{ url: basePath + versionPath }],
      components: {
        securitySchemes: {
          apiKey: { type: "apiKey", in: "header", name: "X-API-Key" },
          bearer: { type: "http", scheme: "bearer" },
          signature: { type: "apiKey", in: "header", name: "webhook-signature" },
        },
      },
    },
    transform: jsonSchemaTransform,
    transformObject: (document) => completed(jsonSchemaTransformObject(document)),
  });
  await server.register(swaggerUi, {
    routePrefix: "/docs",
    staticCSP: true,
    transformStaticCSP: withoutUpgrade,
    uiHooks: { onRequest: leadIntoFolder },
    uiConfig: { persistAuthorization: true, deepLinking: true },
  });
  server.get("/openapi.json", { schema: { hide: true } }, async () => server.swagger());
}

/** Over plain HTTP, at any address but loopback, a browser upgraded to TLS would load nothing of the page. */
function withoutUpgrade(policy: string): string {
  return policy.replace(/\s*upgrade-insecure-requests;?/u, "");
}

/** The page's links are relative, so that they work behind any proxy: the page has to be opened at `/docs/`, not at `/docs`. */
function leadIntoFolder({ originalUrl }: FastifyRequest, reply: FastifyReply, done: () => void): void {
  const [path = ""] = originalUrl.split("?", 1);
  if (path.endsWith("/docs")) reply.redirect("docs/");
  else done();
}

/** Adds what no zod schema of a route expresses, and removes unreferenced schemas. */
function completed<Document extends object>(document: Document): Document {
  const { paths, components } = document as {
    paths?: object;
    components?: { schemas?: Record<string, object> };
  };
  for (const { requestBody } of operationsOf(paths)) if (requestBody) sayWhetherRequired(requestBody);
  const schemas = { ...components?.schemas, ...bodySchemas() };
  const text = JSON.stringify([paths, schemas]);
  const used = Object.entries(schemas).filter(([name]) => text.includes(`"#/components/schemas/${name}"`));
  return { ...document, components: { ...components, schemas: Object.fromEntries(used) } };
}

interface RequestBody {
  required?: boolean;
  content: Readonly<Record<string, { schema: object }>>;
}

const operationsOf = (paths: object = {}): { requestBody?: RequestBody }[] =>
  Object.values(paths).flatMap((path: object) => Object.values(path));

/** The plugin marks every body as required. One that may be empty has a default, see `mayBeEmpty`. */
function sayWhetherRequired(body: RequestBody): void {
  body.required = !Object.values(body.content).some(({ schema }) => "default" in schema);
}
