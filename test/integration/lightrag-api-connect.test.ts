import { describe, expect, it, onTestFinished } from "vitest";
import type { SinkInfo } from "../../src/sinks/lightrag/light-rag-client.ts";
import type { LightRagApiOptions } from "../../src/sinks/lightrag/server/options.ts";
import { startHttpServer } from "../support/http-server.ts";
import { quickClient } from "../support/lightrag-quick-client.ts";
import { connectedSimulator, documentOf, never, startSimulator } from "../support/lightrag-simulator-test.ts";

const accounts = { connector: "correct horse" };
const login = { username: "connector", password: "correct horse" };

function connect(options: LightRagApiOptions): Promise<SinkInfo> {
  const client = quickClient(options);
  onTestFinished(() => client.close());
  return client.connect(never);
}

describe("connecting", () => {
  it.each([
    ["1.4.9", "1.4"],
    ["1.4.9.9", "1.4"],
    ["1.4.9rc1", "1.4"],
    ["1.4", "1.4"],
    ["v1.4.16", "1.4"],
    ["1.5.0rc2", "1.5"],
    ["1.12.3", "1.5"],
  ])("takes LightRAG %s for generation %s", async (version, generation) => {
    const { url } = await startSimulator({ generation: generation as "1.4" | "1.5", version });
    expect(await connect({ url })).toMatchObject({ version, generation });
  });

  it.each(["1.3.9", "0.9.1", "2.0.0", "next"])("refuses LightRAG %s", async (version) => {
    const { url } = await startSimulator({ generation: "1.5", version });
    await expect(connect({ url })).rejects.toMatchObject({
      code: "SINK_UNSUPPORTED",
      message: expect.stringContaining(version),
    });
  });

  it.each([
    ["1.4.0", "/documents/paginated"],
    ["v1.4.4", "/documents/paginated"],
    ["1.4.5", "/query/data"],
    ["1.4.8.2", "/query/data"],
  ])("refuses LightRAG %s, which lacks %s, and says which release has it", async (version, path) => {
    const { url } = await startSimulator({ generation: "1.4", version });
    await expect(connect({ url })).rejects.toMatchObject({
      code: "SINK_UNSUPPORTED",
      message: expect.stringContaining(path),
      hint: "upgrade the LightRAG server to 1.4.9 or a later 1.x",
    });
  });

  it("a wrong key beside the right password is what the hint speaks of", async () => {
    const { url } = await startSimulator({ generation: "1.5", apiKey: "right", accounts });
    await expect(connect({ url, apiKey: "wrong", ...login })).rejects.toMatchObject({
      code: "SINK_UNAUTHORIZED",
      hint: "correct lightrag.api.api_key, or remove it: beside a key the login is not used",
    });
  });

  it.each([
    ["a page for people", 200, "<html>Welcome</html>"],
    ["JSON of another program", 200, '{"ok":true}'],
    ["that there is no such page", 404, '{"error":"not found"}'],
  ])("refuses a server that answers %s", async (_, status, body) => {
    const { url } = await startHttpServer((_request, response) => void response.writeHead(status).end(body));
    await expect(connect({ url })).rejects.toMatchObject({
      code: "SINK_UNSUPPORTED",
      hint: expect.stringContaining("lightrag.api.url"),
    });
  });

  it("tells an unwell server from one that is not LightRAG", async () => {
    const { url } = await startHttpServer(
      (_request, response) => void response.writeHead(503).end("starting"),
    );
    await expect(connect({ url })).rejects.toMatchObject({ code: "SINK_SERVER_ERROR" });
  });

  it("works below the path that a proxy adds", async () => {
    const behind = await startSimulator({ generation: "1.5" });
    const { url } = await startHttpServer(async (request, response) => {
      const path = request.url?.replace(/^\/rag/u, "") ?? "";
      const answer = await fetch(behind.url + path, { headers: { "x-forwarded": "1" } });
      response.writeHead(answer.status).end(await answer.text());
    });
    expect(await connect({ url: `${url}/rag/` })).toMatchObject({ location: `${url}/rag/` });
  });

  it("accepts a server that does not say which workspace it serves, and says so", async () => {
    const simulator = await startSimulator({ generation: "1.5", workspace: "diary" });
    const answer = { status: 200, body: { status: "healthy", pipeline_busy: false } };
    simulator.fail({ route: "GET /health", kind: "answer", answer });
    expect(await connect({ url: simulator.url, workspace: "notes" })).toMatchObject({ workspace: null });
  });

  it("does not show secrets that stand in the URL", async () => {
    const { url } = await startSimulator({ generation: "1.5" });
    const info = await connect({ url: `${url}/?api_key=very-secret` });
    expect(info.location).not.toContain("very-secret");
  });
});

