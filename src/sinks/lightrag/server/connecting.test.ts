import { describe, expect, test } from "vitest";
import { clientOf, LightRagDouble } from "../../../../test/support/lightrag-double.ts";
import type { SimulatedServerOptions } from "../../../../test/support/lightrag-simulator-options.ts";
import { documentIdOf } from "../document-id.ts";
import type { ServerGeneration } from "../light-rag-client.ts";
import type { LightRagApiOptions } from "./options.ts";

const { signal } = new AbortController();
const location = "http://lightrag.test:9621/";
const accounts = { connector: "correct horse" };
const login = { username: "connector", password: "correct horse" };
const document = { fileSource: "m1@ctx.md", text: " a memory " };

type Server = Partial<SimulatedServerOptions> & { generation: ServerGeneration };

const connect = (server: Server, options: Partial<LightRagApiOptions> = {}) =>
  clientOf(new LightRagDouble(server), options).connect(signal);

describe("which LightRAG answers", () => {
  test.each([
    ["1.4", "1.4.9", "1.4", 1],
    ["1.4", "1.4.16", "1.4", 1],
    ["1.4", "v1.4.9.9", "1.4", 1],
    ["1.4", "1.4", "1.4", 1],
    ["1.5", "1.5.0", "1.5", 50],
    ["1.5", "1.5.7", "1.5", 50],
    ["1.5", "1.10.2", "1.5", 50],
  ] as const)(
    "a %s server of version %s speaks %s and takes %i at once",
    async (generation, version, spoken, maxBatch) => {
      const info = { mode: "api", generation: spoken, version, location, workspace: "", maxBatch };
      expect(await connect({ generation, version })).toEqual({ ...info, documents: 0 });
    },
  );

  test.each([
    [{ PROCESSED: 3, PENDING: 2, FAILED: 9, all: 14 }, 5],
    [{ processed: 3, processing: 1, failed: 9 }, 4],
    [{}, 0],
    [[], undefined],
  ])(
    "how many documents it holds is counted from %j, without those that have failed",
    async (counts, held) => {
      const double = new LightRagDouble({ generation: "1.5" });
      const body = { status_counts: counts };
      double.answers.set("GET /documents/status_counts", { status: 200, body });
      expect((await clientOf(double).connect(signal)).documents).toBe(held);
    },
  );

  test.each([
    ["1.4.0", "lacks POST /documents/paginated", "upgrade the LightRAG server to 1.4.9 or a later 1.x"],
    ["1.4.4", "lacks POST /documents/paginated", "upgrade the LightRAG server to 1.4.9 or a later 1.x"],
    ["1.4.5", "lacks POST /query/data", "upgrade the LightRAG server to 1.4.9 or a later 1.x"],
    ["1.4.8.2", "lacks POST /query/data", "upgrade the LightRAG server to 1.4.9 or a later 1.x"],
    ["1.3.9", "LightRAG 1.3.9 at", "use a LightRAG server of version 1.4.9 or a later 1.x"],
    ["0.5.1", "LightRAG 0.5.1 at", "use a LightRAG server of version 1.4.9 or a later 1.x"],
    ["2.5.0", "LightRAG 2.5.0 at", "use a LightRAG server of version 1.4.9 or a later 1.x"],
    ["x1.5.0", "LightRAG x1.5.0 at", "use a LightRAG server of version 1.4.9 or a later 1.x"],
    ["next", "LightRAG next at", "use a LightRAG server of version 1.4.9 or a later 1.x"],
    ["", "LightRAG of unknown version at", "use a LightRAG server of version 1.4.9 or a later 1.x"],
  ])("version %j is refused before anybody logs in: %s", async (version, said, hint) => {
    const double = new LightRagDouble({ generation: "1.4", version });
    const error = await clientOf(double)
      .connect(signal)
      .catch((thrown) => thrown);
    expect(error).toMatchObject({ code: "SINK_UNSUPPORTED", subject: location, hint });
    expect(error.message).toContain(said);
    expect(double.sent).toHaveLength(1);
  });

  test("a version that only /health tells is taken from there, and one that nobody tells is refused", async () => {
    const quiet = { status: 200, body: { auth_configured: false } };
    for (const [core_version, outcome] of [
      ["1.4.16", { generation: "1.4", version: "1.4.16" }],
      [undefined, { code: "SINK_UNSUPPORTED", message: `LightRAG of unknown version at ${location}` }],
    ] as const) {
      const double = new LightRagDouble({ generation: "1.5" });
      double.answers.set("GET /auth-status", quiet);
      double.answers.set("GET /health", { status: 200, body: { core_version } });
      expect(
        await clientOf(double)
          .connect(signal)
          .catch((thrown) => thrown),
      ).toMatchObject(outcome);
    }
  });

  const notLightRag = {
    code: "SINK_UNSUPPORTED",
    message: "what answers at lightrag.api.url is not a LightRAG server",
    hint: "correct lightrag.api.url; it is the address without a path, unless a proxy adds a prefix",
  };

  test.each([
    ["a page for people", 200, "<html>Welcome</html>", notLightRag],
    ["JSON of another program", 200, { ok: true }, notLightRag],
    ["a redirect to a login page", 302, "", notLightRag],
    ["that there is no such page", 404, {}, notLightRag],
    ["that the method is not allowed", 405, {}, notLightRag],
    ["that the page is gone", 410, {}, notLightRag],
    ["that it is starting", 503, "starting", { code: "SINK_SERVER_ERROR", status: 503 }],
    ["that it is forbidden", 403, {}, { code: "SINK_UNAUTHORIZED", status: 403 }],
    ["something odd", 418, {}, { code: "SINK_BAD_ANSWER", status: 418 }],
  ])("what answers %s is told apart", async (_, status, body, error) => {
    const double = new LightRagDouble({ generation: "1.5" });
    double.answers.set("GET /auth-status", { status, body });
    await expect(clientOf(double).connect(signal)).rejects.toMatchObject(error);
  });

  test("a server that is not there is unreachable", async () => {
    const double = new LightRagDouble({ generation: "1.5" });
    double.fail({ route: "GET /auth-status", kind: "reset" });
    await expect(clientOf(double).connect(signal)).rejects.toMatchObject({ code: "SINK_UNREACHABLE" });
  });

  test("an id is predicted by the name in 1.5 and by the text in 1.4", async () => {
    for (const generation of ["1.4", "1.5"] as const) {
      const client = clientOf(new LightRagDouble({ generation }));
      expect(() => client.predictDocumentId(document)).toThrow("before it was connected");
      await client.connect(signal);
      expect(client.predictDocumentId(document)).toBe(documentIdOf(generation, document));
    }
  });

  test("closing closes the connections", async () => {
    const double = new LightRagDouble({ generation: "1.5" });
    await clientOf(double).close();
    expect(double.closed).toBe(true);
  });
});

