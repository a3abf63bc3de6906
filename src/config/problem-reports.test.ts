import { expect, test } from "vitest";
import { minimal, problemsOf, readYaml } from "../../test/support/config.ts";
import { ConfigInvalidError } from "./report/finding.ts";

test("every problem is told at once, in the order of the file, with its line", () => {
  const problems = problemsOf(`
memory_api:
  timeout: soon
connectors:
  - id: x
    retry: { max_attempts: 1.5 }
  - id: x
    context_id: b
    colour: red
api:
  host: 0.0.0.0
  enable_auth: false
  port: none
`);
  expect(problems.map(({ path, line }) => [path, line])).toEqual([
    ["memory_api.url", 2],
    ["memory_api.timeout", 3],
    ["connectors[0].context_id", 5],
    ["connectors[0].retry.max_attempts", 6],
    ["connectors[1].id", 7],
    ["connectors[1].colour", 9],
    ["api.enable_auth", 12],
    ["api.port", 13],
  ]);
});

test("a problem shows what is printed on a terminal: the file, each place, value and advice", () => {
  const failure = catchInvalid(() => readYaml(`${minimal}\nlogging: { level: LOUD, format: jsn }`));
  expect(
    failure.format(),
  ).toBe(`CONFIG_INVALID: config.yaml has 2 problems · correct each of them; docs/configuration.md describes every setting
  logging.level (line 5): must be one of DEBUG, INFO, WARNING, WARN, ERROR, CRITICAL, FATAL, is "LOUD"
  logging.format (line 5): must be one of json, text, is "jsn" · did you mean json?`);
  expect(failure.reaction).toBe("fix-input");
});

test("a text of which one part is secret is not shown, wherever the secret stands in it", () => {
  const environment = { MY_TOKEN: "s3cret", HOST: "host" };
  for (const url of ["ftp://${MY_TOKEN}.${HOST}", "ftp://${HOST}.${MY_TOKEN}"]) {
    const [problem] = problemsOf(`${minimal}\nlightrag: { api: { url: "${url}" } }`, { environment });
    expect(problem).toMatchObject({ path: "lightrag.api.url", value: "***" });
  }
});

test("no secret is shown: not in its own setting, beneath a misspelt name, in an address, or from a secret's file", () => {
  const yaml = `
memory_api: { url: "ftp://user:s3cret@host/", api_key: [s3cret] }
connectors: [{ id: "\${file:key}", context_id: c, api_kye: s3cret }]
lightrag: { api: { password: 5, username: u } }
monitoring: { alerts: { webhook_url: "s3cret" } }
api: { port: "\${MY_TOKEN}" }
`;
  const situation = { files: { key: "s3cret value" }, environment: { MY_TOKEN: "s3cret" } };
  const failure = catchInvalid(() => readYaml(yaml, situation));
  expect(failure.problems).toHaveLength(7);
  expect(`${failure.format()} ${JSON.stringify(failure.problems)} ${failure.stack}`).not.toContain("s3cret");
});

test.each([
  "user:s3cret@host:80",
  "http//user:s3cret@h",
  "http:/user:s3cret@h",
  "ftp://user:s3cret@h",
  "ftp://user:s3 cret@h",
  "http//user:a/s3cret@h@x",
])("of an address that is none the login is not shown: %s", (url) => {
  const [problem] = problemsOf(`${minimal}\nlightrag: { api: { url: ${JSON.stringify(url)} } }`, {});
  expect(problem).toMatchObject({ path: "lightrag.api.url", value: expect.stringContaining("***@") });
  expect(JSON.stringify(problem)).not.toMatch(/s3|cret/u);
});

function catchInvalid(read: () => unknown): ConfigInvalidError {
  try {
    read();
  } catch (error) {
    if (error instanceof ConfigInvalidError) return error;
    throw error;
  }
  throw new Error("the configuration is valid");
}
