import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { MemoryApiClient } from "../../src/sources/memory-api/memory-api-client.ts";
import { firstPages, listAll, startSource } from "../support/memory-api-client.ts";
import { makeApiMemories } from "../support/memory-api-data.ts";
import type { MemoryApiFault } from "../support/memory-api-faults.ts";
import { temporaryFolder } from "../support/temp-folder.ts";

const never = new AbortController().signal;

async function startWithMemories(count = 20, settings: Parameters<typeof startSource>[1] = {}) {
  const source = await startSource({}, settings);
  source.api.put("CTX", ...makeApiMemories(count));
  return source;
}

const passing = [
  ["is reset before it begins", { kind: "reset" }],
  ["is reset in its body", { kind: "reset-in-body" }],
  ["is answered with 500", { kind: "status", status: 500 }],
  ["is answered with 503 by a proxy", { kind: "status", status: 503 }],
  ["is answered with 408", { kind: "status", status: 408 }],
  ["is cut JSON", { kind: "cut-json" }],
  ["is a proxy's error page", { kind: "body", body: "<html>Bad gateway</html>" }],
] satisfies [string, MemoryApiFault][];

describe("a listing survives an answer that", () => {
  it.each(passing)("%s", async (_name, fault) => {
    const { api, client } = await startWithMemories();
    api.inject(fault, fault);
    expect(await listAll(client, { range: "week" })).toMatchObject({ ids: { length: 20 }, truncated: null });
    expect(firstPages(api)).toHaveLength(3);
  });

  it.each([
    ["never begins", { kind: "silent" }],
    ["stops in its body", { kind: "hang-in-body" }],
    ["drips for longer than an attempt may take", { kind: "drip", pieces: 1_000, pauseMs: 5 }],
  ] satisfies [string, MemoryApiFault][])("%s", async (_name, fault) => {
    const { api, client } = await startWithMemories(20, { timeoutMs: 300 });
    api.inject(fault);
    expect((await listAll(client)).ids).toHaveLength(20);
  });

  it("comes in many small pieces, or under the wrong content type", async () => {
    const { api, client } = await startWithMemories();
    api.inject({ kind: "drip", pieces: 50, pauseMs: 1 }, { kind: "content-type", contentType: "text/plain" });
    expect((await listAll(client, { range: "week" })).ids).toHaveLength(20);
    expect((await listAll(client, { range: "week" })).ids).toHaveLength(20);
    expect(firstPages(api)).toHaveLength(2);
  });

  it("holds malformed items and one memory twice", async () => {
    const { api, client } = await startWithMemories();
    const twice = {
      id: "m3",
      created_at: "2025-12-01T00:00:00Z",
      transcript: "\ud800 twice",
      updated_at: "2020-01-01",
    };
    api.inject({ kind: "malformed-items", items: [null, 7, { id: "x" }, twice] });
    const { ids, pages } = await listAll(client);
    expect(ids.toSorted()).toEqual(
      makeApiMemories(20)
        .map(({ id }) => id)
        .toSorted(),
    );
    expect(pages.flatMap(({ malformed }) => malformed)).toHaveLength(3);
  });
});

describe("Retry-After", () => {
  it.each(["seconds", "date"] as const)(
    "as %s decides how long a 429 is waited for",
    async (retryAfterForm) => {
      const { api, client, clock } = await startWithMemories();
      clock.set(Date.now());
      api.inject({ kind: "status", status: 429, retryAfterSeconds: 7, retryAfterForm });
      await listAll(client);
      expect(clock.sleeps).toHaveLength(1);
      expect(clock.sleeps[0]).toBeGreaterThanOrEqual(6_000);
      expect(clock.sleeps[0]).toBeLessThanOrEqual(8_000);
    },
  );

  it("that no call can wait for becomes the error's", async () => {
    const { api, client } = await startWithMemories();
    api.inject({ kind: "status", status: 429, retryAfterSeconds: 500 });
    await expect(listAll(client)).rejects.toMatchObject({
      code: "SOURCE_RATE_LIMITED",
      retryAfterMs: 500_000,
    });
  });
});

