import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { memoryApiOf, minimal, problemsOf, readYaml } from "../../../test/support/config.ts";
import { temporaryFolder } from "../../../test/support/temp-folder.ts";
import { substitute } from "./substitute.ts";

const variables = new Map([
  ["HOST", "example.org"],
  ["EMPTY", ""],
  ["SYNTAX", 'a: "b" #${HOST} *c'],
]);

function substituted(text: string): unknown {
  const { tree } = substitute({ value: text }, { variables, folder: "/" });
  return (tree as { value: unknown }).value;
}

test.each([
  ["${HOST}", "example.org"],
  ["http://${HOST}:${PORT:-80}/", "http://example.org:80/"],
  ["${MISSING:-}", ""],
  ["${MISSING:-a:-b}", "a:-b"],
  ["${EMPTY:-default}", "default"],
  ["${EMPTY}", ""],
  ["${MISSING:-${HOST}}", "example.org"],
  ["${MISSING:-http://${HOST}:${PORT:-80}/}x", "http://example.org:80/x"],
  ["${HOST:-${MISSING}}", "example.org"],
  ["$${HOST}", "${HOST}"],
  ["$$${HOST}", "$${HOST}"],
  ["$HOST and $5 and {}", "$HOST and $5 and {}"],
])("%s becomes %j", (written, expected) => {
  expect(substituted(written)).toBe(expected);
});

test("what a variable holds is one text, whatever it looks like, and is not read again", () => {
  expect(substituted("${SYNTAX}")).toBe('a: "b" #${HOST} *c');
  const environment = { NAME: "x\nenabled: false # ${NOT_SET}" };
  const yaml = `memory_api: { url: "http://127.0.0.1:8080" }\nconnectors:\n  - id: one\n    context_id: C\n    description: \${NAME}`;
  const { config } = readYaml(yaml, { environment });
  expect(config.connectors[0]).toMatchObject({ enabled: true, description: environment.NAME });
});

test("any text without the marks stays as it is", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary" }).filter((text) => !text.includes("${")),
      (text) => {
        expect(substituted(text)).toBe(text);
      },
    ),
  );
});

test("keys, numbers and what stands in lists are told apart: only texts are replaced, everywhere", () => {
  const tree = { "${HOST}": 1, list: ["${HOST}", { deep: "${HOST}" }], number: 5, none: null };
  expect(substitute(tree, { variables, folder: "/" }).tree).toEqual({
    "${HOST}": 1,
    list: ["example.org", { deep: "example.org" }],
    number: 5,
    none: null,
  });
});

test("a secret's file is read from its path, without the line breaks at its end", () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "key"), "\ufefftwo\nlines\r\n\n");
  const { tree, files, origins } = substitute({ a: "${file:key}" }, { variables, folder });
  expect(tree).toEqual({ a: "two\nlines" });
  expect(files).toEqual([join(folder, "key")]);
  expect(origins.get("a")).toMatchObject({ label: join(folder, "key"), confidential: true });
});

test("the path of a secret's file may begin with a variable, as that of systemd's credentials", () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "key"), "abc\n");
  const credentials = new Map([["CREDENTIALS_DIRECTORY", folder]]);
  for (const value of [
    "${file:${CREDENTIALS_DIRECTORY}/key}",
    "${NO_KEY:-${file:${CREDENTIALS_DIRECTORY}/key}}",
  ]) {
    const { tree, files, origins } = substitute({ value }, { variables: credentials, folder: "/" });
    expect([tree, files]).toEqual([{ value: "abc" }, [join(folder, "key")]]);
    expect(origins.get("value")).toMatchObject({ confidential: true });
  }
});

test("a text of opening marks alone takes no time", () => {
  const started = performance.now();
  expect(substitute({ a: "${".repeat(200_000) }, { variables, folder: "/" }).problems).toHaveLength(1);
  expect(performance.now() - started).toBeLessThan(5000);
});

