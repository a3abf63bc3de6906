import { onTestFinished } from "vitest";
import { completeDeclaration, type HttpJsonDeclaration } from "../../src/sources/http-json/declaration.ts";
import { type HttpJsonOptions, HttpJsonSource } from "../../src/sources/http-json/http-json-source.ts";
import type { ListRequest, MemoryPage, MemorySource } from "../../src/sources/memory-source.ts";
import { startHttpServer } from "./http-server.ts";
import { ManualClock } from "./manual-clock.ts";

export type Item = Record<string, unknown> & { id: string };

/** A server with a list of JSON, which pages as its requests ask. What it holds may change at any time. */
export class JsonListServer {
  items: Item[] = [];
  /** The list's own text, instead of the items. */
  raw: string | null = null;
  key = "right-key";
  /** What a wrong key gets. */
  wrongKey: "refusal" | "empty" = "refusal";
  /** Called at each request for the list, from 0. */
  onList: (count: number) => void = () => {};
  /** Statuses that the next requests get. */
  failures: number[] = [];
  readonly requests: { path: string; query: URLSearchParams; headers: Record<string, unknown> }[] = [];
  url = "";
  /** Adds something to an answer. */
  decorate: (answer: Record<string, unknown>) => unknown = (answer) => answer;
  headers: Record<string, string> = {};

  async start(): Promise<this> {
    const { url } = await startHttpServer((request, response) => {
      const address = new URL(request.url ?? "", "http://x");
      this.requests.push({ path: address.pathname, query: address.searchParams, headers: request.headers });
      const { status, body } = this.#answer(
        address,
        String(request.headers["x-api-key"] ?? address.searchParams.get("k")),
      );
      response.writeHead(status, { "content-type": "application/json", ...this.headers });
      response.end(body);
    });
    this.url = url;
    return this;
  }

  #answer(address: URL, key: string): { status: number; body: string } {
    const failure = this.failures.shift();
    if (failure !== undefined) return { status: failure, body: `{"error":"no, ${key}"}` };
    const isRight = key === this.key;
    if (!isRight && this.wrongKey === "refusal") return { status: 401, body: `{"error":"not ${key}"}` };
    if (address.pathname === "/me")
      return { status: 200, body: JSON.stringify({ user: { id: isRight ? 7 : 0 } }) };
    this.onList(this.requests.filter(({ path }) => path !== "/me").length - 1);
    if (this.raw !== null) return { status: 200, body: this.raw };
    const items = isRight ? this.items : [];
    return { status: 200, body: JSON.stringify(this.decorate(pageOf(items, address.searchParams))) };
  }
}

function pageOf(all: readonly Item[], query: URLSearchParams): Record<string, unknown> {
  const since = Date.parse(query.get("changed_after") ?? "");
  const items = all.filter(({ at, changed = at }) => !(Date.parse(String(changed)) < since));
  const size = Number(query.get("size") ?? items.length);
  const page = Number(query.get("page") ?? 1);
  const after = query.get("cursor");
  const start =
    after === null
      ? Number(query.get("offset") ?? (page - 1) * size)
      : items.findIndex(({ id }) => id === after) + 1;
  const shown = items.slice(start, start + size);
  const hasMore = start + size < items.length;
  const next = hasMore ? (shown.at(-1)?.id ?? null) : null;
  const link = hasMore ? `?offset=${start + size}&size=${size}` : null;
  return { data: { notes: shown }, meta: { next, link, more: hasMore } };
}

/** What such a server is declared as, but for its paging. */
export const declared = {
  path: "/notes",
  auth: { name: "x-api-key" },
  items: "data.notes",
  fields: { created_at: ["at"], updated_at: ["changed"] },
} as const satisfies HttpJsonDeclaration;

/** A source for a server, that ends with the test. Waits between attempts take no time. */
export function jsonListSource(
  url: string,
  declaration: HttpJsonDeclaration = declared,
  options: Partial<HttpJsonOptions> = {},
): HttpJsonSource {
  const source = new HttpJsonSource({
    ...completeDeclaration(declaration),
    url,
    apiKey: "right-key",
    keyOrigin: null,
    timeZone: "UTC",
    charset: null,
    maxItemBytes: 1e6,
    timeoutMs: 5_000,
    rateLimit: { perSecond: 10_000, burst: 10_000 },
    clock: new ManualClock(),
    ...options,
  });
  onTestFinished(() => source.close());
  return source;
}

const never = new AbortController().signal;

/** All pages of a listing of everything. */
export async function pagesOf(
  source: MemorySource,
  request: Partial<ListRequest> = {},
): Promise<MemoryPage[]> {
  const pages: MemoryPage[] = [];
  const whole = { contextId: "CTX", scope: { kind: "everything" }, limit: 100, ...request } as const;
  for await (const page of source.list(whole, never)) pages.push(page);
  return pages;
}