describe("a login", () => {
  it("is renewed when the server no longer accepts its token, also in the middle of an insert", async () => {
    const { simulator, client } = await connectedSimulator({ generation: "1.5", accounts }, login);
    simulator.revokeTokens();
    expect(await client.submit([documentOf(1)], never)).toMatchObject([{ kind: "accepted" }]);
    expect(simulator.requests).toMatchObject({ "POST /login": 2, "POST /documents/text": 2 });
    expect(simulator.counts.inserted).toBe(1);
  });

  it("is renewed once for all calls that need it", async () => {
    const { simulator, client } = await connectedSimulator({ generation: "1.5", accounts }, login);
    simulator.revokeTokens();
    const refs = [{ fileSource: "x", documentId: "doc-x" }];
    await Promise.all(Array.from({ length: 8 }, () => client.find(refs, never)));
    expect(simulator.requests).toMatchObject({ "POST /login": 2 });
  });

  it("is renewed before its token expires", async () => {
    const server = { generation: "1.4", accounts, tokenLifetimeMs: 1_000 } as const;
    const { simulator, client } = await connectedSimulator(server, login);
    const busy = async () => {
      await client.isBusy(never);
      return simulator.requests["POST /login"];
    };
    await expect.poll(busy, { timeout: 5_000, interval: 50 }).toBeGreaterThan(1);
    await expect(client.find([{ fileSource: "x", documentId: "doc-x" }], never)).resolves.toEqual([
      undefined,
    ]);
  });

  it("goes on with the younger token that the server hands out", async () => {
    const server = { generation: "1.5", accounts, tokenLifetimeMs: 2_000 } as const;
    const { simulator, client } = await connectedSimulator(server, login);
    const started = performance.now();
    const counted = async () => {
      await client.resumeInterrupted(never);
      return performance.now() - started;
    };
    // Past the life of the first token; the second was handed out when half of it was over.
    await expect.poll(counted, { timeout: 10_000, interval: 100 }).toBeGreaterThan(2_200);
    expect(simulator.requests).toMatchObject({ "POST /login": 1 });
  });

  it("that is refused is not tried again, so that the account is not locked", async () => {
    const { url, requests } = await startSimulator({ generation: "1.5", accounts });
    const client = quickClient({ url, username: "connector", password: "wrong" });
    onTestFinished(() => client.close());
    await expect(client.connect(never)).rejects.toMatchObject({ code: "SINK_UNAUTHORIZED" });
    expect(requests).toMatchObject({ "POST /login": 1 });
  });

  it("that the server has locked says so", async () => {
    const { url } = await startSimulator({ generation: "1.5", accounts });
    const attempt = (password: string) =>
      connect({ url, username: "connector", password }).catch((error) => error);
    for (let failed = 0; failed < 5; failed++) await attempt("wrong");
    expect(await attempt("correct horse")).toMatchObject({
      code: "SINK_LOGIN_LOCKED",
      retryAfterMs: 300_000,
    });
  });

  it("uses the guest token of an open server that insists on one", async () => {
    const simulator = await startSimulator({ generation: "1.4" });
    const answer = { status: 401, body: { detail: "No credentials provided. Please login." } };
    simulator.fail({ route: "GET /documents/status_counts", kind: "answer", answer });
    expect(await connect({ url: simulator.url })).toMatchObject({ generation: "1.4" });
    expect(simulator.requests).toMatchObject({ "GET /auth-status": 2 });
  });
});
