import { join } from "node:path";
import { expect, test } from "vitest";
import { readYaml } from "../../test/support/config.ts";
import type { Config } from "./config.ts";

/** Every key that users' files are known to have, in its written form, and what it must become. */
const yaml = (connector: string, rest = "") => `
memory_api: { url: "http://127.0.0.1:8080" }
connectors:
  - { id: one, context_id: CTX1, ${connector} }
${rest}`;

const first = ({ connectors }: Config) => connectors[0];
const api = ({ lightrag }: Config) => (lightrag.mode === "api" ? lightrag.api : undefined);
const direct = ({ lightrag }: Config) => (lightrag.mode === "direct" ? lightrag.direct : undefined);

type Case = [written: string, read: (config: Config) => unknown, expected: unknown];

const ofConnector: Case[] = [
  ["enabled: false", (config) => first(config)?.enabled, false],
  ["description: mine", (config) => first(config)?.description, "mine"],
  ["context_ids: [CTX2, CTX1]", (config) => first(config)?.contextIds, ["CTX1", "CTX2"]],
  ["timezone: Asia/Kolkata", (config) => first(config)?.timezone, "Asia/Kolkata"],
  ["schedule: { type: manual }", (config) => first(config)?.schedule.type, "manual"],
  ["schedule: { type: interval, interval_hours: 6 }", (config) => first(config)?.schedule, every(6 * 3600)],
  ["schedule: { type: interval, interval_minutes: 30 }", (config) => first(config)?.schedule, every(1800)],
  [
    "schedule: { type: interval, interval_hours: 1, interval_minutes: 30 }",
    (config) => first(config)?.schedule,
    every(5400),
  ],
  ["schedule: { type: interval, every: 90s }", (config) => first(config)?.schedule, every(90)],
  [
    'schedule: { type: cron, cron: "0 2 * * *" }',
    (config) => first(config)?.schedule,
    cron("0 2 * * *", "UTC"),
  ],
  [
    'schedule: { type: cron, cron_expr: "0 2 * * *" }',
    (config) => first(config)?.schedule,
    cron("0 2 * * *", "UTC"),
  ],
  [
    'timezone: Asia/Tokyo, schedule: { type: cron, cron: "0 0 2 * * *" }',
    (config) => first(config)?.schedule,
    cron("0 0 2 * * *", "Asia/Tokyo"),
  ],
  [
    'timezone: Asia/Tokyo, schedule: { type: cron, cron: "0 2 * * *", timezone: Europe/Rome, jitter: 1m, catch_up: skip }',
    (config) => first(config)?.schedule,
    { ...cron("0 2 * * *", "Europe/Rome"), jitterMs: 60_000, catchUp: "skip" },
  ],
  ["ingestion: { query_range: day }", (config) => first(config)?.ingestion.queryRange, "day"],
  ["ingestion: { query_range: month }", (config) => first(config)?.ingestion.queryRange, "month"],
  ["ingestion: { query_range: all }", (config) => first(config)?.ingestion.queryRange, "all"],
  ["ingestion: { query_range: auto }", (config) => first(config)?.ingestion.queryRange, "auto"],
  ["ingestion: { query_limit: 500 }", (config) => first(config)?.ingestion.queryLimit, 500],
  ["ingestion: { batch_size: 4 }", (config) => first(config)?.ingestion.batchSize, 4],
  ["ingestion: { max_concurrency: 4 }", (config) => first(config)?.ingestion.batchSize, 4],
  ["ingestion: { max_concurrency: 4, batch_size: 4 }", (config) => first(config)?.ingestion.batchSize, 4],
  [
    "ingestion: { skip_empty_transcripts: false }",
    (config) => first(config)?.ingestion.skipEmptyTranscripts,
    false,
  ],
  ["transformation: { strategy: standard }", (config) => first(config)?.transformation.strategy, "standard"],
  [
    "transform: { strategy: standard, include_audio: true }",
    (config) => first(config)?.transformation.includeAudio,
    true,
  ],
  ["transformation: { include_image: true }", (config) => first(config)?.transformation.includeImage, true],
  ["transformation: { geocoding: true }", (config) => first(config)?.transformation.geocoding, true],
  ["transformation: { extract_tags: false }", (config) => first(config)?.transformation.extractTags, false],
  [
    "transformation: { merge: day, merge_max_characters: 100 }",
    (config) => first(config)?.transformation,
    has({ merge: "day", mergeMaxCharacters: 100 }),
  ],
  ["retry: { max_attempts: 5 }", (config) => first(config)?.retry.maxAttempts, 5],
  ["retry: { backoff_multiplier: 1.5 }", (config) => first(config)?.retry.backoffMultiplier, 1.5],
  ["retry: { max_backoff_seconds: 0.5 }", (config) => first(config)?.retry.maxBackoffMs, 500],
  ["run_timeout: 2h", (config) => first(config)?.runTimeoutMs, 7_200_000],
  [
    "memory_api: { max_retries: 0, retry_backoff: 3 }",
    (config) => first(config)?.source,
    has({ maxRetries: 0, retryBackoff: 3 }),
  ],
];

