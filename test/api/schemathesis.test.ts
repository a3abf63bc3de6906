import { beforeAll, expect, test } from "vitest";
import { callApi } from "../support/api-client.ts";
import { startHttpServer } from "../support/http-server.ts";
import { makeApiMemories } from "../support/memory-api-data.ts";
import { fuzz, schemathesis, schemathesisMissing } from "../support/schemathesis.ts";
import { adminKey, cliJson, eventually, makeWorld, startService } from "../support/service.ts";

const seconds = 50;

/**
 * What schemathesis is not asked:
 * - `ignored_auth` sends wrong keys until its address has to wait, as it should; the matrix of access tests covers keys.
 * - `positive_data_acceptance` calls it a defect when something of the right shape is refused. A cursor is opaque, and the settings of
 *   a connector obey rules over several keys, which no schema can say.
 */
const unasked = ["--exclude-checks", "ignored_auth,positive_data_acceptance"];

/** Settings of connectors that lead to no other server and no other folder than the test's own. */
const harmless = [
  "id",
  "enabled",
  "description",
  "context_id",
  "context_ids",
  "timezone",
  "ingestion",
  "retry",
];

/** Where something is: the fuzzer's own ids would only ever meet 404. */
const examples: Readonly<Record<string, string>> = {
  id: "one",
  contextId: "CTX",
  memoryId: "broken",
  name: "Zoë",
};

interface ShownSchema {
  properties: Record<string, object>;
  [keyword: string]: unknown;
}

interface OpenApi {
  paths: Record<string, Record<string, { parameters?: { name: string; in: string; example?: string }[] }>>;
  components: { schemas: Record<string, ShownSchema> };
}

/** The service's own document, with examples, and without settings that would lead the service away from the test. */
function fuzzable(document: OpenApi): OpenApi {
  const copy = structuredClone(document);
  const parameters = Object.values(copy.paths)
    .flatMap((methods) => Object.values(methods))
    .flatMap((operation) => operation.parameters ?? []);
  for (const parameter of parameters) {
    const example = parameter.in === "path" ? examples[parameter.name] : undefined;
    if (example !== undefined) parameter.example = example;
  }
  for (const name of ["ConnectorSettingsInput", "ConnectorReplacementInput"]) {
    const schema = copy.components.schemas[name]!;
    const kept = Object.entries(schema.properties).filter(([key]) => harmless.includes(key));
    copy.components.schemas[name] = { ...schema, properties: Object.fromEntries(kept) };
  }
  return copy;
}

/**
 * A service in direct mode. Its Memory API has the same memories in every context, so that connectors of any context can run, and no media:
 * a source that sends what is no audio is answered with 502, which is right, and which the fuzzer takes for a fault of the service.
 */
async function startFuzzedService() {
  const { folder, configure } = await makeWorld(0);
  const [memory] = makeApiMemories(1, Date.now());
  const memories = [
    { ...memory!, transcript: "Ivan: Zoë mends the kayak." },
    { id: "broken", created_at: "never" },
  ];
  const source = await startHttpServer(({ url }, response) => {
    if (/\/(audio|image)$/.test(new URL(url!, "http://source").pathname)) response.statusCode = 404;
    response.setHeader("content-type", "application/json").end(JSON.stringify({ memories }));
  });
  configure("connectors: [{ id: one, context_id: CTX }]", {
    memory_api: `{ url: "${source.url}" }`,
    lightrag: "{ mode: direct, direct: { working_dir: ./lightrag } }",
  });
  const service = await startService(folder);
  const url = service.url("api");
  await callApi(url, "POST", "/connectors/one/trigger");
  await eventually(async () => (await callApi(url, "GET", "/connectors/one/status")).body.activeRun === null);
  const { body } = await callApi(url, "GET", "/openapi.json");
  return { folder, service, url, document: fuzzable(body) };
}

beforeAll(async () => {
  if (schemathesisMissing === null) await schemathesis();
});

test.skipIf(schemathesisMissing !== null)(
  "with a key, no request makes the service fail, answer what is not documented, or take what it should refuse",
  async () => {
    const { service, url, document } = await startFuzzedService();
    // `/events` does not end.
    const options = ["--exclude-path", "/events", "--max-examples", "20", ...unasked];
    const { code, report } = await fuzz({
      url,
      document,
      headers: { "X-API-Key": adminKey },
      options,
      seconds,
    });
    expect(code, report).toBe(0);
    expect((await service.stop()).code).toBe(0);
  },
);

test.skipIf(schemathesisMissing !== null)(
  "without a key, every endpoint answers as documented and lets nobody in",
  async () => {
    const { folder, service, url, document } = await startFuzzedService();
    const options = ["--max-examples", "20", ...unasked];
    const { code, report } = await fuzz({ url, document, headers: {}, options, seconds: seconds / 2 });
    expect(code, report).toBe(0);
    const { connectors } = await cliJson(folder, "list");
    expect(connectors.map(({ id }: { id: string }) => id)).toEqual(["one"]);
    expect((await service.stop()).code).toBe(0);
  },
);
