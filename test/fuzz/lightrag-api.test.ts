import { onTestFinished } from "vitest";
import type { OutgoingDocument } from "../../src/sinks/lightrag/light-rag-client.ts";
import { LightRagApiClient } from "../../src/sinks/lightrag/server/light-rag-api-client.ts";
import { startHttpServer } from "../support/http-server.ts";
import { LightRagSimulator } from "../support/lightrag-simulator.ts";
import { fuzz } from "./support/fuzz.ts";
import { mutateSample } from "./support/mutate.ts";
import type { Random } from "./support/random.ts";
import { json } from "./support/samples.ts";

for (const generation of ["1.4", "1.5"] as const) {
  fuzz(
    `every answer of a LightRAG ${generation} server is taken or refused by the client`,
    0.03,
    async () => {
      const simulator = new LightRagSimulator({ generation, processingMs: 0, enqueueMs: 0, deletingMs: 0 });
      await simulator.start();
      onTestFinished(() => simulator.stop());
      const between = await standBetween(simulator.url);
      const timing = {
        attemptTimeoutMs: 5_000,
        retry: { maxRetries: 0, baseMs: 1, multiplier: 1, capMs: 1 },
        pollMs: 1,
        graceMs: 5,
        settleMs: 5,
        removeMs: 20,
      };
      const client = new LightRagApiClient({
        url: between.url,
        timeoutMs: 5_000,
        timing,
        circuitBreaker: { failures: 1e9, cooldownMs: 1 },
      });
      onTestFinished(() => client.close());
      await client.connect(new AbortController().signal);
      return async (random) => {
        between.random = random;
        between.bodies = 0;
        try {
          await useClient(client, random);
        } finally {
          between.random = null;
        }
        return Math.max(1, between.bodies);
      };
    },
  );
}

async function useClient(client: LightRagApiClient, random: Random): Promise<void> {
  const { signal } = new AbortController();
  const document: OutgoingDocument = {
    fileSource: `m${random.below(50)}@CTX.md`,
    text: `Text ${random.below(50)}`,
  };
  const documentId = client.predictDocumentId(document);
  const reader = client.knowledge();
  const query = { question: "Who is it?", mode: "mix", topK: 5, chunkTopK: 5, answer: false } as const;
  const use = random.pick([
    () => client.connect(signal),
    () => client.submit([document], signal),
    () => client.find([{ fileSource: document.fileSource, documentId, trackId: "track-1" }], signal),
    () => client.remove([documentId], signal),
    () => client.isBusy(signal),
    () => client.resumeInterrupted(signal),
    () => reader.query(query, signal),
    () => reader.graph(signal),
    () => reader.entity("A", signal),
    () => reader.entitiesOf(document.fileSource, signal),
    () => reader.findNames("a", 5, signal),
  ]);
  await use();
}

const entity = {
  id: "A",
  labels: ["A"],
  properties: { entity_id: "A", entity_type: "x", description: "d<SEP>e" },
};
const edge = {
  id: "e",
  type: "DIRECTED",
  source: "A",
  target: "B",
  properties: { weight: 1, keywords: "k" },
};

/** What the simulator does not have: answers about knowledge, as a server gives them. */
const knowledge: Readonly<Record<string, unknown>> = {
  "/graphs": { nodes: [entity, { ...entity, id: "B" }], edges: [edge], is_truncated: false },
  "/graph/label/list": ["A", "B"],
  "/graph/label/search": ["A"],
  "/query/data": {
    status: "success",
    message: "",
    data: {
      entities: [
        { entity_name: "A", entity_type: "x", description: "d", file_path: "m1@CTX.md", source_id: "c" },
      ],
      relationships: [
        { src_id: "A", tgt_id: "B", description: "d", keywords: "k", weight: 1, file_path: "f" },
      ],
      chunks: [{ content: "text", file_path: "m1@CTX.md", chunk_id: "chunk-1" }],
      references: [],
    },
    metadata: { keywords: { high_level: ["a"], low_level: ["b"] } },
  },
};

/** Passes requests on and, while it has random choices to go by, changes the answers. */
async function standBetween(target: string) {
  const between = { url: "", random: null as Random | null, bodies: 0 };
  const server = await startHttpServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const path = request.url ?? "/";
    const known = knowledge[path.split("?")[0] ?? ""];
    const { status, body } =
      known === undefined
        ? await passedOn(target + path, request.method ?? "GET", Buffer.concat(chunks))
        : { status: 200, body: json(known) };
    between.bodies += 1;
    const { random } = between;
    if (random === null) return void answer(status, body);
    const isChanged = random.chance(0.7);
    answer(
      random.chance(0.05) ? random.pick([200, 400, 401, 409, 413, 429, 500]) : status,
      isChanged ? mutateSample(random, [body]) : body,
    );

    function answer(code: number, content: Buffer): void {
      response.writeHead(code, { "content-type": "application/json" }).end(content);
    }
  });
  between.url = server.url;
  return between;
}

async function passedOn(url: string, method: string, body: Buffer) {
  const init = body.length === 0 ? { method } : { method, body: new Uint8Array(body) };
  const answer = await fetch(url, { ...init, headers: { "content-type": "application/json" } });
  return { status: answer.status, body: Buffer.from(await answer.arrayBuffer()) };
}