const ofTheRest: Case[] = [
  [
    "lightrag: { mode: api, api: { url: http://10.0.0.1:1, timeout: 5 } }",
    api,
    has({ url: "http://10.0.0.1:1", timeoutMs: 5000 }),
  ],
  [
    "lightrag: { api: { username: u, password: geheim } }",
    (config) => api(config)?.login,
    { username: "u", password: "geheim" },
  ],
  [
    "lightrag: { mode: direct }",
    (config) => direct(config)?.workingDir,
    expect.stringMatching(/lightrag_storage$/),
  ],
  [
    "lightrag: { mode: direct, direct: { working_dir: /srv/index } }",
    (config) => direct(config)?.workingDir,
    "/srv/index",
  ],
  ["geocoder: { provider: offline }", ({ geocoder }) => geocoder, { provider: "offline" }],
  [
    "geocoder: { provider: nominatim, url: 'http://h', contact: me }",
    ({ geocoder }) => geocoder,
    {
      provider: "nominatim",
      url: "http://h",
      contact: "me",
      language: "en",
      requestsPerSecond: 1,
      timeoutMs: 10_000,
    },
  ],
  [
    "media: { transcription: { base_url: 'http://h/v1', model: m, api_key: k } }",
    ({ media }) => media,
    {
      transcription: { baseUrl: "http://h/v1", model: "m", apiKey: "k", timeoutMs: 300_000, language: null },
      vision: null,
      maxBytes: { audio: 26_214_400, image: 10_485_760 },
      maxConcurrent: 2,
      limits: { perRun: 200, perDay: 1000 },
      onFailure: "wait",
    },
  ],
  ["state: { backend: json }", ({ state }) => state.path, expect.stringMatching(/memory_sync_state\.json$/)],
  ["state: { backend: sqlite }", ({ state }) => state.path, expect.stringMatching(/memory_sync_state\.db$/)],
  [
    "state: { path: /srv/state.json }",
    ({ state }) => state,
    has({ backend: "json", path: join("/srv", "state.json") }),
  ],
  [
    "state: { cleanup: { enabled: false, retention_days: 7 } }",
    ({ state }) => state.cleanup,
    has({ enabled: false, retentionDays: 7 }),
  ],
  ['state: { cleanup: { cleanup_cron: "0 3 * * *" } }', ({ state }) => state.cleanup.cron, "0 3 * * *"],
  [
    "api: { enabled: false, host: 127.0.0.1, port: 8000 }",
    (config) => config.api,
    has({ enabled: false, port: 8000 }),
  ],
  ["api: { enable_auth: false }", (config) => config.api.enableAuth, false],
  [
    "api: { cors: { enabled: true, origins: [https://a.example] } }",
    (config) => config.api.cors,
    { enabled: true, origins: ["https://a.example"] },
  ],
  [
    "api: { rate_limit: { enabled: true, requests_per_minute: 10 } }",
    (config) => config.api.rateLimit,
    { enabled: true, requestsPerMinute: 10 },
  ],
  ["logging: { level: debug }", ({ logging }) => logging.level, "debug"],
  ["logging: { level: Warning }", ({ logging }) => logging.level, "warn"],
  ["logging: { level: CRITICAL }", ({ logging }) => logging.level, "fatal"],
  ["logging: { format: text }", ({ logging }) => logging.format, "text"],
  [
    "logging: { file: /var/log/m.log }",
    ({ logging }) => logging.file,
    has({ path: "/var/log/m.log", maxBytes: 10_485_760, backupCount: 5 }),
  ],
  [
    "logging: { file: { enabled: true, path: /m.log, max_bytes: 2048, backup_count: 0, rotation: time } }",
    ({ logging }) => logging.file,
    { path: "/m.log", maxBytes: 2048, backupCount: 0, rotation: "time" },
  ],
  ["logging: { file: { enabled: false } }", ({ logging }) => logging.file, null],
  [
    "logging: { console: { enabled: false, colorize: false } }",
    ({ logging }) => logging.console,
    { enabled: false, colorize: false },
  ],
  [
    "logging: { level: ERROR, components: { scheduler: DEBUG, api_client: info } }",
    ({ logging }) => logging.components,
    { scheduler: "debug", apiClient: "info", orchestrator: "error", stateManager: "error" },
  ],
  [
    "monitoring: { prometheus: { enabled: true, port: 1234, path: /m } }",
    (config) => config.monitoring.prometheus,
    { enabled: true, port: 1234, path: "/m" },
  ],
  [
    "monitoring: { health_check: { enabled: false, endpoint: /healthz } }",
    (config) => config.monitoring.healthCheck,
    { enabled: false, endpoint: "/healthz" },
  ],
  [
    "monitoring: { alerts: { enabled: true, webhook_url: http://h/x, alert_on: [{ consecutive_failures: 3 }, { no_sync_for_hours: 24 }] } }",
    (config) => config.notifications.alerts,
    {
      enabled: true,
      rules: [
        { name: "consecutive_failures", limit: 3, connectors: null },
        { name: "no_sync_for_hours", limit: 86_400_000, connectors: null },
      ],
      remindEveryMs: null,
      channels: [{ id: "default", type: "webhook", webhookUrl: "http://h/x", signingSecret: null }],
    },
  ],
  ["advanced: { shutdown_timeout: 5 }", ({ advanced }) => advanced.shutdownTimeoutMs, 5000],
  [
    "advanced: { pipeline: { max_concurrent_connectors: 8 } }",
    ({ advanced }) => advanced.maxConcurrentConnectors,
    8,
  ],
  ["advanced: { pipeline: { job_timeout_minutes: 90 } }", (config) => first(config)?.runTimeoutMs, 5_400_000],
  [
    "advanced: { performance: { enable_caching: false, cache_ttl_seconds: 60 } }",
    ({ advanced }) => advanced.cache,
    { enabled: false, ttlMs: 60_000 },
  ],
  [
    "advanced: { security: { encrypt_secrets: true, encryption_key: k-1 } }",
    ({ advanced }) => advanced.secrets,
    { encrypt: true, encryptionKey: "k-1", keyCommand: null },
  ],
];

function every(seconds: number) {
  return { type: "interval", everyMs: seconds * 1000, jitterMs: 0, catchUp: "one" };
}

function cron(expression: string, timezone: string) {
  return { type: "cron", cron: expression, timezone, jitterMs: 0, catchUp: "one" };
}

function has(part: object): unknown {
  return expect.objectContaining(part);
}

test.each(ofConnector)("a connector's %s is honoured", (written, read, expected) => {
  expect(read(readYaml(yaml(written)).config)).toEqual(expected);
});

test.each(ofTheRest)("%s is honoured", (written, read, expected) => {
  expect(read(readYaml(yaml("enabled: true", written)).config)).toEqual(expected);
});
