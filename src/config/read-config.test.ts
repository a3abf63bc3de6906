import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { memoryApiOf, minimal, problemsOf, readYaml } from "../../test/support/config.ts";
import { temporaryFolder } from "../../test/support/temp-folder.ts";
import type { Config } from "./config.ts";
import { readConfig } from "./read-config.ts";

/** The shape of the file that users of the earlier connector have. */
const earlierFile = `
lightrag:
  mode: "api"
  api: { url: "http://localhost:9621", api_key: "l-key-000", workspace: "memories" }
memory_api:
  url: "http://127.0.0.1:8080"
  api_key: "m-key-000"
  timeout: 30
connectors:
  - id: "personal-memories"
    enabled: true
    context_id: "CTX123"
    schedule: { type: "interval", interval_hours: 1 }
    ingestion: { query_range: "week", query_limit: 100, batch_size: 10 }
    transformation: { strategy: "standard" }
    retry: { max_attempts: 3 }
state: { backend: "json", path: "./memory_sync_state.json" }
api: { host: "0.0.0.0", port: 9622, enable_auth: true, api_key: "c-key-000" }
logging: { level: "INFO", file: "./memory_connector.log" }
`;

test("a file of the earlier connector is read with every key in its place", () => {
  const { config, source } = readYaml(earlierFile);
  const folder = join(source ?? "", "..");
  expect(config).toMatchObject({
    connectors: [
      {
        id: "personal-memories",
        enabled: true,
        contextIds: ["CTX123"],
        schedule: { type: "interval", everyMs: 3_600_000 },
        ingestion: { queryRange: "week", queryLimit: 100, batchSize: 10, skipEmptyTranscripts: true },
        transformation: { strategy: "standard" },
        retry: { maxAttempts: 3, backoffMultiplier: 2, maxBackoffMs: 60_000 },
        source: { url: "http://127.0.0.1:8080", apiKey: "m-key-000", timeoutMs: 30_000, maxRetries: 3 },
        lightrag: {
          mode: "api",
          api: {
            url: "http://localhost:9621",
            apiKey: "l-key-000",
            workspace: "memories",
            timeoutMs: 300_000,
          },
        },
      },
    ],
    state: { backend: "json", path: join(folder, "memory_sync_state.json") },
    api: { host: "0.0.0.0", port: 9622, enableAuth: true, apiKey: "c-key-000" },
    logging: { level: "info", file: { path: join(folder, "memory_connector.log") } },
  });
});

const shared = join(import.meta.dirname, "../../../shared/seed");
const seedFiles = existsSync(shared) ? readdirSync(shared).filter((name) => name.endsWith(".md")) : [];

test.skipIf(seedFiles.length === 0)(
  "the plan's own example loads unmodified (skipped: no ../shared/seed)",
  () => {
    const texts = seedFiles.map((name) => readFileSync(join(shared, name), "utf8"));
    const examples = texts.flatMap((text) =>
      [...text.matchAll(/```yaml\n(.*?)```/gs)].map((match) => match[1] ?? ""),
    );
    const configurations = examples.filter((text) => text.includes("connectors:"));
    expect(configurations.length).toBeGreaterThan(0);
    for (const yaml of configurations) expect(readYaml(yaml).config.connectors).not.toHaveLength(0);
  },
);

test("a file with nothing but a source and a connector gets every default", () => {
  const { config, warnings } = readYaml(minimal);
  expect(config).toMatchObject({
    lightrag: { mode: "api", api: { url: "http://localhost:9621", login: null, workspace: null } },
    state: { backend: "sqlite", cleanup: { enabled: true, retentionDays: 90 } },
    api: { enabled: true, host: "127.0.0.1", port: 9622, enableAuth: true },
    logging: { level: "info", format: null, file: null },
  });
  expect(warnings).toEqual([]);
});

test("a configuration cannot be changed by who uses it", () => {
  const { config } = readYaml(minimal);
  expect(() => Object.assign(config.connectors[0]?.source ?? {}, { url: "http://elsewhere" })).toThrow(
    TypeError,
  );
});

test("flags beat the environment, which beats .env, which beats the file", () => {
  const yaml = `${minimal}\nlogging: { level: error }`;
  const files = { ".env": "LOG_LEVEL=CRITICAL" };
  const environment = { LOG_LEVEL: "WARNING" };
  const overrides = [{ path: ["logging", "level"], value: "debug", label: "--log-level" }];
  expect(readYaml(yaml).config.logging.level).toBe("error");
  expect(readYaml(yaml, { files }).config.logging.level).toBe("fatal");
  expect(readYaml(yaml, { files, environment }).config.logging.level).toBe("warn");
  expect(readYaml(yaml, { files, environment, overrides }).config.logging.level).toBe("debug");
});

