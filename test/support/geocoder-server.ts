import type { IncomingMessage } from "node:http";
import { startHttpServer } from "./http-server.ts";

export interface GeocoderServer {
  url: string;
  /** What was asked so far. */
  asked: {
    query: URLSearchParams;
    userAgent: string | undefined;
    language: string | undefined;
    /** Milliseconds of a steady clock. */
    at: number;
  }[];
  /** Of each request the header `traceparent`. */
  traceparents: unknown[];
  /** Answers in place of the place; null goes back to normal. */
  failWith: (status: number | null) => void;
  /** Answers these bytes with this status in place of the place; null goes back to normal. */
  answerWith: (answer: GeocoderAnswer | null) => void;
}

export interface GeocoderAnswer {
  status: number;
  body: string;
}

/** What services were seen to answer instead of a place. */
export const badPlaces: Readonly<Record<string, GeocoderAnswer>> = {
  "a quota in a good answer": { status: 200, body: '{"error":{"code":429,"message":"Rate limit exceeded"}}' },
  "a quota as text": { status: 200, body: '{"error":"Rate limit exceeded"}' },
  "a quota with its status": { status: 429, body: "Too many requests" },
  "a refusal": { status: 403, body: "<html>Access blocked</html>" },
  "a web page": { status: 200, body: "<html><title>Sign in</title></html>" },
  "cut JSON": { status: 200, body: '{"address":{"city":"Spring' },
  nothing: { status: 200, body: "" },
  null: { status: 200, body: "null" },
  "a list": { status: 200, body: "[]" },
  "another object": { status: 200, body: '{"ok":true}' },
  "an address that is text": { status: 200, body: '{"address":"Main Street"}' },
  "a failure": { status: 500, body: "{}" },
};

/** A service that speaks Nominatim's `/reverse`: every point on land lies in Springfield, every point of the Atlantic nowhere. */
export async function startGeocoderServer(): Promise<GeocoderServer> {
  const asked: GeocoderServer["asked"] = [];
  const traceparents: unknown[] = [];
  let failure: number | null = null;
  let scripted: GeocoderAnswer | null = null;
  const { url } = await startHttpServer((request, response) => {
    const query = queryOf(request);
    traceparents.push(request.headers.traceparent);
    const { "user-agent": userAgent, "accept-language": language } = request.headers;
    asked.push({ query, userAgent, language, at: performance.now() });
    if (scripted !== null) return void response.writeHead(scripted.status).end(scripted.body);
    const body = failure === null ? answerFor(query) : { error: { code: failure, message: "down" } };
    response.writeHead(failure ?? 200, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  return {
    url,
    asked,
    traceparents,
    failWith: (status) => {
      failure = status;
    },
    answerWith: (answer) => {
      scripted = answer;
    },
  };
}

function queryOf(request: IncomingMessage): URLSearchParams {
  return new URL(request.url ?? "/", "http://localhost").searchParams;
}

function answerFor(query: URLSearchParams): unknown {
  const lon = Number(query.get("lon"));
  if (lon < -20 && lon > -40) return { error: "Unable to geocode" };
  const address = {
    road: "Main Street",
    suburb: "Old\nTown",
    town: "Springfield",
    state: "Oregon",
    country: "United States",
  };
  return { place_id: 1, licence: "Data © OpenStreetMap contributors, ODbL 1.0", address };
}
