import { isDeepStrictEqual } from "node:util";
import { expect, test } from "vitest";
import { parse } from "yaml";
import * as z from "zod";
import { strategyNames } from "../../documents/registry.ts";
import { strategies } from "../../documents/settings.ts";
import { type Path, pathText } from "../../kernel/settings/path.ts";
import { coreOf, defaultOf, type Setting } from "../../kernel/settings/walk.ts";
import { toConfig } from "../config.ts";
import { getIn, placesOf, setIn } from "../input/tree.ts";
import { declaredSettings, settingsSchema } from "./settings.ts";

const leaves = declaredSettings().filter(({ isBlock }) => !isBlock);

test.each(leaves.map((setting) => [pathText(setting.pattern), setting] as const))(
  "%s says what it does, and its example and default are good values",
  (_, { facts, schema }) => {
    expect(facts.description).toMatch(/^[A-Z`].*[.`]$/s);
    for (const value of [facts.example, defaultOf(schema)].filter((value) => value !== undefined)) {
      const isReference = typeof value === "string" && value.startsWith("${");
      expect(isReference || schema.safeParse(value).success).toBe(true);
    }
  },
);

test("what is named like a secret is declared as one", () => {
  const undeclared = leaves.filter(
    ({ pattern, facts }) =>
      /key|password|token(?!s_|s$|_size)|webhook/.test(pattern.at(-1) ?? "") && !facts.secret,
  );
  expect(undeclared.map(({ pattern }) => pathText(pattern))).toEqual([]);
});

test("no key of the schema is without its facts", () => {
  const declared = declaredSettings().map(({ pattern }) => pathText(pattern));
  expect(new Set(keysBeneath(settingsSchema, []))).toEqual(new Set(declared));
});

function keysBeneath(schema: z.core.$ZodType, above: readonly string[]): string[] {
  const core = coreOf(schema);
  if (core instanceof z.ZodArray) return keysBeneath(core.element, [...above, "[]"]);
  if (core instanceof z.ZodDiscriminatedUnion) {
    return core.options.flatMap((option) => keysBeneath(option, above));
  }
  if (!(core instanceof z.ZodObject)) return [];
  return Object.entries<z.ZodType>(core.shape).flatMap(([key, inner]) => [
    pathText([...above, key]),
    ...keysBeneath(inner, [...above, key]),
  ]);
}

