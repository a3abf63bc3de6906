import type { ErrorCode } from "../../errors/codes.ts";
import { isConnectorError } from "../../errors/connector-error.ts";
import type { ListRequest, MemoryPage, QueryRange } from "../memory-source.ts";
import { widerRanges } from "../query-range.ts";
import type { MemoryList } from "./memory-list.ts";
import { type PagingStyle, pagers } from "./paging.ts";
import { SeenItems } from "./seen-items.ts";
import { judge, type ListingLimits, type Probe, type Verdict } from "./truncation.ts";

/** One question to the server. `position` names a page where the server has them. */
export interface ListQuery {
  range: QueryRange;
  limit: number;
  position?: Record<string, string | number>;
}

export interface ListingOptions extends ListingLimits {
  paging: PagingStyle | "none";
}

/** A server as a listing sees it. */
export interface ListingServer {
  ask(query: ListQuery): Promise<MemoryList>;
  /** The most items that any answer of this server has had: it has no cap below that. */
  largestAnswer(): number;
}

/** The best that larger limits brought, and what is to be thought of it. */
interface Grown {
  list: MemoryList;
  limit: number;
  verdict: Exclude<Verdict, { kind: "ask-larger" }>;
}

/** Lists a range: larger limits while pages come back full, then the server's paging, then the verdict. See `truncation.ts`. */
export async function* listRange(
  server: ListingServer,
  request: ListRequest,
  options: ListingOptions,
): AsyncGenerator<MemoryPage> {
  const grown = await growLimit(server, request, options);
  const seen = new SeenItems();
  const page = seen.take(grown.list);
  if (options.paging === "none" || !hasNextPage(grown, options.paging)) {
    yield { ...page, truncated: await hiddenRest(server, request.range, grown) };
    return;
  }
  yield page;
  const askPage = (position: Record<string, string | number>) =>
    server.ask({ range: request.range, limit: grown.list.received, position });
  const reason = yield* pagers[options.paging](grown.list, askPage, seen);
  if (reason !== null) yield { memories: [], malformed: [], truncated: { reason } };
}

async function growLimit(
  server: ListingServer,
  request: ListRequest,
  options: ListingOptions,
): Promise<Grown> {
  const { range } = request;
  let limit = request.limit;
  let list = await server.ask({ range, limit });
  let before: Probe | null = null;
  for (;;) {
    const probe = { limit, received: list.received, declared: list.declared };
    // A cursor says more about the rest than any size.
    if (options.paging === "cursor" && list.nextCursor !== undefined)
      return { list, limit, verdict: { kind: "complete" } };
    const verdict = judge(probe, before, options);
    if (verdict.kind !== "ask-larger") return { list, limit, verdict };
    const larger = await askLarger(server, range, verdict.limit, list);
    if (typeof larger === "string") return { list, limit, verdict: { kind: "truncated", reason: larger } };
    before = probe;
    limit = verdict.limit;
    list = larger;
  }
}

/** What a server that cannot serve a larger limit answers, in one way or another. */
const refusals: readonly ErrorCode[] = [
  "SOURCE_REFUSED",
  "SOURCE_ANSWER_TOO_LARGE",
  "SOURCE_TIMEOUT",
  "SOURCE_UNAVAILABLE",
];

/** The answer to a larger limit, or the reason to stay with the smaller one, which is good and only not known to be all. */
async function askLarger(
  server: ListingServer,
  range: QueryRange,
  limit: number,
  smaller: MemoryList,
): Promise<MemoryList | string> {
  try {
    const larger = await server.ask({ range, limit });
    if (larger.received >= smaller.received) return larger;
    return `${smaller.received} memories came, but only ${larger.received} for a limit of ${limit}; set max_limit to what the server supports, or paging if it has it`;
  } catch (error) {
    if (!isConnectorError(error) || !refusals.includes(error.code)) throw error;
    return `${smaller.received} memories came, and the server fails with a limit of ${limit} (${error.message}); set max_limit to what it supports, or paging if it has it`;
  }
}

function hasNextPage({ list, verdict }: Grown, paging: PagingStyle): boolean {
  return paging === "cursor" && list.nextCursor !== undefined
    ? list.nextCursor !== null
    : verdict.kind !== "complete";
}

async function hiddenRest(
  server: ListingServer,
  range: QueryRange,
  grown: Grown,
): Promise<MemoryPage["truncated"]> {
  const { verdict, list } = grown;
  if (verdict.kind === "complete") return null;
  if (verdict.kind === "doubtful" && (await showsMoreThan(list.received, server, range, grown.limit)))
    return null;
  return { reason: verdict.reason };
}

/** Whether the server is able to show more than `size` items, which proves that `size` is not its cap. */
async function showsMoreThan(
  size: number,
  server: ListingServer,
  range: QueryRange,
  limit: number,
): Promise<boolean> {
  for (const wider of widerRanges(range)) {
    if (server.largestAnswer() > size) return true;
    try {
      await server.ask({ range: wider, limit });
    } catch (error) {
      // A server without this range proves nothing; a cancelled run must not go on.
      if (!isConnectorError(error, "SOURCE_REFUSED")) throw error;
    }
  }
  return server.largestAnswer() > size;
}
