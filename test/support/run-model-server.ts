import { parseArgs } from "node:util";
import { startModelServer } from "./model-server.ts";

/** Runs the scripted model server as a process of its own; prints its URL as one line of JSON. */
const { values } = parseArgs({
  options: { port: { type: "string", default: "0" }, dimensions: { type: "string", default: "32" } },
});
const model = await startModelServer({ port: Number(values.port), dimensions: Number(values.dimensions) });
process.stdout.write(`${JSON.stringify({ url: model.url })}\n`);
process.once("SIGTERM", () => void model.stop());