describe("the workspace", () => {
  test.each([
    [undefined, "diary", "diary"],
    ["diary", "diary", "diary"],
    ["my-ws", "my_ws", "my_ws"],
    ["my ws!", "my-ws-", "my_ws_"],
    ["", "", ""],
  ])("expected %j and served %j is accepted and told as %j", async (expected, served, told) => {
    expect(await connect({ generation: "1.5", workspace: served }, { workspace: expected })).toMatchObject({
      workspace: told,
    });
  });

  test.each([
    ["notes", "diary", 'serves the workspace "diary", the configuration names the workspace "notes"'],
    ["notes", "", 'serves the default workspace, the configuration names the workspace "notes"'],
    ["", "diary", 'serves the workspace "diary", the configuration names the default workspace'],
  ])("expected %j and served %j is a mismatch", async (expected, served, said) => {
    const error = await connect({ generation: "1.4", workspace: served }, { workspace: expected }).catch(
      (thrown) => thrown,
    );
    expect(error).toMatchObject({ code: "SINK_WORKSPACE_MISMATCH", subject: location });
    expect(error.message).toBe(`the LightRAG server at ${location} ${said}`);
    expect(error.hint).toContain(
      `start that server with WORKSPACE=${expected}, or correct lightrag.api.workspace`,
    );
  });

  test.each([
    [{}, null],
    [{ configuration: {} }, ""],
    [{ configuration: { workspace: null } }, ""],
  ])("a server that tells %j of itself serves %j", async (told, workspace) => {
    const double = new LightRagDouble({ generation: "1.5" });
    double.answers.set("GET /health", { status: 200, body: { ...told, core_version: "1.5.7" } });
    const options = workspace === null ? { workspace: "notes" } : {};
    expect(await clientOf(double, options).connect(signal)).toMatchObject({ workspace });
  });
});

