import { expect, test } from "vitest";
import { minimal, problemsOf, readYaml } from "../../test/support/config.ts";

const base = 'memory_api: { url: "http://127.0.0.1:8080" }\n';
const connector = (settings: string) => `${base}connectors: [{ id: one, context_id: CTX1, ${settings} }]`;

type Case = [what: string, yaml: string, path: string, reason: RegExp, hint: RegExp];

const cases: Case[] = [
  ["an unknown block", `${minimal}\nlogings: {}`, "logings", /not a setting/, /did you mean logging\?/],
  [
    "a misspelt key",
    connector("retry: { max_attemps: 1 }"),
    "connectors[0].retry.max_attemps",
    /not a setting/,
    /max_attempts/,
  ],
  [
    "a key at the wrong place",
    `${minimal}\nlightrag: { workspace: x }`,
    "lightrag.workspace",
    /not a setting/,
    /lightrag\.api\.workspace/,
  ],
  [
    "a key like no other",
    `${minimal}\nstate: { zzzzzzzz: 1 }`,
    "state.zzzzzzzz",
    /not a setting/,
    /known here: backend/,
  ],
  [
    "a key that is known by its first letters",
    connector(
      'source: { type: in_memory, memories: [{ id: a, created_at: "2026-03-01T08:15:00Z", transcript: t, location: { latitude: 1, lat: 1, lon: 2 } }] }',
    ),
    "connectors[0].source.memories[0].location.latitude",
    /not a setting/,
    /did you mean lat\?/,
  ],
  ["a key of JavaScript", `${minimal}\n__proto__: { a: 1 }`, "__proto__", /not a setting/, /known here/],
  ["a key with control characters", `${minimal}\n"a\\eb": 1`, '["a\\u001bb"]', /not a setting/, /known here/],
  [
    "a map that cannot be turned into a text",
    connector("ingestion: { query_range: { toString: 1 } }"),
    "connectors[0].ingestion.query_range",
    /one of day, week/,
    /^$/,
  ],
  [
    "a word that is no choice",
    connector("ingestion: { query_range: weak }"),
    "connectors[0].ingestion.query_range",
    /one of day, week/,
    /did you mean week\?/,
  ],
  [
    "a word for a number",
    connector("ingestion: { query_limit: many }"),
    "connectors[0].ingestion.query_limit",
    /a (whole )?number/,
    /^$/,
  ],
  [
    "a number in quotes",
    connector('ingestion: { query_limit: "5" }'),
    "connectors[0].ingestion.query_limit",
    /a (whole )?number/,
    /^write \d+, without quotes$/,
  ],
  [
    "a duration in quotes without a unit",
    `${minimal}\nlightrag: { api: { timeout: "30" } }`,
    "lightrag.api.timeout",
    /number of seconds/,
    /^write \d+, without quotes$/,
  ],
  [
    "a template with a misspelt variable",
    connector('transformation: { strategy: template, template: "a\\n{{plaec}}" }'),
    "connectors[0].transformation.template",
    /line 2: there is no variable "plaec"/,
    /docs\/transformation\.md/,
  ],
  [
    "a template that is not used and cannot be",
    connector('transformation: { template: "{{#title}}" }'),
    "connectors[0].transformation.template",
    /line 1: unclosed section "title"/,
    /docs\/transformation\.md/,
  ],
  [
    "a geocoding service without a contact",
    `${minimal}\ngeocoder: { provider: nominatim, url: "http://h" }`,
    "geocoder.contact",
    /missing/,
    /nominatim needs it/,
  ],
  [
    "an address for the offline data",
    `${minimal}\ngeocoder: { url: "http://h" }`,
    "geocoder.provider",
    /does not use url/,
    /drop url/,
  ],
  [
    "a contact that would break a header",
    `${minimal}\ngeocoder: { provider: nominatim, url: "http://h", contact: "a\\nb" }`,
    "geocoder.contact",
    /printable ASCII/,
    /^$/,
  ],
  [
    "an endpoint without a model",
    `${minimal}\nmedia: { vision: { base_url: "http://h/v1" } }`,
    "media.vision.model",
    /missing/,
    /.*/,
  ],
  [
    "half a thing",
    connector("retry: { max_attempts: 1.5 }"),
    "connectors[0].retry.max_attempts",
    /a (whole )?number/,
    /^$/,
  ],
  [
    "a number for a text",
    `${base}connectors: [{ id: one, context_id: 123 }]`,
    "connectors[0].context_id",
    /a text/,
    /in quotes/,
  ],
  ["a word for a boolean", connector("enabled: yess"), "connectors[0].enabled", /true or false/, /^$/],
  [
    "a word that only older YAML takes for a boolean",
    connector("enabled: yes"),
    "connectors[0].enabled",
    /true or false/,
    /^write true/,
  ],
  ["a list for a map", `${minimal}\nstate: [1]`, "state", /a map of settings/, /^$/],
  ["a map for a list", `${base}connectors: { id: one }`, "connectors", /a list/, /^$/],
  ["a connector that is empty", `${base}connectors: [~]`, "connectors[0]", /a map of settings/, /^$/],
  [
    "not a number",
    connector("ingestion: { batch_size: .nan }"),
    "connectors[0].ingestion.batch_size",
    /a (whole )?number/,
    /^$/,
  ],
  [
    "infinity",
    `${minimal}\nlightrag: { api: { timeout: .inf } }`,
    "lightrag.api.timeout",
    /number of seconds/,
    /^$/,
  ],
  [
    "zero retries of zero attempts",
    connector("retry: { max_attempts: 0 }"),
    "connectors[0].retry.max_attempts",
    /at least 1/,
    /^$/,
  ],
  [
    "a wait longer than a timer can",
    `${minimal}\nlightrag: { api: { timeout: 60d } }`,
    "lightrag.api.timeout",
    /at most 24d/,
    /^$/,
  ],
  [
    "a negative duration",
    `${minimal}\nlightrag: { api: { timeout: -1 } }`,
    "lightrag.api.timeout",
    /at least 1ms/,
    /^$/,
  ],
  [
    "an address without a scheme",
    `${minimal}\nlightrag: { api: { url: localhost:9621 } }`,
    "lightrag.api.url",
    /http:\/\//,
    /^$/,
  ],
  [
    "another scheme",
    `${minimal}\nlightrag: { api: { url: "ftp://x" } }`,
    "lightrag.api.url",
    /http:\/\//,
    /^$/,
  ],
  ["a port out of range", `${minimal}\napi: { port: 70000 }`, "api.port", /at most 65535/, /^$/],
  ["a zone that does not exist", connector("timezone: Mars/Base"), "connectors[0].timezone", /IANA/, /^$/],
  [
    "a cron of three fields",
    connector('schedule: { type: cron, cron: "* * *" }'),
    "connectors[0].schedule.cron",
    /needs 5 fields, or 6/,
    /^$/,
  ],
  [
    "an id with spaces",
    `${base}connectors: [{ id: a b, context_id: c }]`,
    "connectors[0].id",
    /letters, digits/,
    /^$/,
  ],
  [
    "an id used twice",
    `${base}connectors: [{ id: x, context_id: a }, { id: x, context_id: b }]`,
    "connectors[1].id",
    /also the id of connectors\[0\]/,
    /of its own/,
  ],
  [
    "a connector without a context",
    `${base}connectors: [{ id: x }]`,
    "connectors[0].context_id",
    /missing/,
    /context_ids/,
  ],
  [
    "a connector without a source",
    "connectors: [{ id: x, context_id: c }]",
    "memory_api.url",
    /connectors\[0\] has none/,
    /http/,
  ],
  [
    "a schedule without a type",
    connector('schedule: { cron: "0 2 * * *" }'),
    "connectors[0].schedule.type",
    /missing/,
    /type: interval/,
  ],
  [
    "an interval without a length",
    connector("schedule: { type: interval }"),
    "connectors[0].schedule.interval_hours",
    /missing/,
    /every/,
  ],
  [
    "two kinds of interval",
    connector("schedule: { type: interval, every: 1h, interval_hours: 1 }"),
    "connectors[0].schedule.every",
    /beside interval_hours/,
    /keep either/,
  ],
  [
    "cron without cron",
    connector("schedule: { type: cron }"),
    "connectors[0].schedule.cron",
    /missing/,
    /0 2 \* \* \*/,
  ],
  [
    "a name without a password",
    `${minimal}\nlightrag: { api: { username: u } }`,
    "lightrag.api.password",
    /missing, username is set/,
    /both/,
  ],
  [
    "a connector's password without a name",
    connector("lightrag: { api: { password: geheim } }"),
    "connectors[0].lightrag.api.username",
    /missing/,
    /both/,
  ],
  [
    "an endpoint without a model",
    `${minimal}\nlightrag: { direct: { llm: { provider: openai-compatible, base_url: "http://h/v1" } } }`,
    "lightrag.direct.llm.model",
    /missing/,
    /needs it/,
  ],
  [
    "an endpoint for the built-in model",
    `${minimal}\nlightrag: { direct: { llm: { model: m } } }`,
    "lightrag.direct.llm.provider",
    /left out, so model would not be used/,
    /openai-compatible/,
  ],
  [
    "a connector's model without a dimension",
    connector(
      'lightrag: { direct: { embedding: { provider: openai-compatible, base_url: "http://h/v1", model: m } } }',
    ),
    "connectors[0].lightrag.direct.embedding.dimension",
    /missing/,
    /needs it/,
  ],
  [
    "an API open to everybody",
    `${minimal}\napi: { host: 0.0.0.0, enable_auth: false }`,
    "api.enable_auth",
    /anyone who reaches it/,
    /127\.0\.0\.1/,
  ],
  [
    "an API open to everybody over IPv6",
    `${minimal}\napi: { host: "::", enable_auth: false }`,
    "api.enable_auth",
    /anyone who reaches it/,
    /127\.0\.0\.1/,
  ],
  [
    "two rules in one",
    `${minimal}\nmonitoring: { alerts: { alert_on: [{ consecutive_failures: 1, no_sync_for_hours: 1 }] } }`,
    "monitoring.alerts.alert_on[0]",
    /one rule, has 2/,
    /per list item/,
  ],
  [
    "two names with two values",
    connector("ingestion: { batch_size: 1, max_concurrency: 2 }"),
    "connectors[0].ingestion.max_concurrency",
    /another name of batch_size/,
    /keep batch_size/,
  ],
  [
    "a mistake beneath another name",
    connector("transform: { strategy: ritch }"),
    "connectors[0].transform.strategy",
    /one of standard/,
    /did you mean rich\?/,
  ],
];

