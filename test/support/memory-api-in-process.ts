import { setImmediate as turn } from "node:timers/promises";
import type { StreamedAnswer } from "../../src/kernel/http/exchange.ts";
import { HttpError } from "../../src/kernel/http/http-error.ts";
import type { HttpRequest } from "../../src/kernel/http/http-request.ts";
import type { SourceHttp } from "../../src/sources/json-list/ask-list.ts";
import { MemoryApiClient } from "../../src/sources/memory-api/memory-api-client.ts";
import type { MemoryApiSettings } from "../../src/sources/memory-api/memory-api-options.ts";
import { ManualClock } from "./manual-clock.ts";
import { changed, type MemoryApiFault, type PreparedAnswer } from "./memory-api-faults.ts";
import { MemoryApiSimulator, type MemoryApiSimulatorOptions } from "./memory-api-simulator.ts";

const attempts = 4;

/** A simulator and a client of it without a socket between them. A failure that may pass is tried again three times, at once. */
export function sourceInProcess(
  behaviour: MemoryApiSimulatorOptions = {},
  settings: Partial<MemoryApiSettings> = {},
): { api: MemoryApiSimulator; client: MemoryApiClient; clock: ManualClock } {
  const clock = new ManualClock();
  const api = new MemoryApiSimulator({ now: () => Date.UTC(2026, 0, 1, 0, 1), ...behaviour });
  const whole = { url: "http://memory.test/", apiKey: api.key, clock, ...settings };
  return { api, client: new MemoryApiClient(whole, wireTo(api, whole)), clock };
}

function wireTo(api: MemoryApiSimulator, { url, apiKey }: { url: string; apiKey: string }): SourceHttp {
  return {
    async stream(request, consume, signal) {
      for (let attempt = 1; ; attempt++) {
        signal.throwIfAborted();
        const asked = urlOf(url, request);
        try {
          const { logged, answer, fault } = api.receive({
            method: request.method,
            url: asked,
            headers: { ...request.headers, "x-api-key": apiKey },
          });
          logged.status = answer.status;
          return await consume(streamed(asked, answer, fault));
        } catch (error) {
          if (attempt === attempts || !(error instanceof HttpError && error.transient)) throw error;
          await turn();
        }
      }
    },
    close: async () => {},
  };
}

function urlOf(base: string, { path, query = {} }: HttpRequest): URL {
  const url = new URL(path.map(encodeURIComponent).join("/"), base);
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) url.searchParams.set(name, String(value));
  return url;
}

function streamed(url: URL, answer: PreparedAnswer, fault: MemoryApiFault | undefined): StreamedAnswer {
  const failure: StreamedAnswer["failure"] = (kind, what, cause) =>
    new HttpError(kind, what, { method: "GET", url: url.href, status, cause });
  const { status, contentType, body, headers } = changed(answer, fault);
  if (fault?.kind === "reset")
    throw new HttpError("network", "the connection broke", { method: "GET", url: url.href });
  if (fault?.kind === "status") throw refusal(url, fault.status, "");
  if (status > 299) throw refusal(url, status, body.toString());
  return { status, headers: { "content-type": contentType, ...headers }, body: chunksOf(body), failure };
}

function refusal(url: URL, status: number, bodyExcerpt: string): HttpError {
  return new HttpError("status", `answered ${status}`, { method: "GET", url: url.href, status, bodyExcerpt });
}

async function* chunksOf(body: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < body.length; at += 4096) yield body.subarray(at, at + 4096);
}