test.each([
  ["", "from-file"],
  ["from-process", "from-process"],
])("the process's value %j of a variable that .env has means %j", (inProcess, expected) => {
  const yaml = `memory_api: { url: "http://127.0.0.1:8080", api_key: "\${KEY}" }\nconnectors: [{ id: one, context_id: C }]`;
  const { config } = readYaml(yaml, { files: { ".env": "KEY=from-file" }, environment: { KEY: inProcess } });
  expect(memoryApiOf(config.connectors[0] ?? expect.fail()).apiKey).toBe(expected);
});

test.each([
  ["${NOT_SET}", /names the variable NOT_SET, which is not set/],
  ["${LATIN1}", /names the variable LATIN1, whose value is not UTF-8/],
  ["${file:missing}", /there is no file/],
  ["${file:.}", /is a folder/],
  ["${file:${NOT_SET}/key}", /names the variable NOT_SET, which is not set/],
  ["${NOT_SET:-${ALSO_NOT}}", /names the variable ALSO_NOT, which is not set/],
  ["${NOT_SET:-${HOST}", /not closed/],
  [`${"${A:-".repeat(50)}${"}".repeat(50)}`, /nested too deeply/],
  ["${file:big}", /bytes, more than 65536/],
  ["${not a name}", /names no variable/],
  ["${}", /names no variable/],
  ["${1A}", /names no variable/],
  ["a ${HOST", /not closed/],
])("%s is the one problem of its setting", (written, reason) => {
  const files = { big: "x".repeat(70_000) };
  // As Node decodes the byte 0xE9.
  const environment = { LATIN1: "caf\ufffd" };
  const problems = problemsOf(`${minimal}\nlightrag: { api: { url: "${written}" } }`, { files, environment });
  expect(problems).toEqual([
    expect.objectContaining({
      path: "lightrag.api.url",
      line: 5,
      reason: expect.stringMatching(reason),
      value: null,
    }),
  ]);
});

test("the text of a variable becomes a number or a boolean where the setting is one, and stays text elsewhere", () => {
  const environment = {
    NUMBER: " 12 ",
    SECONDS: "2.5",
    DURATION: "5m",
    YES: "Yes",
    ZERO: "0",
    CONTEXT: "007",
  };
  const { config } = readYaml(
    `
memory_api: { url: "http://127.0.0.1:8080", timeout: "\${SECONDS}", circuit_breaker: { cooldown: "\${DURATION}" }, api_key: "\${NUMBER}" }
connectors:
  - { id: one, context_id: "\${CONTEXT}", enabled: "\${YES}", ingestion: { query_limit: "\${NUMBER}", skip_empty_transcripts: "\${ZERO}" } }
`,
    { environment },
  );
  expect(config.connectors[0]).toMatchObject({
    enabled: true,
    contextIds: ["007"],
    ingestion: { queryLimit: 12, skipEmptyTranscripts: false },
    source: { timeoutMs: 2500, circuitBreaker: { failures: 10, cooldownMs: 300_000 }, apiKey: "12" },
  });
});

test("a variable that is no number where one is wanted is a problem that names the variable", () => {
  const [problem] = problemsOf(`${minimal}\napi: { port: "\${PORT}" }`, { environment: { PORT: "http" } });
  expect(problem).toMatchObject({
    path: "api.port",
    origin: "PORT",
    value: '"http"',
    reason: "must be a number",
  });
});

test("a secret that is set to nothing counts as not set", () => {
  const yaml = `
memory_api: { url: "http://127.0.0.1:8080", api_key: "" }
connectors: [{ id: one, context_id: CTX1, memory_api: { api_key: "\${OWN_KEY:-}" } }]
`;
  expect(memoryApiOf(readYaml(yaml).config.connectors[0]!).apiKey).toBeNull();
  expect(memoryApiOf(readYaml(yaml, { environment: { OWN_KEY: "k-1" } }).config.connectors[0]!).apiKey).toBe(
    "k-1",
  );
});
