import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { firstPages, listAll } from "../../../test/support/memory-api-client.ts";
import { makeApiMemories } from "../../../test/support/memory-api-data.ts";
import { sourceInProcess } from "../../../test/support/memory-api-in-process.ts";
import { temporaryFolder } from "../../../test/support/temp-folder.ts";
import type { HttpRequest } from "../../kernel/http/http-request.ts";
import type { SourceHttp } from "../json-list/ask-list.ts";
import { MemoryApiClient } from "./memory-api-client.ts";

const signal = new AbortController().signal;

function sourceWith(count: number, settings: Parameters<typeof sourceInProcess>[1] = {}) {
  const source = sourceInProcess({}, settings);
  source.api.put("CTX", ...makeApiMemories(count));
  return source;
}

/** What a client asks for; nothing is answered. */
function askedBy(use: (client: MemoryApiClient) => Promise<unknown>, settings = {}): Promise<HttpRequest> {
  return new Promise((resolve) => {
    const stream = (request: HttpRequest) => {
      resolve(request);
      return Promise.reject(new Error("not answered"));
    };
    const http: SourceHttp = { stream, close: async () => {} };
    use(new MemoryApiClient({ url: "http://h", apiKey: "k", ...settings }, http)).catch(() => {});
  });
}

describe("a client of the Memory API", () => {
  it.each([
    ["http://bob:pw-secret@source/", "http://source"],
    ["http://source?api_key=pw-secret", "http://source/?api_key=***"],
  ])("tells whom it asked without what may be secret: %s", async (url, shown) => {
    const { client } = sourceWith(1, { url });
    const { server } = await client.check("CTX", signal);
    expect(decodeURIComponent(server)).toBe(shown);
  });

  it("asks for a list by context, limit and range", async () => {
    expect(await askedBy((client) => listAll(client, { contextId: "a/b", range: "week", limit: 7 }))).toEqual(
      {
        method: "GET",
        path: ["memory", "a/b"],
        query: { limit: 7, range: "week" },
      },
    );
  });

  it("checks a context by as little of it as there is", async () => {
    expect(await askedBy((client) => client.check("CTX", signal))).toEqual({
      method: "GET",
      path: ["memory", "CTX"],
      query: { limit: 1, range: "day" },
    });
    const { api, client } = sourceWith(1);
    await client.check("CTX", signal);
    expect(api.requests).toHaveLength(1);
    await expect(client.check("NONE", signal)).rejects.toMatchObject({
      code: "SOURCE_CONTEXT_NOT_FOUND",
      subject: 'context "NONE"',
    });
  });

  it.each([
    ["audio", "audio/*, */*;q=0.1"],
    ["image", "image/*, */*;q=0.1"],
  ] as const)("asks for %s of any type, with time for its size", async (kind, accept) => {
    const request = { contextId: "CTX", memoryId: "17", kind, maxBytes: 10 * 128 * 1024 };
    const settings = { timeoutMs: 1_000, maxRetries: 2 };
    expect(await askedBy((client) => client.download(request, "/nowhere", signal), settings)).toEqual({
      method: "GET",
      path: ["memory", "CTX", "17", kind],
      headers: { accept },
      attemptTimeoutMs: 11_000,
      totalTimeoutMs: 3 * (11_000 + 30_000),
    });
  });

  it("downloads a medium, and says of a missing one whose it is", async () => {
    const { api, client } = sourceWith(1);
    api.putMedium("CTX", "m0", "audio", "audio/mpeg", Buffer.from("sound"));
    const request = { contextId: "CTX", memoryId: "m0", kind: "audio", maxBytes: 100 } as const;
    const path = `${temporaryFolder()}/m`;
    expect(await client.download(request, path, signal)).toMatchObject({
      contentType: "audio/mpeg",
      bytes: 5,
    });
    expect(readFileSync(path, "utf8")).toBe("sound");
    await expect(client.download({ ...request, memoryId: "m1" }, path, signal)).rejects.toMatchObject({
      code: "MEDIA_NOT_FOUND",
      subject: 'audio of memory "m1"',
    });
  });

  it("closes what carries its requests, and starts with a closed circuit", async () => {
    let closed = 0;
    const http = { stream: () => Promise.reject(new Error()), close: async () => void closed++ };
    const client = new MemoryApiClient({ url: "http://h", apiKey: "k" }, http);
    expect(client.circuit.state).toBe("closed");
    await client.close();
    expect(closed).toBe(1);
  });
});

