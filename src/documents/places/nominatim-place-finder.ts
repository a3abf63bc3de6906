import { z } from "zod";
import type { MemoryLocation } from "../../domain/memory.ts";
import type { Place } from "../../domain/memory-facts.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { CircuitBreaker } from "../../kernel/http/circuit-breaker.ts";
import { HttpClient } from "../../kernel/http/http-client.ts";
import { HttpError } from "../../kernel/http/http-error.ts";
import { type LimiterOf, type RateLimit, RateLimiter } from "../../kernel/http/token-bucket.ts";
import { inSpan } from "../../kernel/tracing/span.ts";
import type { Clock } from "../../kernel/util/clock.ts";
import { foldWhiteSpace } from "../storable-text.ts";
import type { FoundPlace, PlaceFinder } from "./place-finder.ts";

export interface NominatimOptions {
  /** Base URL of `/reverse`. */
  url: string;
  /** E-mail address or web page; public services refuse clients that do not identify their operator. */
  contact: string;
  /** Language of the names, as in `Accept-Language`. */
  language: string;
  /** The public service allows 1. */
  requestsPerSecond: number;
  timeoutMs: number;
  clock: Clock;
  random: () => number;
  /** What limits requests to a server; left out, this finder limits its own. */
  limiterOf?: LimiterOf | undefined;
}

/** What a service of this kind bears: no two requests at once, however long it has rested. */
export function geocoderRate({ requestsPerSecond }: Pick<NominatimOptions, "requestsPerSecond">): RateLimit {
  return { perSecond: requestsPerSecond, burst: 1 };
}

/** Longer names are cut: a response is untrusted text. */
const maxNameLength = 200;
/** Suburb level; streets would disclose more than a memory needs. */
const zoom = 14;

const text = z.string().transform((name) => foldWhiteSpace(name).slice(0, maxNameLength));
const names = z.record(z.string(), z.unknown());
/** The service's answer for the open sea. Any other error is a failure of the service, even with status 200. */
const nowhere = z.object({ error: z.string().regex(/unable to geocode/iu) });
const answerSchema = z.union([nowhere, z.object({ error: z.undefined().optional(), address: names })]);

/** Asks an HTTP service with Nominatim's `/reverse` (format `jsonv2`). */
export class NominatimPlaceFinder implements PlaceFinder {
  readonly identity: string;
  readonly #options: NominatimOptions;
  readonly #http: HttpClient;

  constructor(options: NominatimOptions) {
    const { clock, random, timeoutMs } = options;
    const { limiterOf = (_, limit) => new RateLimiter(limit, clock) } = options;
    this.identity = `nominatim ${options.url} ${options.language}`;
    this.#options = options;
    this.#http = new HttpClient({
      baseUrl: options.url,
      traced: "geocoder",
      headers: {
        "user-agent": `memory-connector (${options.contact})`,
        "accept-language": options.language,
      },
      attemptTimeoutMs: timeoutMs,
      totalTimeoutMs: 3 * timeoutMs,
      maxBodyBytes: 256 * 1024,
      maxConcurrent: 1,
      retry: { maxRetries: 1, baseMs: 1000, multiplier: 2, capMs: 10_000 },
      clock,
      random,
      limiter: limiterOf(options.url, geocoderRate(options)),
      breaker: new CircuitBreaker({
        threshold: 3,
        openMs: 60_000,
        isOutage: (error) => error instanceof HttpError && error.outage,
        clock,
      }),
    });
  }

  find(location: MemoryLocation, signal: AbortSignal): Promise<FoundPlace> {
    return inSpan({ name: "geocode" }, async () => {
      const answer = answerSchema.safeParse(await this.#ask(location, signal));
      if (!answer.success) throw this.#failed("answered with something else than a place");
      return { place: "address" in answer.data ? placeOf(answer.data.address) : null, settled: true };
    });
  }

  close(): Promise<void> {
    return this.#http.close();
  }

  async #ask({ lat, lon }: MemoryLocation, signal: AbortSignal): Promise<unknown> {
    const query = { format: "jsonv2", lat, lon, zoom, addressdetails: 1 };
    try {
      return (await this.#http.json({ method: "GET", path: ["reverse"], query }, signal)).body;
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      throw this.#failed(
        error.failure === "status" ? `answered ${error.status}` : `failed (${error.failure})`,
        error,
      );
    }
  }

  #failed(what: string, cause?: HttpError): ConnectorError {
    const { origin } = new URL(this.#options.url);
    return new ConnectorError("GEOCODER_FAILED", `the geocoder at ${origin} ${what}`, {
      subject: origin,
      cause,
    });
  }
}

/** Null when the answer has none of the requested names. */
function placeOf(address: Record<string, unknown>): Place | null {
  const first = (...keys: string[]) => {
    const found = keys.map((key) => text.safeParse(address[key])).find(({ data }) => data);
    return found?.data ?? null;
  };
  const place = {
    district: first("suburb", "neighbourhood", "quarter", "city_district", "borough"),
    city: first("city", "town", "village", "municipality", "hamlet"),
    region: first("state", "region", "province", "county"),
    country: first("country"),
  };
  return Object.values(place).every((name) => name === null) ? null : { ...place, distanceKm: null };
}
