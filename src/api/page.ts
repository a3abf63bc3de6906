import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { version } from "../version.ts";

/** Path of the page's files, whose names change with their content. */
export const pageFilesPath = "/assets";

/** All of the page comes from here; nothing in it is inline, and no other site may show it in a frame. */
const pagePolicy = [
  "default-src 'none'",
  ...["script-src", "style-src", "img-src", "font-src", "media-src", "connect-src", "worker-src"].map(
    (kind) => `${kind} 'self'`,
  ),
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const links = { docs: "docs/", openapi: "openapi.json", health: "health" };

/**
 * Serves `/`: the page for people, JSON for programs. `folder` has what `npm run build` makes of `web`. The page's addresses are in the
 * fragment and its links are relative, so that it stands below any path and in nobody's way.
 */
export async function addPage(server: FastifyInstance, folder: string): Promise<void> {
  await server.register(fastifyStatic, {
    root: join(folder, pageFilesPath),
    prefix: `${pageFilesPath}/`,
    index: false,
    decorateReply: false,
    preCompressed: true,
    immutable: true,
    maxAge: "365d",
    setHeaders: (reply) => void reply.header("content-security-policy", pagePolicy),
  });
  server.get("/", { schema: { hide: true } }, async (request, reply) => {
    reply.header("vary", "accept");
    if (!(request.headers.accept ?? "").includes("text/html")) {
      return reply.header("cache-control", "no-store").send({ name: "memory-connector", version, ...links });
    }
    const [path = "", search] = request.originalUrl.split("?", 2);
    if (!path.endsWith("/")) return leadIntoFolder(path, search, reply);
    return answerPage((await builtPage(folder)) ?? missingPage, request, reply);
  });
}

/** Relative links need the path to end with a slash. */
function leadIntoFolder(path: string, search: string | undefined, reply: FastifyReply): FastifyReply {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return reply.redirect(search === undefined ? `./${name}/` : `./${name}/?${search}`);
}

async function builtPage(folder: string): Promise<string | null> {
  try {
    return await readFile(join(folder, "index.html"), "utf8");
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw thrown;
  }
}

function answerPage(html: string, { headers }: FastifyRequest, reply: FastifyReply): FastifyReply {
  const tag = `"${createHash("sha256").update(html).digest("base64url").slice(0, 27)}"`;
  reply.headers({ "cache-control": "no-cache", etag: tag, "content-security-policy": pagePolicy });
  // A proxy that compresses makes the tag a weak one.
  if ((headers["if-none-match"] ?? "").includes(tag)) return reply.code(304).send();
  return reply.type("text/html; charset=utf-8").send(html);
}

/** In a checkout where nobody has built the page. */
const missingPage = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>memory-connector</title></head>
<body>
<h1>memory-connector ${version}</h1>
<p>The page of this service is not built yet: type <code>npm run build</code> where it was started from, and load this again.</p>
<ul>
<li><a href="${links.docs}">Read and try the API</a></li>
<li><a href="${links.openapi}">Its OpenAPI document</a></li>
<li><a href="${links.health}">How the service is</a></li>
</ul>
</body>
</html>
`;
