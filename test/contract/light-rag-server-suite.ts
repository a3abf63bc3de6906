import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { SinkInfo } from "../../src/sinks/lightrag/light-rag-client.ts";
import type { LightRagApiOptions } from "../../src/sinks/lightrag/server/options.ts";
import { quickClient } from "../support/lightrag-quick-client.ts";

export interface GuardedServer {
  url: string;
  stop(): Promise<void>;
}

export interface ServerSettings {
  apiKey?: string;
  account?: { username: string; password: string };
  workspace?: string;
}

export interface ServerHarness {
  name: string;
  start(settings: ServerSettings): Promise<GuardedServer>;
}

const signal = new AbortController().signal;
const apiKey = "the-key-of-the-server";
const account = { username: "connector", password: "correct horse" };

/** Who is let in and which workspace is served, for servers that are reached over HTTP. */
export function describeLightRagServer(harness: ServerHarness): void {
  let server: GuardedServer;

  function connect(options: Omit<LightRagApiOptions, "url">): Promise<SinkInfo> {
    const client = quickClient({ url: server.url, ...options });
    onTestFinished(() => client.close());
    return client.connect(signal);
  }

  function serve(settings: ServerSettings): void {
    beforeAll(async () => {
      server = await harness.start(settings);
    });
    afterAll(() => server?.stop());
  }

  describe(`${harness.name} with an API key and a workspace`, () => {
    serve({ apiKey, workspace: "voice-notes" });

    it("lets the key in and says which workspace it serves", async () => {
      expect(await connect({ apiKey })).toMatchObject({ mode: "api", workspace: "voice_notes" });
    });

    it.each(["voice-notes", "voice_notes"])("is accepted when %s is expected", async (workspace) => {
      expect(await connect({ apiKey, workspace })).toMatchObject({ workspace: "voice_notes" });
    });

    it.each(["diary", ""])("is refused when the workspace %j is expected", async (workspace) => {
      await expect(connect({ apiKey, workspace })).rejects.toMatchObject({
        code: "SINK_WORKSPACE_MISMATCH",
        message: expect.stringContaining("voice_notes"),
        hint: expect.stringContaining("lightrag.api.workspace"),
      });
    });

    it("refuses a wrong key, and the message does not hold it", async () => {
      const refusal = await connect({ apiKey: "a-wrong-key" }).catch((error) => error);
      expect(refusal).toMatchObject({ code: "SINK_UNAUTHORIZED", hint: "correct lightrag.api.api_key" });
      expect(`${refusal.format()} ${refusal.cause}`).not.toContain("a-wrong-key");
    });

    it("refuses a caller without credentials and says which it wants", async () => {
      await expect(connect({})).rejects.toMatchObject({
        code: "SINK_UNAUTHORIZED",
        hint: expect.stringContaining("lightrag.api.api_key"),
      });
    });
  });

  describe(`${harness.name} with accounts`, () => {
    serve({ account });

    it("lets user name and password in", async () => {
      expect(await connect(account)).toMatchObject({ mode: "api", workspace: "" });
    });

    it("refuses a wrong password", async () => {
      await expect(connect({ ...account, password: "wrong" })).rejects.toMatchObject({
        code: "SINK_UNAUTHORIZED",
        hint: "correct lightrag.api.username and lightrag.api.password",
      });
    });

    it.each([{}, { apiKey }])("refuses %j and asks for user name and password", async (credentials) => {
      await expect(connect(credentials)).rejects.toMatchObject({
        code: "SINK_UNAUTHORIZED",
        hint: expect.stringContaining("lightrag.api.username"),
      });
    });
  });

  describe(`${harness.name} with accounts and an API key`, () => {
    serve({ account, apiKey });

    it("lets either in, and the key alone when both are given", async () => {
      expect(await connect({ apiKey })).toMatchObject({ mode: "api" });
      expect(await connect(account)).toMatchObject({ mode: "api" });
      expect(await connect({ apiKey, username: "connector", password: "wrong" })).toMatchObject({
        mode: "api",
      });
    });
  });

  describe(`${harness.name} that is open`, () => {
    serve({});

    it.each([{}, { apiKey }, account])("lets everybody in, with %j too", async (credentials) => {
      expect(await connect(credentials)).toMatchObject({ workspace: "" });
    });
  });
}
