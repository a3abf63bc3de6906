import { expect, test } from "vitest";
import { readYaml } from "../../test/support/config.ts";

const warningsOf = (yaml: string, environment: Record<string, string> = {}) =>
  readYaml(`memory_api: { url: "http://127.0.0.1:8080" }\n${yaml}`, { environment }).warnings;

test.each(["", "connectors: []", "connectors:"])(
  "a configuration without connectors is told that it does nothing (%j)",
  (yaml) => {
    expect(warningsOf(yaml)).toEqual([
      expect.objectContaining({ path: "connectors", reason: expect.stringMatching(/nothing to sync/) }),
    ]);
  },
);

test.each([
  ["${KEY}", { KEY: "" }, 1],
  ["${file:key}", {}, 1],
  ["${KEY:-}", {}, 0],
  ["", {}, 0],
  ["${KEY}", { KEY: "abc" }, 0],
])("a secret that is %j and empty where it is taken from is told (%j)", (written, environment, told) => {
  const yaml = `memory_api: { url: "http://127.0.0.1:8080", api_key: "${written}" }\nconnectors: [{ id: one, context_id: C }]`;
  const { warnings } = readYaml(yaml, { environment, files: { key: "\n" } });
  expect(warnings).toHaveLength(told);
  if (told > 0) expect(warnings[0]).toMatchObject({ path: "memory_api.api_key" });
});

const onOneContext = (second: string) => `
connectors:
  - { id: one, context_id: CTX1 }
  - { id: two, context_ids: [CTX0, CTX1], ${second} }
`;

test("two connectors that bring one context to one LightRAG are warned of", () => {
  const [warning, ...rest] = warningsOf(onOneContext('lightrag: { api: { url: "http://localhost:9621/" } }'));
  expect(warning).toMatchObject({
    path: "connectors[1]",
    line: 5,
    reason: expect.stringContaining('"CTX1" to the same LightRAG as the connector one'),
  });
  expect(rest).toEqual([]);
});

test.each([
  "enabled: false",
  "lightrag: { api: { workspace: other } }",
  'lightrag: { api: { url: "http://localhost:1" } }',
  "lightrag: { mode: direct }",
])("one context may be brought twice when the second connector has %s", (second) => {
  expect(warningsOf(onOneContext(second))).toEqual([]);
});

const one = "connectors: [{ id: one, context_id: CTX1 }]\n";

test.each(["your-api-key", "your_key_here", "changeme", "<api key>", "xxxx", "PASSWORD"])(
  "the placeholder %s is noticed and not shown",
  (value) => {
    const warnings = warningsOf(`${one}lightrag: { api: { api_key: "${value}" } }`);
    expect(warnings).toEqual([
      expect.objectContaining({
        path: "lightrag.api.api_key",
        line: 3,
        value: null,
        reason: expect.stringMatching(/placeholder/),
      }),
    ]);
  },
);

test("a placeholder in a connector's own block is noticed, a real key is not", () => {
  const yaml = "connectors: [{ id: one, context_id: CTX1, memory_api: { api_key: your-key } }]";
  expect(warningsOf(yaml).map(({ path }) => path)).toEqual(["connectors[0].memory_api.api_key"]);
  expect(warningsOf(one, { MEMORY_API_KEY: "a8f5f167f44f4964" })).toEqual([]);
});

const transforming = (transformation: string, rest = "") =>
  `connectors: [{ id: one, context_id: CTX1, transformation: { ${transformation} } }]\n${rest}`;
const unread = /nobody is named who could do it/;

test.each([
  ["include_audio", "media: { transcription: { base_url: 'http://h/v1', model: m } }"],
  ["include_image", "media: { vision: { base_url: 'http://h/v1', model: m } }"],
])("%s without an endpoint is warned of, and not with one", (key, media) => {
  const reasons = (rest: string) =>
    warningsOf(transforming(`${key}: true`, rest)).filter(({ reason }) => unread.test(reason));
  expect(reasons("")).toEqual([
    expect.objectContaining({
      path: `connectors[0].transformation.${key}`,
      hint: expect.stringMatching(/^set media\./),
    }),
  ]);
  expect(reasons(media)).toEqual([]);
});

test.each([
  ["standard", 1],
  ["rich", 0],
])("names of places under the strategy %s are warned of %d times", (strategy, times) => {
  const warnings = warningsOf(transforming(`strategy: ${strategy}, geocoding: true`));
  expect(warnings.filter(({ reason }) => /shows no names of places/.test(reason))).toHaveLength(times);
});

test.each([
  ["", ["tells nobody", "watches nothing"]],
  ["webhook_url: 'http://h'", ["watches nothing"]],
  ["alert_on: [{ truncated: true }]", ["tells nobody"]],
  [
    "webhook_url: 'http://h', alert_on: [{ truncated: true, connectors: [two] }]",
    ['names the connector "two"'],
  ],
  ["webhook_url: 'http://h', alert_on: [{ truncated: true, connectors: [one] }]", []],
])("alerts with {%s} are warned of where nobody would hear of them", (alerts, expected) => {
  const one = "connectors: [{ id: one, context_id: CTX1 }]";
  const reasons = (enabled: boolean) =>
    warningsOf(`${one}\nmonitoring: { alerts: { enabled: ${enabled}, ${alerts} } }`).map(
      ({ reason }) => reason,
    );
  expect(reasons(true)).toEqual(expected.map((start) => expect.stringContaining(start)));
  expect(reasons(false)).toEqual([]);
});

test("an API that asks for no keys is warned of, unless it is switched off", () => {
  const warnings = warningsOf(`${one}api: { enable_auth: false }`);
  expect(warnings).toEqual([expect.objectContaining({ path: "api.enable_auth", line: 3 })]);
  expect(warningsOf(`${one}api: { enable_auth: false, enabled: false }`)).toEqual([]);
});

test.each(["k", "hunter2", "fifteen-letters"])(
  "the short key %s to the API is warned of and not shown",
  (key) => {
    const warnings = warningsOf(`${one}api: { api_key: "${key}" }`);
    expect(warnings).toEqual([
      expect.objectContaining({
        path: "api.api_key",
        value: null,
        reason: expect.stringContaining("guessed"),
      }),
    ]);
    expect(JSON.stringify(warnings)).not.toContain(key === "k" ? '"k"' : key);
    expect(warningsOf(`${one}api: { enabled: false, api_key: "${key}" }`)).toEqual([]);
  },
);

test("a key of 16 characters is not", () => {
  expect(warningsOf(`${one}api: { api_key: sixteen-letters- }`)).toEqual([]);
});
