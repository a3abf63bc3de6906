/**
 * Entry point of a worker thread: turns texts into vectors, one after another. The runtime computes in the thread that asks it, so that a service
 * would stand still meanwhile.
 */
import { parentPort, workerData } from "node:worker_threads";
import type { ModelFolder } from "./model-folder.ts";
import { loadSentenceModel } from "./sentence-model.ts";

/** A text to embed. */
export interface Asked {
  number: number;
  text: string;
}
/** Its vector, or why there is none. */
export type Answered = { number: number; vector: Float32Array } | { number: number; failure: string };

const model = loadSentenceModel(workerData as ModelFolder);
// Every request tells what became of it.
model.catch(() => undefined);

parentPort?.on("message", async ({ number, text }: Asked) => {
  parentPort?.postMessage(await answer(number, text));
});

async function answer(number: number, text: string): Promise<Answered> {
  try {
    return { number, vector: await (await model).embed(text) };
  } catch (error) {
    return { number, failure: (error as Error).message.split("\n")[0] ?? "" };
  }
}
