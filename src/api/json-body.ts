import type { FastifyInstance, FastifyRequest } from "fastify";
import { ConnectorError } from "../kernel/errors/connector-error.ts";
import { charsetOf, isUtf8 } from "../kernel/util/decode/charset.ts";
import { isWellFormed, readJsonBytes } from "../kernel/util/decode/json.ts";

/** What a route wants of a body before it is read as JSON. */
export interface BodyRule {
  /** Throws for a body whose sender is not known by it. Called once. */
  check?: (body: Buffer) => void;
  /** It may be anything: what is no JSON counts as none. */
  isAnything?: boolean;
}

/** The rules of requests with one. */
export type BodyRules = WeakMap<FastifyRequest, BodyRule>;

/**
 * Accepts JSON in UTF-8 or an empty body only, whatever the content type says: a form on a web page can never submit one. The rules
 * of `readJsonBytes` apply, so that no two parsers can read one body differently. Throws `API_MEDIA_TYPE`, `API_REQUEST_INVALID`.
 */
export function takeJsonOnly(server: FastifyInstance): BodyRules {
  const rules: BodyRules = new WeakMap();
  const parseJson = server.getDefaultJsonParser("error", "error");
  server.removeAllContentTypeParsers();
  server.addContentTypeParser<Buffer>("*", { parseAs: "buffer" }, (request, body, done) => {
    const rule = rules.get(request);
    try {
      rules.delete(request);
      rule?.check?.(body);
      if (body.length === 0) return done(null, undefined);
      if (rule?.isAnything) return done(null, jsonIn(body));
      requireJson(request.headers["content-type"] ?? "");
      refuseEncoded(request.headers["content-encoding"] ?? "identity");
      return parseJson(request, textOf(body), done);
    } catch (thrown) {
      return done(thrown as Error);
    }
  });
  return rules;
}

function jsonIn(body: Buffer): unknown {
  const reading = readJsonBytes(body);
  return reading.ok && isWellFormed(reading.value) ? reading.value : undefined;
}

function requireJson(contentType: string): void {
  const [mediaType = ""] = contentType.toLowerCase().split(";");
  if (mediaType.trim() !== "application/json")
    throw new ConnectorError("API_MEDIA_TYPE", "the body is not JSON");
  const charset = charsetOf(contentType);
  if (charset === null || isUtf8(charset)) return;
  throw new ConnectorError("API_MEDIA_TYPE", `the body is in ${JSON.stringify(charset)}, not in UTF-8`);
}

/** Bodies are not decompressed, so one declared as compressed is refused instead of being misread. */
function refuseEncoded(encoding: string): void {
  if (encoding.trim().toLowerCase() === "identity") return;
  const message = `the body is packed (Content-Encoding: ${JSON.stringify(encoding.slice(0, 40))})`;
  throw new ConnectorError("API_MEDIA_TYPE", message, { hint: "send it as it is" });
}

/** The text of a body that is valid JSON. */
function textOf(body: Buffer): string {
  const reading = readJsonBytes(body);
  if (!reading.ok) throw noJson(`the body ${reading.problem}`);
  if (isWellFormed(reading.value)) return body.toString("utf8").replace(/^\ufeff/u, "");
  throw noJson("the body holds an unpaired surrogate, which is no character");
}

function noJson(message: string): ConnectorError {
  const hint = "send one JSON value in UTF-8, as RFC 8259 has it";
  return new ConnectorError("API_REQUEST_INVALID", message, { hint });
}
