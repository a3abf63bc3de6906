import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { readConfig } from "../../../src/config/read-config.ts";
import { fileSourceOf } from "../../../src/documents/file-source.ts";
import { templateProblems } from "../../../src/documents/template/template-check.ts";
import { lockFileName } from "../../../src/kernel/util/process-lock.ts";
import { OpenAiChat } from "../../../src/sinks/lightrag/embedded/models/openai-chat.ts";
import { MemoryApiClient } from "../../../src/sources/memory-api/memory-api-client.ts";
import { startTestApi } from "../../support/api-server.ts";
import { startHttpServer } from "../../support/http-server.ts";
import { temporaryFolder } from "../../support/temp-folder.ts";

const { signal } = new AbortController();
const hostile = ["a\r\nX-Forged: yes", "a\nb", "a\u0000b", "ключ", "a\u2028b"];

/** Remembers what requests carry. */
async function recordingServer() {
  const requests: { url: string; headers: Record<string, unknown> }[] = [];
  const server = await startHttpServer((request, response) => {
    requests.push({ url: request.url ?? "", headers: request.headers });
    response.writeHead(404, { "content-type": "application/json" }).end("{}");
  });
  return { url: server.url, requests };
}

test.each(hostile)(
  "a key such as %j adds no header to a request to the Memory API or a model",
  async (key) => {
    const { url, requests } = await recordingServer();
    const source = new MemoryApiClient({ url, apiKey: key, maxRetries: 0 });
    const retry = { maxRetries: 0, baseMs: 1, multiplier: 1, capMs: 1 };
    const chat = new OpenAiChat({
      baseUrl: url,
      model: "m",
      apiKey: key,
      concurrency: 1,
      timeoutMs: 1000,
      retry,
    });
    onTestFinished(async () => {
      await source.close();
      await chat.close();
    });
    const coded = { name: "ConnectorError" };
    await expect(source.check("CTX", signal)).rejects.toMatchObject(coded);
    await expect(chat.complete([{ role: "user", content: "?" }], {}, signal)).rejects.toMatchObject(coded);
    for (const { headers } of requests) expect(headers).not.toHaveProperty("x-forged");
  },
);

test("ids in paths and queries stay what they are: parts of the path below the base URL", async () => {
  const { url, requests } = await recordingServer();
  const source = new MemoryApiClient({ url: `${url}/base`, apiKey: "k", maxRetries: 0 });
  onTestFinished(() => source.close());
  for (const id of ["../admin", "a/b", "?x=1", "#f", "%2e%2e", "a\r\nHost: b", "@other.example/"]) {
    await source.check(id, signal).catch(() => undefined);
    const media = { contextId: id, memoryId: id, kind: "audio", maxBytes: 10 } as const;
    await source.download(media, join(temporaryFolder(), "x"), signal).catch(() => undefined);
  }
  expect(requests.length).toBeGreaterThan(10);
  for (const request of requests) {
    expect(request.url).toMatch(/^\/base\/memory\/[^/?#]+(\/[^/?#]+)*(\?limit=\d+&range=\w+)?$/u);
    expect(request.headers.host).toBe(new URL(url).host);
  }
});

test("a request id that would forge a header or a line of the log is replaced", async () => {
  const { url } = await startTestApi();
  const idOf = async (id: string) =>
    (await fetch(`${url}/health`, { headers: { "x-request-id": id } })).headers.get("x-request-id");
  expect(await idOf("job-17.a")).toBe("job-17.a");
  expect(await idOf('x" level=ERROR')).toMatch(/^[0-9a-f-]{36}$/u);
  expect(await idOf("y".repeat(500))).toMatch(/^[0-9a-f-]{36}$/u);
});

/** What would make a path, a drive, a line or an end out of a file's name. */
const notFlat = "/\\:\n\u0000~";

test("names of documents and of lock files are flat, whatever the ids are", () => {
  const parts = fc.array(
    fc.constantFrom("../", "/", "\\", "..", ".", "\u0000", "C:", "~", "a", "ü", "\n", "%2e"),
  );
  const ids = parts.map((list) => list.join("") || "x");
  fc.assert(
    fc.property(ids, ids, (contextId, memoryId) => {
      for (const name of [fileSourceOf(contextId, memoryId), lockFileName(contextId)]) {
        expect([...name].filter((character) => notFlat.includes(character))).toEqual([]);
        expect(name.length).toBeGreaterThan(3);
      }
    }),
    { seed: 7, numRuns: 500 },
  );
});

test("a template can neither read a file nor reach beyond the variables that there are", () => {
  for (const template of [
    "{{> ../../etc/passwd}}",
    "{{constructor}}",
    "{{__proto__.polluted}}",
    "{{=<% %>=}}<%x%>",
  ]) {
    expect(templateProblems(template), template).not.toEqual([]);
  }
});

test("a secret's file is read, bounded and never shown, wherever it is", () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "big"), "x".repeat(100_000));
  const config = (key: string) =>
    `memory_api: { url: "http://127.0.0.1:1", api_key: "${key}" }\nconnectors: [{ id: a, context_id: C }]`;
  for (const path of ["big", ".", "/dev/zero", "../missing"]) {
    writeFileSync(join(folder, "config.yaml"), config(`\${file:${path}}`));
    const read = () => readConfig({ path: "config.yaml", environment: {}, workingFolder: folder });
    expect(read).toThrow(expect.objectContaining({ code: "CONFIG_INVALID" }));
  }
  expect(readdirSync(folder).toSorted()).toEqual(["big", "config.yaml"]);
});