describe("who is let in", () => {
  test.each<[string, Server, Partial<LightRagApiOptions>]>([
    ["anybody, by an open server", { generation: "1.4" }, {}],
    ["the right key", { generation: "1.5", apiKey: "k" }, { apiKey: "k" }],
    ["the right password", { generation: "1.4", accounts }, login],
    [
      "the right key beside a wrong password",
      { generation: "1.5", apiKey: "k", accounts },
      { ...login, password: "no", apiKey: "k" },
    ],
  ])("%s", async (_, server, options) => {
    expect(await connect(server, options)).toMatchObject({ mode: "api" });
  });

  const key = "LightRAG did not accept the API key";
  const forLogin = "correct lightrag.api.username and lightrag.api.password";
  const either = "set lightrag.api.username and lightrag.api.password, or the right lightrag.api.api_key";
  test.each<[Server, Partial<LightRagApiOptions>, string, string, number]>([
    [{ generation: "1.5", apiKey: "k" }, { apiKey: "x" }, key, "correct lightrag.api.api_key", 403],
    [
      { generation: "1.5", apiKey: "k", accounts },
      { apiKey: "x", ...login },
      key,
      "correct lightrag.api.api_key, or remove it: beside a key the login is not used",
      401,
    ],
    [{ generation: "1.5", accounts }, { apiKey: "x" }, key, either, 401],
    [
      { generation: "1.5", apiKey: "k" },
      {},
      "LightRAG wants credentials",
      "set lightrag.api.api_key to the server's LIGHTRAG_API_KEY",
      403,
    ],
    [{ generation: "1.5", accounts }, {}, "LightRAG wants credentials", either, 401],
    [{ generation: "1.5", accounts }, { password: "p" }, "LightRAG wants credentials", either, 401],
    [{ generation: "1.5", accounts }, { username: "u" }, "LightRAG did not accept the login", forLogin, 401],
    [
      { generation: "1.5", accounts },
      { ...login, password: "no" },
      "LightRAG did not accept the user name and password",
      forLogin,
      401,
    ],
  ])("a server %j refuses %j and says what to correct", async (server, options, message, hint, status) => {
    await expect(connect(server, options)).rejects.toMatchObject({
      code: "SINK_UNAUTHORIZED",
      message,
      hint,
      status,
    });
  });

  test("a failure of another kind at the proof of access is no refusal", async () => {
    const double = new LightRagDouble({ generation: "1.5" });
    double.answers.set("GET /documents/status_counts", { status: 500, body: {} });
    await expect(clientOf(double).connect(signal)).rejects.toMatchObject({
      code: "SINK_SERVER_ERROR",
      status: 500,
    });
  });

  test.each([400, 401, 422])(
    "a login that is refused with %i is not tried again by the calls that follow",
    async (status) => {
      const double = new LightRagDouble({ generation: "1.5", accounts });
      const client = clientOf(double, login);
      await client.connect(signal);
      double.server.auth.revokeTokens();
      double.answers.set("POST /login", { status, body: { detail: "no" } });
      for (let again = 0; again < 3; again++)
        await expect(client.resumeInterrupted(signal)).rejects.toMatchObject({
          code: "SINK_UNAUTHORIZED",
          status,
        });
      expect(double.requests("POST /login").map(({ form }) => form)).toEqual([login, login]);
    },
  );

  test("a locked login says how long, and is tried again by the next connect", async () => {
    const double = new LightRagDouble({ generation: "1.5", accounts });
    const client = clientOf(double, login);
    const locked = { status: 429, body: { detail: "Too many failed login attempts." } };
    double.answers.set("POST /login", { ...locked, headers: { "retry-after": "300" } });
    await expect(client.connect(signal)).rejects.toMatchObject({
      code: "SINK_LOGIN_LOCKED",
      message: "LightRAG has locked the login for a while",
      retryAfterMs: 300_000,
    });
    double.answers.set("POST /login", locked);
    await expect(client.connect(signal)).rejects.toMatchObject({
      code: "SINK_LOGIN_LOCKED",
      retryAfterMs: undefined,
    });
    double.answers.clear();
    expect(await client.connect(signal)).toMatchObject({ mode: "api" });
  });

  test.each([
    [500, {}, "SINK_SERVER_ERROR"],
    [200, {}, "SINK_BAD_ANSWER"],
    [200, { access_token: "line\nbreak" }, "SINK_BAD_ANSWER"],
  ])("a login that is answered %i %j is %s, and no refusal", async (status, body, code) => {
    const double = new LightRagDouble({ generation: "1.5", accounts });
    double.answers.set("POST /login", { status, body });
    await expect(clientOf(double, login).connect(signal)).rejects.toMatchObject({ code });
  });

  test("a token that the server no longer accepts is renewed in the middle of an insert, once for all calls", async () => {
    const double = new LightRagDouble({ generation: "1.5", accounts });
    const client = clientOf(double, login);
    await client.connect(signal);
    double.server.auth.revokeTokens();
    const [outcomes] = await Promise.all([client.submit([document], signal), client.isBusy(signal)]);
    expect(outcomes).toMatchObject([{ kind: "accepted" }]);
    expect(double.requests("POST /login")).toHaveLength(2);
    expect(double.requests("POST /documents/text")).toHaveLength(2);
    expect(double.names()).toEqual(["m1@ctx.md"]);
  });

  test("a key that is refused later is not sent again", async () => {
    const double = new LightRagDouble({ generation: "1.5", apiKey: "k" });
    const client = clientOf(double, { apiKey: "k" });
    await client.connect(signal);
    double.answers.set("GET /health", { status: 401, body: {} });
    const before = double.sent.length;
    await expect(client.isBusy(signal)).rejects.toMatchObject({ code: "SINK_UNAUTHORIZED", status: 401 });
    expect(double.sent.length).toBe(before + 1);
    expect(double.sent.at(-1)).toMatchObject({ headers: { "x-api-key": "k" }, whenOpen: "wait" });
  });

  test("the younger token that an answer hands out is used from then on", async () => {
    const double = new LightRagDouble({ generation: "1.5", accounts });
    const client = clientOf(double, login);
    await client.connect(signal);
    const { token } = double.server.auth.login("connector", "correct horse") as { token: string };
    const headers = { "x-new-token": token };
    double.answers.set("GET /health", { status: 200, body: {}, headers });
    await client.isBusy(signal);
    await client.isBusy(signal);
    expect(double.sent.at(-1)?.headers).toEqual({ authorization: `Bearer ${token}` });
  });

  test("an open server that insists on a token gets the one that it gives to everybody", async () => {
    const double = new LightRagDouble({ generation: "1.4" });
    double.fail({
      route: "GET /documents/status_counts",
      kind: "answer",
      answer: { status: 401, body: { detail: "No credentials provided. Please login." } },
    });
    expect(await clientOf(double).connect(signal)).toMatchObject({ generation: "1.4" });
    expect(double.requests("GET /auth-status")).toHaveLength(2);
    expect(double.requests("GET /documents/status_counts")[1]?.headers?.authorization).toMatch(/^Bearer ./u);
  });
});

test.each([
  [
    "GET /health",
    { pipeline_busy: "yes" },
    "isBusy",
    '/health gave an answer without a proper "pipeline_busy"',
  ],
  [
    "GET /documents/status_counts",
    { status_counts: [] },
    "resumeInterrupted",
    "/documents/status_counts gave an answer",
  ],
])("an answer of %s in another shape is named", async (route, body, call, said) => {
  const double = new LightRagDouble({ generation: "1.5" });
  const client = clientOf(double);
  await client.connect(signal);
  double.answers.set(route, { status: 200, body });
  const error = await client[call as "isBusy" | "resumeInterrupted"](signal).catch((thrown) => thrown);
  expect(error).toMatchObject({ code: "SINK_BAD_ANSWER", subject: route.slice(4) });
  expect(error.message).toContain(said);
});