describe("an answer", () => {
  it("that breaks off is asked for again, and the whole one counts", async () => {
    const { api, client } = sourceWith(20);
    api.inject({ kind: "cut-json" }, { kind: "cut-json" });
    expect(await listAll(client, { range: "week" })).toMatchObject({ ids: { length: 20 }, truncated: null });
    expect(firstPages(api)).toHaveLength(3);
  });

  it("that breaks off each time is believed as far as the longest came, and is not all", async () => {
    const { api, client } = sourceWith(20);
    let answers = 0;
    api.beforeAnswer = () => {
      answers += 1;
      api.behaviour.cap = answers === 2 ? 20 : 8;
    };
    api.faultFor = () => ({ kind: "cut-json" });
    const { ids, truncated, pages } = await listAll(client, { range: "week" });
    expect(ids).toHaveLength(10);
    expect(truncated?.reason).toContain("ends in the middle of the list");
    expect(pages.at(-1)?.lore).toBeUndefined();
    expect(api.requests).toHaveLength(4);
  });

  it("that breaks off ends with the failure when nothing came before it, or when the caller goes", async () => {
    const { api, client } = sourceWith(20);
    api.faultFor = () => ({ kind: "reset" });
    await expect(listAll(client)).rejects.toMatchObject({ code: "SOURCE_UNREACHABLE" });
    const caller = new AbortController();
    api.faultFor = () => ({ kind: "cut-json" });
    api.beforeAnswer = () => caller.abort();
    const reading = client.listRange({ contextId: "CTX", range: "week", limit: 100 }, caller.signal);
    await expect(reading[Symbol.asyncIterator]().next()).rejects.toMatchObject({ name: "AbortError" });
  });

  it("that is a page of a proxy is no list", async () => {
    const { api, client } = sourceWith(20);
    api.faultFor = () => ({ kind: "body", body: "<html>Bad gateway</html>" });
    await expect(listAll(client)).rejects.toMatchObject({
      code: "SOURCE_BAD_ANSWER",
      message: expect.stringContaining("not JSON"),
    });
  });

  it("with more than may be held is given up, and says the bound", async () => {
    const { client } = sourceWith(20, { maxAnswerBytes: 1_000 });
    await expect(listAll(client)).rejects.toMatchObject({
      code: "SOURCE_ANSWER_TOO_LARGE",
      message: expect.stringContaining("answered with more than 1000 bytes"),
    });
  });

  it("with an item that is too large gives the others", async () => {
    const { api, client } = sourceWith(3, { maxItemBytes: 1_000 });
    api.faultFor = () => ({ kind: "large-item", id: "big", bytes: 2_000 });
    const { ids, pages } = await listAll(client, { range: "week" });
    expect(ids).toHaveLength(3);
    expect(pages.flatMap(({ malformed }) => malformed)).toMatchObject([
      { id: "big", code: "MEMORY_TOO_LARGE" },
    ]);
  });

  it.each([
    ["latin1", "iso-8859-1", null],
    ["latin1", null, "latin1"],
    ["latin1", "utf-8", "latin1"],
    ["utf-16le", "utf-16le", null],
  ] as const)("in %s, said to be in %s, is read with charset %s", async (charset, declared, configured) => {
    const { api, client } = sourceInProcess({}, { charset: configured });
    api.put("CTX", { id: "1", created_at: "2025-01-01T00:00:00Z", transcript: "crème" });
    api.faultFor = () => ({ kind: "charset", charset, declared });
    const { pages } = await listAll(client);
    expect(pages[0]?.memories[0]?.transcript).toBe("crème");
  });

  it("in a charset that nobody knows is refused by its name", async () => {
    const { api, client } = sourceWith(1);
    api.faultFor = () => ({ kind: "charset", charset: "latin1", declared: "klingon" });
    await expect(listAll(client)).rejects.toMatchObject({
      code: "SOURCE_CHARSET_UNKNOWN",
      message: expect.stringContaining('"klingon"'),
    });
  });
});
