import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { callApi } from "../support/api-client.ts";
import { runCli } from "../support/cli.ts";
import { plainPng, silentMp3 } from "../support/media-samples.ts";
import { makeApiMemories } from "../support/memory-api-data.ts";
import { adminKey, eventually, makeWorld, startService } from "../support/service.ts";

const ids = ["m1", "walk/2024?no=1#ü 😀%2F", "100%", "#"];
const direct = { lightrag: "{ mode: direct, direct: { working_dir: ./lightrag } }" };

/** A service that has synced memories with these ids. */
async function startMedia(rest = "") {
  const world = await makeWorld(0);
  const memories = makeApiMemories(ids.length).map((memory, at) => ({
    ...memory,
    id: ids[at] ?? "",
    audio: true,
    image: true,
  }));
  world.memoryApi.put("CTX", ...memories);
  world.configure(
    `connectors: [{ id: one, context_id: CTX, ingestion: { query_range: all } }]\n${rest}`,
    direct,
  );
  expect(await runCli(["sync"], { cwd: world.folder })).toMatchObject({ code: 0 });
  const service = await startService(world.folder);
  const url = service.url("api");
  const { key: viewer } = (await callApi(url, "POST", "/keys", { body: { name: "v", role: "viewer" } })).body;
  const pathOf = (id: string, kind: string) =>
    `/connectors/one/memories/CTX/${encodeURIComponent(id)}/media/${kind}`;
  const get = async (id: string, kind: string, headers: Record<string, string> = {}) => {
    const answer = await fetch(url + pathOf(id, kind), { headers: { "x-api-key": viewer, ...headers } });
    return { answer, bytes: Buffer.from(await answer.arrayBuffer()) };
  };
  const problem = async (id: string, kind: string) =>
    (await callApi(url, "GET", pathOf(id, kind), { key: viewer })).body;
  return { ...world, service, url, viewer, get, problem, pathOf };
}

/** What a download leaves behind in a folder. */
const leftIn = (folder: string) => readdirSync(folder).filter((name) => name.startsWith(".download"));

test("a viewer gets audio and picture of any memory as what they are, whatever its id is, and nothing stays on the disk", async () => {
  const { memoryApi, folder, url, get, pathOf } = await startMedia();
  const sound = silentMp3();
  for (const id of ids) {
    memoryApi.putMedium("CTX", id, "audio", "audio/mpeg", sound);
    memoryApi.putMedium("CTX", id, "image", "image/png", plainPng());
    const { answer, bytes } = await get(id, "audio");
    expect([answer.status, bytes.equals(sound)], id).toEqual([200, true]);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "content-type": "audio/mpeg",
      "content-length": String(sound.length),
      "content-disposition": 'inline; filename="audio.mp3"',
      "accept-ranges": "bytes",
      "x-content-type-options": "nosniff",
      "cache-control": "no-store",
      "content-security-policy": expect.stringContaining("default-src 'none'"),
    });
    expect((await get(id, "image")).answer.headers.get("content-type")).toBe("image/png");
  }
  expect(leftIn(folder)).toEqual([]);
  expect((await fetch(url + pathOf("m1", "audio"))).status).toBe(401);
  expect((await get("m1", "video")).answer.status).toBe(400);
  expect((await get("nobody", "audio")).answer.status).toBe(404);
  const typed = ["memory", "media", ids[1] ?? "", "walk.mp3"];
  expect(await runCli(typed, { cwd: folder })).toMatchObject({ code: 0 });
  expect(readFileSync(join(folder, "walk.mp3")).equals(sound)).toBe(true);
  expect((await runCli(typed, { cwd: folder })).err).toContain("ARCHIVE_EXISTS");
});

test("audio is given in ranges, so that a player can seek", async () => {
  const { memoryApi, get } = await startMedia();
  const sound = silentMp3();
  memoryApi.putMedium("CTX", "m1", "audio", "audio/mpeg", sound);
  const { answer, bytes } = await get("m1", "audio", { range: "bytes=417-833" });
  expect([answer.status, answer.headers.get("content-range")]).toEqual([
    206,
    `bytes 417-833/${sound.length}`,
  ]);
  expect([answer.headers.get("content-length"), bytes.equals(sound.subarray(417, 834))]).toEqual([
    "417",
    true,
  ]);
  expect((await get("m1", "audio", { range: "bytes=999999999-" })).answer.status).toBe(200);
});