const overridable: [variable: string, read: (config: Config) => unknown][] = [
  ["MEMORY_API_KEY", (config) => memoryApiOf(config.connectors[0]!).apiKey],
  ["LIGHTRAG_API_KEY", (config) => config.lightrag.mode === "api" && config.lightrag.api.apiKey],
  ["CONNECTOR_API_KEY", (config) => config.api.apiKey],
  ["ENCRYPTION_KEY", (config) => config.advanced.secrets.encryptionKey],
];

test.each(overridable)(
  "the variable %s overrides the file, and set to nothing it does not",
  (variable, read) => {
    const yaml = `
memory_api: { url: "http://127.0.0.1:8080", api_key: of-the-file }
connectors: [{ id: one, context_id: CTX1 }]
lightrag: { api: { api_key: of-the-file } }
api: { api_key: of-the-file }
advanced: { security: { encryption_key: of-the-file } }
`;
    expect(read(readYaml(yaml, { environment: { [variable]: "of-the-environment" } }).config)).toBe(
      "of-the-environment",
    );
    expect(read(readYaml(yaml, { environment: { [variable]: "" } }).config)).toBe("of-the-file");
  },
);

test("a variable that takes the place of a broken value mends it", () => {
  const yaml = `${minimal}\napi: { api_key: "\${NOT_SET}" }`;
  expect(problemsOf(yaml)[0]).toMatchObject({ path: "api.api_key" });
  expect(readYaml(yaml, { environment: { CONNECTOR_API_KEY: "k-1" } }).config.api.apiKey).toBe("k-1");
});

test("a problem with an overridden value names the variable instead of a line", () => {
  const [problem] = problemsOf(minimal, { environment: { LOG_LEVEL: "LOUD" } });
  expect(problem).toMatchObject({ path: "logging.level", line: null, origin: "LOG_LEVEL", value: '"LOUD"' });
});

test("a connector's own settings go before the blocks, key by key", () => {
  const { config } = readYaml(`
memory_api: { url: "http://127.0.0.1:1", api_key: shared-key, timeout: 10, circuit_breaker: { failures: 9 } }
lightrag: { api: { workspace: main, username: u, password: p-1 } }
connectors:
  - { id: one, context_id: A }
  - id: two
    context_id: B
    memory_api: { url: "http://127.0.0.1:1/two", timeout: 5s, circuit_breaker: { cooldown: 1m } }
    lightrag: { api: { workspace: other } }
  - { id: three, context_id: C, lightrag: { mode: direct, direct: { working_dir: ./index } } }
`);
  const [one, two, three] = config.connectors;
  expect(one).toMatchObject({ source: { url: "http://127.0.0.1:1", timeoutMs: 10_000 } });
  expect(two).toMatchObject({
    source: {
      url: "http://127.0.0.1:1/two",
      apiKey: "shared-key",
      timeoutMs: 5000,
      circuitBreaker: { failures: 9, cooldownMs: 60_000 },
    },
    lightrag: { mode: "api", api: { workspace: "other", login: { username: "u", password: "p-1" } } },
  });
  expect(three?.lightrag).toMatchObject({ mode: "direct", direct: { llm: { provider: "builtin" } } });
});

test("without a file the overrides are the configuration, and paths begin at the working folder", () => {
  const workingFolder = temporaryFolder();
  const overrides = [
    { path: ["memory_api", "url"], value: "http://127.0.0.1:8080", label: "--api-url" },
    { path: ["connectors"], value: [{ id: "a", context_id: "a" }], label: "--context-id" },
  ];
  const { config, source, files } = readConfig({ path: null, overrides, environment: {}, workingFolder });
  expect(config.connectors[0]).toMatchObject({
    contextIds: ["a"],
    source: { url: "http://127.0.0.1:8080" },
  });
  expect(config.state.path).toBe(join(workingFolder, "memory_sync_state.db"));
  expect(source).toBeNull();
  expect(files).toEqual([join(workingFolder, ".env")]);
});

test("all files that a configuration comes from are named, for watching", () => {
  const yaml = `${minimal}\napi: { api_key: "\${file:secrets/key}" }`;
  const { files, source, config } = readYaml(yaml, { files: { "secrets/key": "from-a-file\n" } });
  const folder = join(source ?? "", "..");
  expect(files).toEqual(["config.yaml", ".env", "secrets/key"].map((name) => join(folder, name)));
  expect(config.api.apiKey).toBe("from-a-file");
});
