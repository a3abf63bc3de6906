import type { FastifyInstance } from "fastify";
import { ConnectorError } from "../errors/connector-error.ts";
import { RequestInvalidError } from "./problem.ts";

/**
 * Bodies are JSON in UTF-8, or empty, whatever they are said to be: what a form on a web page can send is never taken. Throws
 * `API_MEDIA_TYPE`, `API_REQUEST_INVALID`.
 */
export function takeJsonOnly(server: FastifyInstance): void {
  const parseJson = server.getDefaultJsonParser("error", "error");
  server.removeAllContentTypeParsers();
  server.addContentTypeParser<Buffer>("*", { parseAs: "buffer" }, (request, body, done) => {
    if (body.length === 0) return done(null, undefined);
    try {
      requireJson(request.headers["content-type"] ?? "");
      return parseJson(request, textOf(body), done);
    } catch (thrown) {
      return done(thrown as Error);
    }
  });
}

const utf8Names = new Set(["utf-8", "utf8", "us-ascii"]);

function requireJson(contentType: string): void {
  const [mediaType = "", ...parameters] = contentType.toLowerCase().split(";");
  if (mediaType.trim() !== "application/json")
    throw new ConnectorError("API_MEDIA_TYPE", "the body is not JSON");
  const charset = parameters.map((text) => /^\s*charset="?([^"]*)"?\s*$/u.exec(text)?.[1]).find(Boolean);
  if (charset === undefined || utf8Names.has(charset)) return;
  throw new ConnectorError("API_MEDIA_TYPE", `the body is in ${JSON.stringify(charset)}, not in UTF-8`);
}

function textOf(body: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch {
    throw new RequestInvalidError("the body is not in UTF-8", []);
  }
}