describe("what cannot be helped by trying again", () => {
  it("is a wrong key, told with a hint and without the key", async () => {
    const { api, client } = await startWithMemories(1, { apiKey: "a-wrong-and-secret-key" });
    const error = await listAll(client).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: "SOURCE_UNAUTHORIZED", reaction: "stop-run", status: 401 });
    expect(error.format()).toContain("MEMORY_API_KEY");
    expect(error.format()).not.toContain("a-wrong-and-secret-key");
    expect(firstPages(api)).toHaveLength(1);
  });

  it.each([
    [403, "SOURCE_FORBIDDEN"],
    [400, "SOURCE_REFUSED"],
    [422, "SOURCE_REFUSED"],
  ])("is a %i: %s", async (status, code) => {
    const { api, client } = await startWithMemories();
    api.inject({ kind: "status", status });
    await expect(listAll(client)).rejects.toMatchObject({ code });
    expect(firstPages(api)).toHaveLength(1);
  });

  it.each(["NONE", "..", "a/b"])("is a context that does not exist: %s", async (contextId) => {
    const { client } = await startWithMemories();
    const error = await listAll(client, { contextId }).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: "SOURCE_CONTEXT_NOT_FOUND" });
    expect(error.message).toContain(JSON.stringify(contextId));
  });

  it("is a URL that says https where the server speaks http", async () => {
    const { api } = await startWithMemories();
    const client = new MemoryApiClient({ url: api.url.replace("http:", "https:"), apiKey: api.key });
    await expect(listAll(client)).rejects.toMatchObject({ code: "SOURCE_TLS" });
    await client.close();
  });

  it("is an answer that is no list", async () => {
    const { api, client } = await startWithMemories();
    api.inject({ kind: "body", contentType: "application/json", body: '{"status":"ok"}' });
    await expect(listAll(client)).rejects.toMatchObject({ code: "SOURCE_BAD_ANSWER" });
  });

  it("is an answer larger than may be held", async () => {
    const { client } = await startWithMemories(90, { maxAnswerBytes: 2_000 });
    await expect(listAll(client)).rejects.toMatchObject({ code: "SOURCE_ANSWER_TOO_LARGE" });
  });
});

describe("a source that stays away", () => {
  it.each([
    ["SOURCE_UNAVAILABLE", { kind: "status", status: 502 }],
    ["SOURCE_UNREACHABLE", { kind: "reset" }],
    ["SOURCE_BAD_ANSWER", { kind: "body", body: '{"mem' }],
  ] satisfies [string, MemoryApiFault][])(
    "ends a listing with %s after all attempts",
    async (code, fault) => {
      const { api, client } = await startWithMemories();
      api.faultFor = () => fault;
      const error = await listAll(client).catch((thrown) => thrown);
      expect(error).toMatchObject({ code });
      expect(error.message).toContain("(4 attempts)");
      expect(firstPages(api)).toHaveLength(4);
    },
  );

  it("is SOURCE_UNREACHABLE when nobody listens and SOURCE_TIMEOUT when nobody answers", async () => {
    const { api, client } = await startWithMemories(1, { timeoutMs: 30 });
    api.faultFor = () => ({ kind: "silent" });
    await expect(listAll(client)).rejects.toMatchObject({ code: "SOURCE_TIMEOUT" });
    await api.close();
    await expect(listAll(client)).rejects.toMatchObject({ code: "SOURCE_UNREACHABLE" });
  });

  it("is tried as often as the settings say, even when that is more than would open the circuit", async () => {
    const { api, client } = await startWithMemories(1, { maxRetries: 6, breakerThreshold: 3 });
    api.faultFor = () => ({ kind: "status", status: 500 });
    await expect(listAll(client)).rejects.toMatchObject({ code: "SOURCE_UNAVAILABLE" });
    expect(firstPages(api)).toHaveLength(7);
  });

  it("is left alone after many failures, says since and until when, and is taken up again afterwards", async () => {
    const { api, client, clock } = await startWithMemories(3, { maxRetries: 1, breakerThreshold: 4 });
    const states: string[] = [];
    client.onCircuitChange(({ state }) => states.push(state));
    api.faultFor = () => ({ kind: "status", status: 500 });
    await listAll(client).catch(() => {});
    await listAll(client).catch(() => {});
    const error = await listAll(client).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: "SOURCE_BREAKER_OPEN", reaction: "retry", retryAfterMs: 60_000 });
    expect(error.message).toMatch(/failed 4 times in a row.*left alone since 2026-.*Z until 2026-.*Z/);
    expect(client.circuit).toMatchObject({ state: "open", consecutiveFailures: 4 });
    expect(firstPages(api)).toHaveLength(4);

    api.faultFor = () => undefined;
    clock.advance(60_000);
    expect((await listAll(client)).ids).toHaveLength(3);
    expect(states).toEqual(["open", "half-open", "closed"]);
  });
});

describe("an abort", () => {
  it("ends a listing at once while the source is silent", async () => {
    const { api, client } = await startWithMemories();
    const controller = new AbortController();
    api.inject({ kind: "silent" });
    api.beforeAnswer = () => controller.abort();
    const listing = client.listRange({ contextId: "CTX", range: "all", limit: 10 }, controller.signal);
    await expect(listing[Symbol.asyncIterator]().next()).rejects.toMatchObject({ name: "AbortError" });
  });
});

describe("check", () => {
  it("resolves when key and context are good", async () => {
    const { client } = await startWithMemories();
    await expect(client.check("CTX", never)).resolves.toMatchObject({ account: null, version: null });
  });

  it("throws the reason when they are not", async () => {
    const { api, client } = await startWithMemories();
    await expect(client.check("NONE", never)).rejects.toMatchObject({ code: "SOURCE_CONTEXT_NOT_FOUND" });
    api.inject({ kind: "status", status: 401 });
    await expect(client.check("CTX", never)).rejects.toMatchObject({ code: "SOURCE_UNAUTHORIZED" });
  });
});

