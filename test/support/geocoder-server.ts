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
  /** Answers in place of the place; null goes back to normal. */
  failWith: (status: number | null) => void;
}

/** A service that speaks Nominatim's `/reverse`: every point on land lies in Springfield, every point of the Atlantic nowhere. */
export async function startGeocoderServer(): Promise<GeocoderServer> {
  const asked: GeocoderServer["asked"] = [];
  let failure: number | null = null;
  const { url } = await startHttpServer((request, response) => {
    const query = queryOf(request);
    const { "user-agent": userAgent, "accept-language": language } = request.headers;
    asked.push({ query, userAgent, language, at: performance.now() });
    const body = failure === null ? answerFor(query) : { error: { code: failure, message: "down" } };
    response.writeHead(failure ?? 200, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  return {
    url,
    asked,
    failWith: (status) => {
      failure = status;
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