/** Every setting with a value that is not its default. */
const everything = parse(`
lightrag:
  mode: api
  api: { url: "http://h:1", api_key: k, username: u, password: p, workspace: w, timeout: 1, max_retries: 4, max_in_flight: 2, poll_interval: 3s, stuck_after: 4m, delete_timeout: 5m }
  direct:
    working_dir: ./index
    workspace: w
    max_in_flight: 2
    chunk_token_size: 600
    chunk_overlap_token_size: 50
    llm: { provider: openai-compatible, base_url: "http://h:1/v1", model: m, api_key: k, concurrency: 1, timeout: 1, retries: 1 }
    embedding: { provider: openai-compatible, base_url: "http://h:1/v1", model: m, api_key: k, concurrency: 1, timeout: 1, retries: 1, dimension: 3, model_path: m }
memory_api:
  { url: "http://h:2", api_key: k, timeout: 1, max_retries: 4, retry_backoff: 3, requests_per_second: 1, circuit_breaker: { failures: 1, cooldown: 2 }, max_limit: 500, server_cap: 100, paging: offset }
connectors:
  - id: one
    enabled: false
    description: words
    context_id: CTX1
    context_ids: [CTX2]
    timezone: Europe/Rome
    schedule: { type: interval, interval_hours: 2, interval_minutes: 10, cron: "1 2 * * *", timezone: Europe/Paris, jitter: 5, catch_up: skip }
    ingestion: { query_range: day, query_limit: 50, batch_size: 2, max_resend_percent: 20, backfill_per_run: 5, skip_empty_transcripts: false, filter: "tag = a", redact: { patterns: ["a b"], names: ["田中"], replacement: "[x]" } }
    transformation: { strategy: rich, template: t, include_audio: true, include_image: true, geocoding: true, extract_tags: false, merge: day, merge_quiet: 1s, merge_document_characters: 3000, merge_max_characters: 100 }
    on_delete: propagate
    reconcile: { every: 1d, repair: true }
    deletions: { grace_listings: 1, grace_period: 1h, max_percent: 20 }
    budget: { documents_per_day: 1, characters_per_day: 2, tokens_per_day: 3, price_per_million_tokens: 0.5 }
    retry: { max_attempts: 2, backoff_multiplier: 3, max_backoff_seconds: 4 }
  - id: two
    context_id: CTX1
    source:
      type: in_memory
      memories:
        - { id: a, created_at: "2026-03-01T08:15:00Z", updated_at: "2026-03-01T08:15:00Z", type: t, title: t, transcript: t, location: { lat: 1, lon: 2 }, tags: [t], attachments: [{ kind: audio, name: n, address: /a }] }
  - id: three
    context_id: CTX3
    source: { type: folder, path: ./p, extensions: [a], exclude: [b], timezone: Europe/Rome, watch: false, settle: 3, max_file_bytes: 3000 }
  - id: files
    context_id: CTX5
    source: { type: files, path: [./f], format: json, map: { id: a, time: b, updated: c, text: d, title: e, tags: f, place: g, lat: h, lon: i, person: j, type: k, url: l, deleted: m }, items: n, time_format: iso, date_order: day_first, timezone: Europe/Rome, without_time: first_seen, delimiter: ";", header: false, encoding: utf-8, snapshot: true, memory_type: t, max_item_bytes: 3000 }
  - id: four
    context_id: CTX4
    source: { type: transcripts, path: ./r, exclude: [b], timezone: Europe/Rome, watch: false, settle: 3, wait_for_text: 4, max_file_bytes: 3000 }
  - id: of-joplin
    context_id: CTX14
    source: { type: joplin, url: "http://h:7", token: t, ca: ./c, timeout: 1, max_retries: 1, requests_per_second: 1, circuit_breaker: { failures: 1, cooldown: 1 }, notebooks: [a], exclude_notebooks: [b], notebook_as_tag: true }
  - id: of-memos
    context_id: CTX15
    source: { type: memos, url: "http://h:8", token: t, ca: ./c, timeout: 1, max_retries: 1, requests_per_second: 1, circuit_breaker: { failures: 1, cooldown: 1 }, visibility: [public], archived: true, comments: true }
  - id: of-omi
    context_id: CTX16
    source: { type: omi, url: "http://h:9", api_key: k, ca: ./c, timeout: 1, max_retries: 1, requests_per_second: 1, circuit_breaker: { failures: 1, cooldown: 1 }, include: [memories] }
  - id: of-limitless
    context_id: CTX17
    source: { type: limitless, url: "http://h:9", api_key: k, ca: ./c, timeout: 1, max_retries: 1, requests_per_second: 1, circuit_breaker: { failures: 1, cooldown: 1 } }
  - id: five
    context_id: CTX6
    source:
      type: http_json
      url: "http://h:7"
      path: /p
      api_key: k
      auth: { in: query, name: k, scheme: s }
      items: a
      paging: { style: page, parameter: p, first: 2, size_parameter: s, size: 9, next: n, more: m, total: t }
      since: { parameter: p, by: updated, format: epoch_s, reliable: false }
      fields: { id: a, text: b, created_at: c, updated_at: d, ended_at: e, title: f, type: g, tags: h, lat: i, lon: j, place: k, place_name: l, url: m, language: n, deleted: o }
      time_format: iso
      timezone: Europe/Rome
      text_format: html
      tag_separator: ";"
      memory_type: t
      skip: [{ field: a, begins: b }]
      volatile: [a]
      deletes: none
      consistency: keyset
      capped_at: 9
      account: { path: /me, field: a, owner: b }
      charset: utf-8
      max_item_bytes: 3000
      ca: ./ca.pem
      timeout: 1
      max_retries: 4
      retry_backoff: 3
      requests_per_second: 1
      circuit_breaker: { failures: 1, cooldown: 2 }
  - id: six
    context_id: CTX7
    source: { type: http_json, url: "http://h:8", preset: karakeep }
  - id: seven
    context_id: CTX8
    source: { type: push, signing_secret: 0123456789abcdef }
    webhook: { signing_secret: 0123456789abcdef, url_secret: 0123456789abcdef }
geocoder: { provider: nominatim, url: "http://h:4", contact: me, language: de, requests_per_second: 2, timeout: 3 }
media:
  transcription: { base_url: "http://h:5/v1", model: m, api_key: k, timeout: 1, language: en }
  vision: { base_url: "http://h:6/v1", model: m, api_key: k, timeout: 1 }
  max_audio_bytes: 1
  max_image_bytes: 1
  max_concurrent: 1
  max_per_run: 1
  max_per_day: 1
  on_failure: continue
state: { backend: sqlite, path: ./s, cleanup: { enabled: false, retention_days: 1, audit_retention_days: 1, cleanup_cron: "1 1 * * *" } }
api: { enabled: false, host: 127.0.0.2, port: 1, enable_auth: false, api_key: k, cors: { enabled: true, origins: [o] }, rate_limit: { enabled: true, requests_per_minute: 1 } }
logging:
  level: DEBUG
  format: text
  file: { enabled: true, path: ./l, max_bytes: 1024, backup_count: 1, rotation: time }
  console: { enabled: false, colorize: false }
  components: { scheduler: ERROR, api_client: ERROR, orchestrator: ERROR, state_manager: ERROR }
monitoring:
  prometheus: { enabled: true, port: 1, path: /m }
  health_check: { enabled: false, endpoint: /h }
  otel:
    endpoint: "http://h:6"
    headers: h=1
    ca: ./c
    timeout: 1
    service_name: s
    resource_attributes: a=1
    traces: { enabled: true, sample_ratio: 1 }
    metrics: { enabled: true, interval: 1 }
  alerts:
    enabled: true
    webhook_url: "http://h:3"
    alert_on: [{ consecutive_failures: 1, no_sync_for_hours: 1, dead_letters_over: 1, media_waiting_over: 1, stale: 1s, truncated: true, breaker_open: true, budget_spent: true, resend_ratio: 1, connectors: [one] }]
    remind_every: 1h
    channels:
      - { id: a, type: webhook, webhook_url: "http://h:4", signing_secret: 0123456789abcdef }
      - { id: b, type: email, email: { host: h, port: 1, security: tls, verify_certificate: false, username: u, password: p, from: a@b, to: [c@d] } }
  webhooks: [{ id: c, webhook_url: "http://h:5", signing_secret: 0123456789abcdef, events: [memory.dead], connectors: [one] }]
  private_addresses: [127.0.0.1]
advanced:
  shutdown_timeout: 1
  pipeline: { max_concurrent_connectors: 1, job_timeout_minutes: 1 }
  performance: { enable_caching: false, cache_ttl_seconds: 1 }
  security: { encrypt_secrets: true, encryption_key: k, kms_command: [c] }
`);

