import { setTimeout as delay } from "node:timers/promises";
import type { LightRagTiming } from "../../../src/sinks/lightrag/server/options.ts";
import { listingAnswer } from "../../../src/sinks/lightrag/server/wire.ts";
import type { Random } from "../../fuzz/support/random.ts";
import { quickTiming } from "../lightrag-quick-client.ts";
import { LightRagSimulator } from "../lightrag-simulator.ts";
import { type ModelServer, startModelServer } from "../model-server.ts";
import { type PythonLightRag, startPythonLightRag } from "../python-lightrag.ts";

/** A LightRAG that documents go to in a hostile week. */
export interface WeekSink {
  readonly url: string;
  readonly timing: Partial<LightRagTiming>;
  /** Words that make it refuse a document. */
  readonly poison: readonly string[];
  /** Something goes wrong from now on; what, for the trace. */
  drawFault(random: Random): string;
  /** Nothing goes wrong any more but what is poison. */
  calm(): Promise<void>;
  stop(): Promise<void>;
}

/** A document as LightRAG lists it. */
export interface HeldDocument {
  name: string;
  status: string;
  /** LightRAG's own time of the insert: another one after a run says that the document was sent again. */
  createdAt: string;
  summary: string;
  length: number;
}

/** What the model refuses, and what the server refuses as soon as it comes. */
const poison = { model: "POISONMODEL", door: "POISONDOOR" };

const pageSize = 200;

/** All documents, notes of refused duplicates left out. */
export async function documentsAt(url: string, signal?: AbortSignal): Promise<HeldDocument[]> {
  const held: HeldDocument[] = [];
  for (let page = 1; ; page += 1) {
    const query = { page, page_size: pageSize, sort_field: "id", sort_direction: "asc" };
    const answer = await fetch(`${url}/documents/paginated`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(query),
      signal: signal ?? null,
    });
    const body = (await answer.json()) as { documents: (Record<string, string> & { metadata?: object })[] };
    const { documents, pagination } = listingAnswer.parse(body);
    documents.forEach((row, index) => {
      if (row.metadata?.is_duplicate === true) return;
      held.push({
        name: row.file_path ?? "",
        status: row.status.toLowerCase(),
        createdAt: body.documents[index]?.created_at ?? "",
        summary: row.content_summary ?? "",
        length: row.content_length ?? 0,
      });
    });
    if (page >= pagination.total_pages) return held;
  }
}

const inserts = "POST /documents/text";
const listings = "POST /documents/paginated";
const html = { status: 502, body: "<html>Bad gateway</html>" };

type Fault = Parameters<LightRagSimulator["fail"]>[0];

/** The next few requests of a route. */
function some(random: Random, fault: Fault): Fault {
  return { ...fault, skip: random.below(3), times: 1 + random.below(4) };
}

const faults: Readonly<Record<string, (sink: LightRagSimulator, random: Random) => void | Promise<void>>> = {
  "insert reset": (sink, random) => sink.fail(some(random, { route: inserts, kind: "reset" })),
  "insert taken, then reset": (sink, random) =>
    sink.fail(some(random, { route: inserts, kind: "reset", acts: true })),
  "insert taken, answer cut": (sink, random) =>
    sink.fail(some(random, { route: inserts, kind: "cut", acts: true })),
  "insert hangs": (sink) => sink.fail({ route: inserts, kind: "hang", acts: true }),
  "insert 500": (sink, random) =>
    sink.fail(some(random, { route: inserts, kind: "answer", answer: { status: 500, body: {} } })),
  "insert 502": (sink, random) => sink.fail(some(random, { route: inserts, kind: "answer", answer: html })),
  "insert taken, then 502": (sink, random) =>
    sink.fail(some(random, { route: inserts, kind: "answer", answer: html, acts: true })),
  "insert 200 and nonsense": (sink, random) =>
    sink.fail(some(random, { route: inserts, kind: "answer", answer: { status: 200, body: [1] } })),
  "listing 502": (sink) => sink.fail({ route: listings, kind: "answer", answer: html, times: 3 }),
  "listing reset": (sink) => sink.fail({ route: listings, kind: "reset", times: 3 }),
  "deletion reset": (sink) => sink.fail({ route: "DELETE", kind: "reset", acts: true }),
  "slow queue": (sink) => void Object.assign(sink.options, { enqueueMs: 400 }),
  "slow work": (sink) => void Object.assign(sink.options, { processingMs: 30 }),
  "slow insert": (sink) => void Object.assign(sink.options, { answerMs: 120 }),
  restart: (sink, random) => restart(sink, random.below(200)),
};

async function restart(server: Pick<LightRagSimulator, "kill" | "start">, afterMs: number): Promise<void> {
  await delay(afterMs);
  await server.kill();
  await server.start();
}

/** A simulated LightRAG with every fault that is known. Poison is refused by its model, and some of it already at the door. */
export async function simulatedSink(generation: "1.4" | "1.5"): Promise<WeekSink> {
  const sink = new LightRagSimulator({ generation, parallel: 4 });
  await sink.start();
  sink.model = { refuseText: poison.model };
  const refuseAtTheDoor = () =>
    sink.fail({
      route: inserts,
      kind: "answer",
      holding: poison.door,
      answer: { status: 500, body: { detail: "Internal server error (error_id: 7)" } },
      times: Number.POSITIVE_INFINITY,
    });
  refuseAtTheDoor();
  let restarted: Promise<unknown> = Promise.resolve();
  return {
    url: sink.url,
    poison: Object.values(poison),
    timing: { ...quickTiming, attemptTimeoutMs: 500, settleMs: 300, removeMs: 3_000 },
    drawFault: (random) => {
      const names = Array.from({ length: random.below(3) }, () => random.pick(Object.keys(faults)));
      restarted = Promise.all([...new Set(names)].map((name) => faults[name]?.(sink, random)));
      return names.join(" + ");
    },
    calm: async () => {
      await restarted;
      sink.faults.clear();
      refuseAtTheDoor();
      Object.assign(sink.options, { enqueueMs: 0, processingMs: 0, answerMs: 0 });
    },
    stop: () => sink.stop(),
  };
}

/** A real LightRAG whose model fails in passing, and which dies and comes back. */
export async function realSink(generation: "1.4" | "1.5"): Promise<WeekSink> {
  const model = await startModelServer();
  const server = await startPythonLightRag({ generation, modelUrl: model.url });
  return new RealSink(model, server);
}

class RealSink implements WeekSink {
  readonly url: string;
  readonly timing = { ...quickTiming, attemptTimeoutMs: 20_000, settleMs: 5_000 };
  readonly poison = [poison.model];
  readonly #model: ModelServer;
  readonly #server: PythonLightRag;
  #restarted: Promise<void> = Promise.resolve();

  constructor(model: ModelServer, server: PythonLightRag) {
    this.#model = model;
    this.#server = server;
    this.url = server.url;
    this.#model.faults = { refuseText: poison.model };
  }

  drawFault(random: Random): string {
    const kind = random.below(6);
    if (kind === 0) this.#restarted = restart(this.#server, random.below(3_000));
    if (kind === 1) this.#model.faults = { refuseText: poison.model, latencyMs: 200 };
    return kind === 0 ? "restart" : kind === 1 ? "slow model" : "";
  }

  async calm(): Promise<void> {
    this.#model.faults = { refuseText: poison.model };
    await this.#restarted;
  }

  async stop(): Promise<void> {
    await this.#restarted;
    await this.#server.stop();
    await this.#model.stop();
  }
}
