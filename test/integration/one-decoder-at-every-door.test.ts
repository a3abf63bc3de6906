import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { HttpClient } from "../../src/kernel/http/http-client.ts";
import { startTestApi } from "../support/api-server.ts";
import { runCli } from "../support/cli.ts";
import { startHttpServer } from "../support/http-server.ts";
import { startWorld } from "../support/sync-world.ts";

const latin1 = (text: string) => Buffer.from(text, "latin1");
const never = new AbortController().signal;

describe("the management API", () => {
  it.each([
    ["application/json; charset=iso-8859-1", latin1('{"id":"caf\xe9"}'), 415, "API_MEDIA_TYPE", "iso-8859-1"],
    ["application/json; charset=utf-16le", Buffer.from("{}", "utf16le"), 415, "API_MEDIA_TYPE", "utf-16le"],
    ["application/json", latin1('{"id":"caf\xe9"}'), 400, "API_REQUEST_INVALID", "byte 0xE9"],
    ["application/json", Buffer.from('{"id":"a","id":"b"}'), 400, "API_REQUEST_INVALID", '"id" twice'],
    ["application/json", Buffer.from('{"x":{"a":1,"\\u0061":2}}'), 400, "API_REQUEST_INVALID", '"a" twice'],
    ["application/json", Buffer.from('{"id":"\\ud800"}'), 400, "API_REQUEST_INVALID", "unpaired surrogate"],
    ["application/json", Buffer.from("[".repeat(100_000)), 400, "API_REQUEST_INVALID", "nested deeper"],
  ])("takes nothing else than it was sent: %s %.30s", async (type, body, status, code, words) => {
    const { url, configuredKey } = await startTestApi();
    const headers = { "content-type": type, "x-api-key": configuredKey };
    const answer = await fetch(`${url}/connectors`, { method: "POST", headers, body });
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ code, title: expect.stringContaining(words) });
  });
});

describe("a configuration", () => {
  it.each(["config.yaml", ".env"])(
    "with bytes that are no text in %s is refused with file and line",
    async (name) => {
      const { folder } = await startWorld({ memories: 0 });
      writeFileSync(join(folder, name), latin1("# one\n# two\nKEY=caf\xe9\n"));
      const { code, err } = await runCli(["validate"], { cwd: folder });
      expect(code).not.toBe(0);
      expect(err).toContain("CONFIG_UNREADABLE");
      expect(err).toMatch(
        new RegExp(`${name.replace(".", "\\.")} is not a text in UTF-8: line 3 has byte 0xE9`, "u"),
      );
    },
  );
});

describe("answers of other services", () => {
  async function answerTo(type: string, body: Buffer) {
    const server = await startHttpServer((_, response) => {
      response.writeHead(200, { "content-type": type }).end(body);
    });
    const client = new HttpClient({
      baseUrl: server.url,
      attemptTimeoutMs: 5_000,
      totalTimeoutMs: 10_000,
      maxBodyBytes: 1e6,
      maxConcurrent: 1,
      retry: { maxRetries: 0, baseMs: 1, multiplier: 1, capMs: 1 },
      clock: { now: Date.now, monotonic: () => performance.now(), sleep: async () => {} },
      random: () => 0,
    });
    return client.json({ method: "GET", path: [] }, never).finally(() => client.close());
  }

  it("are read in the charset that they name", async () => {
    const { body } = await answerTo("application/json; charset=iso-8859-1", latin1('{"a":"caf\xe9"}'));
    expect(body).toEqual({ a: "café" });
    expect((await answerTo("application/json; charset=x-unheard-of", Buffer.from('{"a":"é"}'))).body).toEqual(
      { a: "é" },
    );
  });

  it("are refused when they are no text, name something twice or nest without end", async () => {
    const cases = [latin1('{"a":"caf\xe9"}'), Buffer.from('{"a":1,"a":2}'), Buffer.from("[".repeat(100_000))];
    for (const body of cases)
      await expect(answerTo("application/json", body)).rejects.toMatchObject({ failure: "not-json" });
  });
});