describe("the rate limit", () => {
  it("holds requests back", async () => {
    const { client, clock } = await startWithMemories(1, { rateLimit: { perSecond: 2, burst: 1 } });
    for (let i = 0; i < 3; i++) await client.check("CTX", never);
    expect(clock.sleeps).toEqual([500, 500]);
  });
});

describe("a download", () => {
  const sound = Buffer.alloc(300_000, "sound");
  const request = { contextId: "CTX", memoryId: "m0", kind: "audio", maxBytes: 1_000_000 } as const;

  async function startWithSound(settings: Parameters<typeof startSource>[1] = {}) {
    const source = await startWithMemories(1, settings);
    source.api.putMedium("CTX", "m0", "audio", "Audio/MPEG; charset=binary", sound);
    const folder = temporaryFolder();
    return { ...source, folder, path: join(folder, "m0.mp3") };
  }

  it("puts the whole medium into the file and nothing else into the folder", async () => {
    const { client, folder, path } = await startWithSound();
    const media = await client.download(request, path, never);
    const mark = { bytes: sound.length };
    expect(media).toEqual({ contentType: "audio/mpeg", bytes: sound.length, mark });
    expect(readFileSync(path).equals(sound)).toBe(true);
    expect(readdirSync(folder)).toEqual(["m0.mp3"]);
  });

  it("begins anew when the connection breaks in the middle", async () => {
    const { api, client, path } = await startWithSound();
    api.inject({ kind: "reset-in-body" }, { kind: "reset-in-body" });
    await client.download(request, path, never);
    expect(readFileSync(path).equals(sound)).toBe(true);
  });

  it.each([
    ["MEDIA_TOO_LARGE", { ...request, maxBytes: 299_999 }, undefined],
    ["MEDIA_NOT_FOUND", { ...request, kind: "image" }, undefined],
    ["MEDIA_NOT_FOUND", { ...request, memoryId: ".." }, undefined],
    ["SOURCE_UNAUTHORIZED", request, { kind: "status", status: 401 }],
  ] as const)("ends with %s and leaves no file behind", async (code, wanted, fault) => {
    const { api, client, folder, path } = await startWithSound();
    api.inject(fault);
    await expect(client.download(wanted, path, never)).rejects.toMatchObject({ code });
    expect(readdirSync(folder)).toEqual([]);
  });

  it("may take longer than a listing, as long as its size allows", async () => {
    const { api, client, path } = await startWithSound({ timeoutMs: 100 });
    api.inject({ kind: "drip", pieces: 10, pauseMs: 30 });
    await expect(client.download(request, path, never)).resolves.toMatchObject({ bytes: sound.length });
    expect(firstPages(api)).toHaveLength(1);
  });

  it("is not begun when its length says that it is too large", async () => {
    const { api, client, path } = await startWithSound();
    api.inject({ kind: "hang-in-body" });
    const wanted = { ...request, maxBytes: 200_000 };
    await expect(client.download(wanted, path, never)).rejects.toMatchObject({ code: "MEDIA_TOO_LARGE" });
    expect(firstPages(api)).toHaveLength(1);
  });

  it("is cut off as soon as a body without a length grows too large", async () => {
    const { api, client, folder, path } = await startWithSound();
    api.inject({ kind: "no-length" });
    const wanted = { ...request, maxBytes: 70_000 };
    await expect(client.download(wanted, path, never)).rejects.toMatchObject({ code: "MEDIA_TOO_LARGE" });
    expect(readdirSync(folder)).toEqual([]);
  });

  it("leaves no file behind when it is aborted in the middle", async () => {
    const { api, client, folder, path } = await startWithSound();
    const controller = new AbortController();
    api.inject({ kind: "hang-in-body" });
    const download = client.download(request, path, controller.signal);
    await expect.poll(() => readdirSync(folder)).toHaveLength(1);
    controller.abort();
    await expect(download).rejects.toMatchObject({ name: "AbortError" });
    expect(readdirSync(folder)).toEqual([]);
  });

  it("says that the disk is at fault when the folder is missing", async () => {
    const { client, folder } = await startWithSound();
    const path = join(folder, "missing", "m0.mp3");
    await expect(client.download(request, path, never)).rejects.toMatchObject({
      code: "MEDIA_NOT_WRITTEN",
      message: expect.stringContaining(path),
    });
  });
});

describe("a client with defaults only", () => {
  it("lists, checks and closes", async () => {
    const { api } = await startWithMemories(5);
    const client = new MemoryApiClient({ url: `${api.url}/`, apiKey: api.key });
    expect((await listAll(client)).ids).toHaveLength(5);
    await client.close();
  });
});

describe("many listings at once", () => {
  it("share one signal without a warning about listeners", async () => {
    const { api, client } = await startWithMemories(5);
    const warnings: string[] = [];
    const note = (warning: Error) => warnings.push(warning.message);
    process.on("warning", note);
    const { signal } = new AbortController();
    const listings = Array.from({ length: 50 }, () => client.check("CTX", signal));
    await Promise.all(listings);
    await new Promise((resolve) => setImmediate(resolve));
    process.off("warning", note);
    expect(warnings).toEqual([]);
    expect(firstPages(api)).toHaveLength(50);
  });
});
