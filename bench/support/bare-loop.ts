import pMap from "p-map";
import { Pool } from "undici";
import { insertRequest } from "../../src/sinks/lightrag/server/insert-request.ts";
import { preparedMemories, type SinkSpeed, startNullSink } from "./world.ts";

/** The default of `ingestion.batch_size`: memories on their way at the same time. */
export const concurrency = 10;

/** Posts what a sync posts, with nothing around it: no ledger, no proof, no retries. Resolves to milliseconds. */
export async function bareLoop(count: number, speed: SinkSpeed): Promise<number> {
  const perRequest = speed.generation === "1.4" ? 1 : concurrency;
  const requests = insertsOf(count, perRequest);
  await using sink = await startNullSink(speed);
  const pool = new Pool(sink.url, { connections: concurrency });
  const headers = { "content-type": "application/json" };
  const startedAt = performance.now();
  await pMap(
    requests,
    async ({ path, body }) => {
      const answer = await pool.request({ method: "POST", path, headers, body });
      await answer.body.json();
    },
    { concurrency: concurrency / perRequest },
  );
  const ms = performance.now() - startedAt;
  await pool.close();
  return ms;
}

/** The requests of a sync of so many memories. */
export function insertsOf(count: number, perRequest: number) {
  const documents = preparedMemories(count).flatMap(({ prepared }) =>
    prepared.kind === "document" ? [prepared] : [],
  );
  return Array.from({ length: Math.ceil(documents.length / perRequest) }, (_, n) => {
    const { path, json } = insertRequest(documents.slice(n * perRequest, (n + 1) * perRequest));
    return { path: `/${path.join("/")}`, body: JSON.stringify(json) };
  });
}
