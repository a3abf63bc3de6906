import type { FastifyInstance } from "fastify";
import { version } from "../version.ts";

const links = { docs: "docs/", openapi: "openapi.json", health: "health" };

const page = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>memory-connector</title></head>
<body>
<h1>memory-connector ${version}</h1>
<p>This is the management API of a memory-connector service.</p>
<ul>
<li><a href="${links.docs}">Read and try the API</a></li>
<li><a href="${links.openapi}">Its OpenAPI document</a></li>
<li><a href="${links.health}">How the service is</a></li>
</ul>
</body>
</html>
`;

/** What stands at `/`: a page for people, JSON for programs. Its links hold below any path. */
export function addFrontPage(server: FastifyInstance): void {
  server.get("/", { schema: { hide: true } }, async ({ headers }, reply) => {
    reply.headers({ "cache-control": "no-store", vary: "accept" });
    if (!(headers.accept ?? "").includes("text/html")) return { name: "memory-connector", version, ...links };
    return reply
      .header("content-security-policy", "default-src 'none'; frame-ancestors 'none'")
      .type("text/html; charset=utf-8")
      .send(page);
  });
}