test.each([
  ["a page", "<!doctype html><script>alert(1)</script>", "image/png", "MEDIA_TYPE_UNSUPPORTED"],
  [
    "a drawing with scripts",
    '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "image/png",
    "MEDIA_TYPE_UNSUPPORTED",
  ],
  ["a drawing that says so", "<svg/>", "image/svg+xml", "MEDIA_TYPE_UNSUPPORTED"],
  ["nothing", "", "image/png", "MEDIA_TYPE_UNSUPPORTED"],
])("%s that is called a picture is not served", async (_, text, contentType, code) => {
  const { memoryApi, folder, get, problem } = await startMedia();
  memoryApi.putMedium("CTX", "m1", "image", contentType, Buffer.from(text));
  expect(await problem("m1", "image")).toMatchObject({ status: 502, code, subject: "m1" });
  const { answer } = await get("m1", "image");
  expect(answer.headers.get("content-type")).toContain("application/problem+json");
  expect(leftIn(folder)).toEqual([]);
});

test("what is too large, gone or away is said to be so, by a code", async () => {
  const { memoryApi, folder, problem, get } = await startMedia();
  memoryApi.putMedium(
    "CTX",
    "m1",
    "audio",
    "audio/mpeg",
    Buffer.concat([silentMp3(1), Buffer.alloc(50_000_000)]),
  );
  expect(await problem("m1", "audio")).toMatchObject({ code: "MEDIA_TOO_LARGE", subject: "m1" });
  memoryApi.inject({ kind: "no-length" });
  expect(await problem("m1", "audio")).toMatchObject({ code: "MEDIA_TOO_LARGE" });
  expect(await problem("m1", "image")).toMatchObject({ status: 404, code: "MEDIA_NOT_FOUND" });
  memoryApi.putMedium("CTX", "m1", "audio", "audio/mpeg", silentMp3());
  memoryApi.inject({ kind: "reset-in-body" });
  expect((await get("m1", "audio")).answer.status).toBe(200);
  await memoryApi.close();
  expect(await problem("m1", "audio")).toMatchObject({ status: 502, code: "SOURCE_UNREACHABLE" });
  expect(leftIn(folder)).toEqual([]);
});

test("a source that leads elsewhere is not followed, so that its key reaches nobody", async () => {
  const { memoryApi, problem } = await startMedia();
  const asked: unknown[] = [];
  const elsewhere = createServer((request, response) => {
    asked.push(request.headers["x-api-key"]);
    response.writeHead(200, { "content-type": "audio/mpeg" }).end(silentMp3());
  });
  await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void elsewhere.close());
  const location = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`;
  memoryApi.faultFor = () => ({ kind: "redirect", location });
  expect(await problem("m1", "audio")).toMatchObject({ code: "SOURCE_REDIRECTED" });
  expect(asked).toEqual([]);
});

test("a listener who leaves a slow source ends the download, and the service works on", async () => {
  const { memoryApi, folder, url, viewer, get, pathOf } = await startMedia();
  memoryApi.putMedium("CTX", "m1", "audio", "audio/mpeg", silentMp3());
  memoryApi.inject({ kind: "hang-in-body" });
  const leaving = new AbortController();
  const asked = memoryApi.requests.length;
  const request = fetch(url + pathOf("m1", "audio"), {
    headers: { "x-api-key": viewer },
    signal: leaving.signal,
  });
  await eventually(() => memoryApi.requests.length > asked);
  leaving.abort();
  await expect(request).rejects.toThrow();
  await eventually(() => leftIn(folder).length === 0);
  expect((await get("m1", "audio")).answer.status).toBe(200);
});

test("of an erased memory no medium is asked for", async () => {
  const { memoryApi, url, problem } = await startMedia();
  memoryApi.putMedium("CTX", "m1", "audio", "audio/mpeg", silentMp3());
  await callApi(url, "POST", "/connectors/one/memories/CTX/m1/erase", { body: {}, key: adminKey });
  const asked = memoryApi.requests.length;
  expect(await problem("m1", "audio")).toMatchObject({ status: 404, code: "MEDIA_NOT_FOUND" });
  expect(memoryApi.requests.slice(asked).filter(({ path }) => path.endsWith("/audio"))).toEqual([]);
});
