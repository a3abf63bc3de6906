import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { runCli } from "../support/cli.ts";
import { loadContextFile } from "../support/memory-api-data.ts";
import { MemoryApiSimulator } from "../support/memory-api-simulator.ts";
import { startModelServer } from "../support/model-server.ts";
import { lightragMissing, startPythonLightRag } from "../support/python-lightrag.ts";
import { temporaryFolder } from "../support/temp-folder.ts";

const data = fileURLToPath(new URL("../../../shared/data/memories-CTX26.json", import.meta.url));
const missing =
  lightragMissing ?? (existsSync(data) ? null : "skipped: the conversations in ../shared/data are not here");
if (missing !== null) console.log(missing);

const memoryCount = 301;

test.skipIf(missing !== null)(
  "a real conversation goes into a real LightRAG server, each memory proved by LightRAG's own endpoints, and a second sync sends nothing",
  async () => {
    const { contextId, memories } = loadContextFile(data);
    const source = await MemoryApiSimulator.start();
    source.put(contextId, ...memories.slice(0, memoryCount));
    const model = await startModelServer();
    const server = await startPythonLightRag({ generation: "1.5", modelUrl: model.url });
    onTestFinished(async () => {
      await server.stop();
      await model.stop();
      await source.close();
    });
    const folder = temporaryFolder();
    writeFileSync(
      join(folder, "config.yaml"),
      JSON.stringify({
        lightrag: { api: { url: server.url, max_in_flight: 100 } },
        memory_api: { url: source.url, api_key: source.key },
        connectors: [{ id: "real", context_id: contextId, ingestion: { query_range: "all" } }],
      }),
    );

    const first = await runCli(["sync", "--json"], { cwd: folder });
    expect(first.code, first.err || first.out).toBe(0);
    expect(JSON.parse(first.out).runs[0].counts).toMatchObject({
      fetched: memoryCount,
      processed: memoryCount,
    });
    const counted = { status_counts: { processed: memoryCount, all: memoryCount } };
    expect(await ask(`${server.url}/documents/status_counts`)).toMatchObject(counted);

    const names: string[] = await ask(`${server.url}/graph/label/list`);
    for (const name of ["Caroline", "Melanie"]) expect(names).toContain(name);

    const calls = { ...model.calls };
    const second = await runCli(["sync", "--json"], { cwd: folder });
    expect(JSON.parse(second.out).runs[0].counts).toMatchObject({
      unchanged: memoryCount,
      submitted: 0,
      adopted: 0,
    });
    expect(model.calls).toEqual(calls);

    const query = await runCli(["query", "What does Melanie paint?", "--json"], { cwd: folder });
    expect(query.code, query.err).toBe(0);
    expect(JSON.parse(query.out).chunks[0].memory.contextId).toBe(contextId);
  },
  900_000,
);

async function ask(url: string): Promise<never> {
  const answer = await fetch(url);
  expect(answer.status).toBe(200);
  return (await answer.json()) as never;
}
