/** Opens a folder of direct mode and asks it; prints `AskedFolder` as JSON. Argument: the folder. */
import { keepHeapSmall } from "../../src/kernel/util/v8.ts";

// As main.ts does for the command line.
keepHeapSmall();

const { createBuiltinEmbedder } = await import("../../src/sinks/lightrag/embedded/builtin/embedder.ts");
const { LightRagDirectReader } = await import("../../src/sinks/lightrag/embedded/light-rag-direct-reader.ts");
const { languageOf } = await import("../../src/kernel/language/language-of.ts");
const { NameExtractor } = await import("../../test/support/name-extractor.ts");
const { processorMsSince } = await import("../../test/support/processor-time.ts");
const { median } = await import("./figures.ts");

const repeats = 11;
const atOnce = 100;
const { signal } = new AbortController();
const models = { extraction: new NameExtractor(), embedding: createBuiltinEmbedder() };
const reader = new LightRagDirectReader({ workingDir: process.argv[2] ?? "", models });

let longest = 0;
let last = performance.now();
let isDone = false;
const watch = () => {
  longest = Math.max(longest, performance.now() - last);
  last = performance.now();
  if (!isDone) setImmediate(watch);
};

interface Cost {
  ms: number;
  processor: number;
}

async function costOf(work: () => Promise<unknown>): Promise<Cost> {
  const [began, processor] = [performance.now(), process.cpuUsage()];
  await work();
  return { ms: performance.now() - began, processor: processorMsSince(processor) };
}

// What is loaded once, whatever the folder, is not what a folder costs.
await languageOf("Who was that?");
last = performance.now();
watch();
const ready = await costOf(() => reader.connect(signal));
const knowledge = reader.knowledge();
const ask = (n: number) =>
  knowledge.query(
    { question: `Who met Anna on day ${n}?`, mode: "mix", topK: 40, chunkTopK: 20, answer: false },
    signal,
  );
const first = await costOf(() => ask(0));
const warm: Cost[] = [];
for (let n = 1; n <= repeats; n += 1) warm.push(await costOf(() => ask(n)));
await Promise.all(Array.from({ length: atOnce }, (_, n) => ask(n)));
isDone = true;
await reader.close();
const middle = (of: keyof Cost) => median(warm.map((cost) => cost[of]));
const asked = {
  ready: ready.ms,
  first: first.ms,
  warm: middle("ms"),
  processor: { ready: ready.processor, first: first.processor, warm: middle("processor") },
  silent: longest,
};
process.stdout.write(`${JSON.stringify(asked)}\n`);
