import { MemoryTransformer } from "../../src/documents/memory-transformer.ts";
import { createStrategy } from "../../src/documents/registry.ts";
import { MemoryApiClient } from "../../src/sources/memory-api/memory-api-client.ts";
import { readMemoryList } from "../../src/sources/memory-api/parse-memory.ts";
import { startHttpServer } from "../support/http-server.ts";
import { fuzz } from "./support/fuzz.ts";
import { mutateSample } from "./support/mutate.ts";
import type { Random } from "./support/random.ts";
import { memoryLists } from "./support/samples.ts";

const transformers = ["standard", "rich"].map(
  (name) => new MemoryTransformer(createStrategy(name), { skipEmptyTranscripts: true }),
);

fuzz(
  "every list of memories, in whatever pieces it comes, is read or refused; every memory in it becomes a document",
  0.42,
  () => {
    return async (random) => {
      const body = mutateSample(random, memoryLists);
      const { memories } = await readMemoryList(pieces(random, body)).catch(ifNotJson);
      for (const memory of memories) random.pick(transformers).prepare("CTX", memory);
      return 1;
    };
  },
);

/** What is not JSON is a `SyntaxError` here; the client makes a coded error of it. */
function ifNotJson(thrown: unknown) {
  if (!(thrown instanceof SyntaxError)) throw thrown;
  return { memories: [] };
}

async function* pieces(random: Random, body: Buffer) {
  for (let from = 0; from < body.length; ) {
    const to = from + 1 + random.below(200_000);
    yield body.subarray(from, to);
    from = to;
  }
}

fuzz(
  "every answer of a Memory API, whatever its status and headers, is taken or refused by the client",
  0.02,
  async () => {
    let answer: { status: number; headers: Record<string, string>; body: Buffer } | null = null;
    const server = await startHttpServer((_, response) => {
      response.writeHead(answer?.status ?? 200, answer?.headers).end(answer?.body);
    });
    const client = new MemoryApiClient({
      url: server.url,
      apiKey: "key",
      maxRetries: 0,
      breakerThreshold: 1e9,
      rateLimit: { perSecond: 1e6, burst: 1e6 },
      timeoutMs: 5_000,
      maxLimit: 10,
    });
    return async (random) => {
      answer = {
        status: statusOf(random),
        headers: headersOf(random),
        body: mutateSample(random, memoryLists),
      };
      const request = {
        contextId: random.pick(["CTX", "../x", "a/b?c#d", "🗝️\n"]),
        scope: { kind: "everything" },
        limit: 10,
      } as const;
      for await (const page of client.list(request, new AbortController().signal)) void page;
      return 1;
    };
  },
);

function statusOf(random: Random): number {
  return random.chance(0.8)
    ? 200
    : random.pick([204, 301, 307, 400, 401, 403, 404, 413, 418, 429, 500, 503, 599]);
}

function headersOf(random: Random): Record<string, string> {
  const known: Record<string, readonly string[]> = {
    "content-type": ["application/json", "text/html", "application/json; charset=utf-16", ""],
    location: ["http://127.0.0.1:1/", "//other.example/x", "/../..", "javascript:alert(1)", "%"],
    "retry-after": ["0", "-1", "1e9", "Wed, 21 Oct 2099 07:28:00 GMT", "soon"],
    "content-encoding": ["identity", "gzip", "zip"],
  };
  const chosen = Object.entries(known).filter(() => random.chance(0.3));
  return Object.fromEntries(chosen.map(([name, values]) => [name, random.pick(values)]));
}
