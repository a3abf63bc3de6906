import { expect, test } from "vitest";
import { memoryApiOf, problemsOf, readYaml } from "../../test/support/config.ts";
import { shownConfig } from "./config.ts";
import { maskSecrets } from "./mask-secrets.ts";

const connector = (settings: string) => `connectors: [{ id: one, context_id: CTX1, ${settings} }]`;
const sourceOf = (yaml: string, environment = {}) =>
  readYaml(yaml, { environment }).config.connectors[0]!.source;

test("a source of its own needs no block at the top, and takes nothing from one", () => {
  const own = connector('source: { type: memory_api, url: "http://own.example" }');
  const block = 'memory_api: { url: "http://a.example", api_key: k-of-a, timeout: 1 }\n';
  expect(sourceOf(block + own)).toEqual(sourceOf(own));
  expect(sourceOf(own)).toMatchObject({ server: "http://own.example", apiKey: null, timeoutMs: 30_000 });
});

test("the short form is the same but for where its settings stand", () => {
  const short = sourceOf(
    `memory_api: { url: "http://a.example", api_key: k }\n${connector("enabled: true")}`,
  );
  const whole = sourceOf(connector('source: { type: memory_api, url: "http://a.example", api_key: k }'));
  expect([short, whole]).toMatchObject([{ block: "memory_api" }, { block: "source" }]);
  expect({ ...short, block: "source" }).toEqual(whole);
});

test("memories may stand in the configuration itself", () => {
  const memories = '[{ id: a, created_at: "2026-03-01T09:15:00+01:00", transcript: words }]';
  expect(sourceOf(connector(`source: { type: in_memory, memories: ${memories} }`))).toMatchObject({
    server: null,
    memories: [
      { id: "a", createdAt: "2026-03-01T08:15:00.000Z", transcript: "words", tags: [], title: null },
    ],
  });
});

test("variables become what the type wants, and logins and keys are never shown", () => {
  const yaml = connector(
    'source: { type: memory_api, url: "http://u:p-1@a.example", api_key: "${KEY}", max_retries: "${N}" }',
  );
  const environment = { KEY: "k-secret", N: "7" };
  expect(sourceOf(yaml, environment)).toMatchObject({ maxRetries: 7, apiKey: "k-secret" });
  const shown = JSON.stringify(maskSecrets(shownConfig(readYaml(yaml, { environment }).config)));
  expect(shown).toContain('"memoryApi":{"type":"memory_api"');
  expect(shown).not.toMatch(/k-secret|p-1/u);
});

test("a process's MEMORY_API_KEY is not for sources that have an address of their own", () => {
  const yaml = `memory_api: { url: "http://a.example" }
connectors:
  - { id: one, context_id: A }
  - { id: two, context_id: B, source: { type: memory_api, url: "http://b.example" } }`;
  const { connectors } = readYaml(yaml, { environment: { MEMORY_API_KEY: "k" } }).config;
  expect(connectors.map((each) => memoryApiOf(each).apiKey)).toEqual(["k", null]);
});

const of = (settings: string) => connector(`source: ${settings}`);
const at = (key: string) => `connectors[0].source${key}`;

test.each([
  [
    "an unknown type",
    of("{ type: memory_ap }"),
    at(".type"),
    /^must be one of memory_api, folder/,
    /did you mean memory_api/,
  ],
  ["a type like none", of("{ type: 7 }"), at(".type"), /^must be one of memory_api, folder/, /^$/],
  ["no type", of('{ url: "http://a.example" }'), at(".type"), /^is missing$/, /for example type: memory_api/],
  ["no address", of("{ type: memory_api }"), at(".url"), /^is missing$/, /for example url: http/],
  ["a word for a block", of("memory_api"), at(""), /must be a map of settings/, /^$/],
  ["nothing in it", of("{}"), at(".type"), /^is missing$/, /memory_api/],
  [
    "a misspelt key",
    of('{ type: memory_api, url: "http://a.example", api_kee: k }'),
    at(".api_kee"),
    /not a setting/,
    /did you mean api_key/,
  ],
  [
    "a key of another type",
    of('{ type: in_memory, url: "http://a.example" }'),
    at(".url"),
    /not a setting/,
    /./,
  ],
  [
    "a memory without a time",
    of("{ type: in_memory, memories: [{ id: a, transcript: t }] }"),
    at(".memories[0].created_at"),
    /^is missing$/,
    /2026-/,
  ],
  [
    "a time without a zone",
    of('{ type: in_memory, memories: [{ id: a, transcript: t, created_at: "2026-03-01T08:15:00" }] }'),
    at(".memories[0].created_at"),
    /must be a time such as/,
    /^$/,
  ],
  [
    "an id twice",
    of(
      '{ type: in_memory, memories: [{ id: a, transcript: t, created_at: "2026-03-01T08:15:00Z" }, { id: a, transcript: u, created_at: "2026-03-01T08:15:00Z" }] }',
    ),
    at(".memories[1].id"),
    /is also the id of memories\[0\]/,
    /^$/,
  ],
  [
    "both forms",
    connector('memory_api: { timeout: 1 }, source: { type: memory_api, url: "http://a.example" }'),
    "connectors[0].memory_api",
    /stands beside source/,
    /move its keys to source/,
  ],
  [
    "a mask for a key",
    of('{ type: memory_api, url: "http://a.example", api_key: "***" }'),
    at(".api_key"),
    /is a mask/,
    /give the secret itself/,
  ],
])("%s is one clear problem at its place", (_, yaml, path, reason, hint) => {
  expect(problemsOf(yaml)).toEqual([
    expect.objectContaining({ path, reason: expect.stringMatching(reason), line: 1 }),
  ]);
  expect(problemsOf(yaml)[0]?.hint ?? "").toMatch(hint);
});
