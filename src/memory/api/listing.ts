import type { ErrorCode } from "../../errors/codes.ts";
import { type ConnectorError, isConnectorError } from "../../errors/connector-error.ts";
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

const complete = { kind: "complete" } as const;

/** Lists a range: larger limits while pages come back full, then the server's paging, then the verdict. See `truncation.ts`. */
export async function* listRange(
  server: ListingServer,
  request: ListRequest,
  options: ListingOptions,
): AsyncGenerator<MemoryPage> {
  const grown = await growLimit(server, request, options);
  const seen = new SeenItems();
  const page = seen.take(grown.list);
  if (options.paging === "none" || !hasNextPage(grown, options)) {
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
    const verdict = saysWhatFollows(list, options) ? complete : judge(probe, before, options);
    if (verdict.kind !== "ask-larger") return { list, limit, verdict };
    const larger = await askLarger(server, range, verdict.limit, list);
    if (typeof larger === "string") return { list, limit, verdict: { kind: "truncated", reason: larger } };
    before = probe;
    limit = verdict.limit;
    list = larger;
  }
}

/** A cursor tells more about the rest than any size. */
function saysWhatFollows(list: MemoryList, options: ListingOptions): boolean {
  return options.paging === "cursor" && list.nextCursor !== undefined;
}

/** What a larger question may end with when the server cannot cope with it: a smaller answer that is there is better than none. */
const tooMuchAsked: readonly ErrorCode[] = [
  "SOURCE_REFUSED",
  "SOURCE_ANSWER_TOO_LARGE",
  "SOURCE_BAD_ANSWER",
  "SOURCE_TIMEOUT",
  "SOURCE_UNAVAILABLE",
  "SOURCE_UNREACHABLE",
];

function isTooMuchAsked(error: unknown): error is ConnectorError {
  return isConnectorError(error) && tooMuchAsked.includes(error.code);
}

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
    if (!isTooMuchAsked(error)) throw error;
    return `${smaller.received} memories came, and the server fails with a limit of ${limit} (${error.message}); set max_limit to what it supports, or paging if it has it`;
  }
}

function hasNextPage({ list, verdict }: Grown, options: ListingOptions): boolean {
  return saysWhatFollows(list, options) ? list.nextCursor !== null : verdict.kind !== "complete";
}

async function hiddenRest(
  server: ListingServer,
  range: QueryRange,
  grown: Grown,
): Promise<MemoryPage["truncated"]> {
  const { verdict, list, limit } = grown;
  if (verdict.kind === "complete") return null;
  const disproved = verdict.kind === "doubtful" && (await showsMoreThan(list.received, server, range, limit));
  return disproved ? null : { reason: verdict.reason };
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
      // No answer proves nothing, as from a server without this range.
      if (!isTooMuchAsked(error)) throw error;
    }
  }
  return server.largestAnswer() > size;
}
