import { expect, it } from "vitest";
import { startModelServer } from "../support/model-server.ts";
import { lightragMissing, startPythonLightRag } from "../support/python-lightrag.ts";

// Reporters do not show why tests were skipped.
if (lightragMissing !== null) console.warn(lightragMissing);

it.skipIf(lightragMissing !== null).each(["1.4", "1.5"] as const)(
  "a real LightRAG %s indexes what the scripted model finds, and keeps it over a kill",
  async (generation) => {
    const model = await startModelServer();
    const server = await startPythonLightRag({ generation, modelUrl: model.url });
    try {
      await call(`${server.url}/documents/text`, {
        text: "Alice Smith met Bob Jones in Paris. Bob Jones considers international collaboration.",
        file_source: "one.md",
      });
      await expect
        .poll(() => statuses(server.url), { timeout: 60_000, interval: 200 })
        .toEqual(["processed"]);
      const entities = ["Alice Smith", "Bob Jones", "Paris", "collaboration", "international"];
      expect(await call(`${server.url}/graph/label/list`)).toEqual(entities);
      await server.kill();
      await server.start();
      expect(await statuses(server.url)).toEqual(["processed"]);
      expect(await call(`${server.url}/graph/label/list`)).toEqual(entities);
    } finally {
      await server.stop();
      await model.stop();
    }
  },
);

async function statuses(url: string): Promise<string[]> {
  const listing = (await call(`${url}/documents/paginated`, {})) as { documents: { status: string }[] };
  return listing.documents.map((document) => document.status);
}

async function call(url: string, body?: unknown): Promise<unknown> {
  const post = {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  };
  const response = await fetch(url, body === undefined ? {} : post);
  expect(response.status).toBe(200);
  return response.json();
}
