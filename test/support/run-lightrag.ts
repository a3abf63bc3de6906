import { parseArgs } from "node:util";
import { LightRagSimulator } from "./lightrag-simulator.ts";

/** Runs the simulated LightRAG server as a process of its own; prints its URL as one line of JSON. */
const { values } = parseArgs({
  options: {
    generation: { type: "string", default: "1.5" },
    port: { type: "string", default: "0" },
    workspace: { type: "string", default: "" },
    "api-key": { type: "string" },
    file: { type: "string" },
    "processing-ms": { type: "string", default: "0" },
    "answer-ms": { type: "string", default: "0" },
    "enqueue-ms": { type: "string", default: "0" },
    parallel: { type: "string", default: "2" },
  },
});
const simulator = new LightRagSimulator({
  generation: values.generation === "1.4" ? "1.4" : "1.5",
  port: Number(values.port),
  workspace: values.workspace,
  apiKey: values["api-key"],
  file: values.file,
  processingMs: Number(values["processing-ms"]),
  answerMs: Number(values["answer-ms"]),
  enqueueMs: Number(values["enqueue-ms"]),
  parallel: Number(values.parallel),
});
await simulator.start();
process.stdout.write(`${JSON.stringify({ url: simulator.url })}\n`);
process.once("SIGTERM", () => void simulator.stop());