test.each(cases)("%s is a problem that says where, why and what to do", (_, yaml, path, reason, hint) => {
  const problems = problemsOf(yaml);
  expect(problems.map((problem) => problem.path)).toEqual([path]);
  expect(problems[0]?.reason).toMatch(reason);
  expect(problems[0]?.hint ?? "").toMatch(hint);
});

test.each(["127.0.0.1", "127.1.2.3", "localhost", "::1"])(
  "an API without authentication may listen on %s",
  (host) => {
    expect(readYaml(`${minimal}\napi: { host: "${host}", enable_auth: false }`).config.api.host).toBe(host);
  },
);

const alertChannel = (channel: string) => `${minimal}\nmonitoring: { alerts: { channels: [${channel}] } }`;
const someMail = "host: h, from: a@b, to: [c@d]";

test.each([
  ["{ id: a, type: webhook }", "webhook_url", "is missing"],
  ["{ id: a, type: email, webhook_url: 'http://h' }", "email", "is missing"],
  [
    "{ id: a, type: slack, webhook_url: 'http://h', signing_secret: 0123456789abcdef }",
    "signing_secret",
    "not used",
  ],
  [`{ id: a, type: email, email: { ${someMail}, username: u } }`, "email.password", "is missing"],
  [`{ id: a, type: email, email: { ${someMail.replace("c@d", "nobody")} } }`, "email.to[0]", "mail address"],
  ["{ id: a b, type: slack, webhook_url: 'http://h' }", "id", "must be a name"],
])("an alert channel %s is refused for its %s", (channel, key, reason) => {
  expect(problemsOf(alertChannel(channel))).toContainEqual(
    expect.objectContaining({
      path: `monitoring.alerts.channels[0].${key}`,
      reason: expect.stringContaining(reason),
    }),
  );
});

test("channels and webhooks have names of their own, `default` among them", () => {
  const hook = (id: string) => `{ id: ${id}, webhook_url: 'http://h' }`;
  const channel = "{ id: ops, type: slack, webhook_url: 'http://h' }";
  const yaml = `${minimal}\nmonitoring: { alerts: { webhook_url: 'http://h', channels: [${channel}] }, webhooks: [${hook("ops")}, ${hook("default")}, ${hook("own")}] }`;
  expect(problemsOf(yaml).map(({ path }) => path)).toEqual([
    "monitoring.webhooks[0].id",
    "monitoring.webhooks[1].id",
  ]);
});

test("an address that is no address opens nothing", () => {
  const yaml = `${minimal}\nmonitoring: { private_addresses: [localhost, 10.0.0.0/40] }`;
  expect(problemsOf(yaml).map(({ path }) => path)).toEqual([
    "monitoring.private_addresses[0]",
    "monitoring.private_addresses[1]",
  ]);
});
