import { onTestFinished } from "vitest";
import type { RangeRequest } from "../../src/sources/memory-api/listing-work.ts";
import { MemoryApiClient } from "../../src/sources/memory-api/memory-api-client.ts";
import type { MemoryApiSettings } from "../../src/sources/memory-api/memory-api-options.ts";
import type { MemoryPage } from "../../src/sources/memory-source.ts";
import { ManualClock } from "./manual-clock.ts";
import {
  type LoggedRequest,
  MemoryApiSimulator,
  type MemoryApiSimulatorOptions,
} from "./memory-api-simulator.ts";

/** A simulator and a client of it that end with the test. Waits between attempts take no time. */
export async function startSource(
  behaviour: MemoryApiSimulatorOptions = {},
  settings: Partial<MemoryApiSettings> = {},
): Promise<{ api: MemoryApiSimulator; client: MemoryApiClient; clock: ManualClock }> {
  const clock = new ManualClock();
  const api = await MemoryApiSimulator.start({ now: () => Date.UTC(2026, 0, 1, 0, 1), ...behaviour });
  const client = new MemoryApiClient({
    url: api.url,
    apiKey: api.key,
    timeoutMs: 2_000,
    rateLimit: { perSecond: 1_000, burst: 1_000 },
    clock,
    random: () => 0.5,
    ...settings,
  });
  onTestFinished(async () => {
    await client.close();
    await api.close();
  });
  return { api, client, clock };
}

/** A whole listing. */
export interface Listed {
  ids: string[];
  pages: MemoryPage[];
  truncated: MemoryPage["truncated"];
}

/** Requests for a list from its beginning; a look at a page further is none. */
export function firstPages({ requests }: Pick<MemoryApiSimulator, "requests">): LoggedRequest[] {
  return requests.filter(({ query }) => !("offset" in query) && !("page" in query));
}

export async function listAll(client: MemoryApiClient, request: Partial<RangeRequest> = {}): Promise<Listed> {
  const pages: MemoryPage[] = [];
  const whole: RangeRequest = { contextId: "CTX", range: "all", limit: 100, ...request };
  for await (const page of client.listRange(whole, new AbortController().signal)) pages.push(page);
  const ids = pages.flatMap((page) => page.memories.map(({ id }) => id));
  return { ids, pages, truncated: pages.at(-1)?.truncated ?? null };
}