/** What else must stand in the file for a setting to matter. */
const companions: readonly [setting: RegExp, path: Path, value: unknown][] = [
  [/^lightrag\.direct/, ["lightrag", "mode"], "direct"],
  [/embedding\.model_path$/, ["lightrag", "direct", "embedding", "provider"], "local"],
  [/schedule\.(cron|timezone)$/, ["connectors", 0, "schedule", "type"], "cron"],
];

/** Values of which at least one is not the one in the file. */
const candidates = [
  true,
  false,
  7,
  2000,
  "7s",
  "other",
  "http://other",
  "sqlite:./other",
  "other=1",
  0.5,
  "/other",
  "Asia/Tokyo",
  "utf-16le",
  "epoch_s",
  "|",
  "epoch_ms",
  "tag = b",
  ",",
  "WARNING",
  "5 4 * * *",
  ["other"],
  "a-secret-of-more-than-16-characters",
  "other@example.org",
  ["other@example.org"],
  ["job.failed"],
  ["10.0.0.0/8"],
  "2027-01-01T00:00:00Z",
  [],
];

/** Which keys there are depends on the type of a source; the Memory API's are those of `memory_api`. */
const isOfSource = ({ pattern, ofType }: Setting) =>
  ofType === "memory_api" || pathText(pattern) === "connectors[].source.type";

const own = leaves.filter(
  (setting) =>
    !/connectors\[\]\.(memory_api|lightrag)\./.test(pathText(setting.pattern)) && !isOfSource(setting),
);

test.each(own.map((setting) => [pathText(setting.pattern), setting] as const))(
  "%s reaches the configuration",
  (name, { pattern, schema, ofType }) => {
    const needed = companions.filter(([setting]) => setting.test(name));
    const tree = needed.reduce((result, [, path, value]) => setIn(result, path, value), everything);
    const isOfType = (path: Path) =>
      pattern[2] !== "source" || getIn(tree, [...path.slice(0, 3), "type"]) === ofType;
    const places = placesOf(pattern, tree).filter(isOfType);
    const place = places.find((path) => getIn(tree, path) !== undefined) ?? places[0] ?? [];
    const core = coreOf(schema);
    const words = core instanceof z.ZodArray ? coreOf(core.element) : core;
    const values =
      words instanceof z.ZodEnum
        ? words.options.map((word) => (words === core ? word : [word]))
        : candidates.filter((value) => schema.safeParse(value).success);
    const before = toConfig(settingsSchema.parse(tree), "/");
    const after = values.map((value) => toConfig(settingsSchema.parse(setIn(tree, place, value)), "/"));
    expect(after.some((config) => !isDeepStrictEqual(config, before))).toBe(true);
  },
);

test("a source of its own means what the short form means, key by key", () => {
  const { memory_api: block, connectors } = everything;
  const short = settingsSchema.parse({ memory_api: block, connectors: [connectors[0]] });
  const source = { type: "memory_api", ...block };
  const long = settingsSchema.parse({ connectors: [{ ...connectors[0], source }] });
  const [connector] = toConfig(short, "/").connectors;
  // But for where a hint sends its reader.
  const expected = { ...connector, source: { ...connector?.source, block: "source" } };
  expect(toConfig(long, "/").connectors).toEqual([expected]);
});

test("the strategies that may be configured are those that there are", () => {
  expect(strategies).toEqual(strategyNames);
});
