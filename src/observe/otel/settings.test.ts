import { expect, test } from "vitest";
import { minimal, problemsOf, readYaml } from "../../../test/support/config.ts";
import { maskSecrets, secretsOf } from "../../config/mask-secrets.ts";

const withOtel = (otel: string) => `${minimal}\nmonitoring: { otel: ${otel} }`;
const read = (otel: string, environment: Record<string, string> = {}) =>
  readYaml(withOtel(otel), { environment }).config.monitoring.otel;

test("an address alone is enough, and so is an empty block", () => {
  expect(read("http://collector:4318")).toEqual({
    endpoint: "http://collector:4318",
    headers: {},
    ca: null,
    timeoutMs: 10_000,
    serviceName: "memory-connector",
    resourceAttributes: {},
    traces: { sampleRatio: 1 },
    metrics: { intervalMs: 60_000 },
  });
  expect(read("{}")).toMatchObject({ endpoint: "http://localhost:4318" });
});

test("without the block, or with it switched off, nothing is sent, whatever the variables say", () => {
  const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318", OTEL_SERVICE_NAME: "x" };
  expect(readYaml(minimal, { environment }).config.monitoring.otel).toBeNull();
  expect(read("{ enabled: false }", environment)).toBeNull();
  expect(read("{ traces: { enabled: false } }")).toMatchObject({ traces: null });
});

test("with the block the variables override it", () => {
  const environment = {
    OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318/base",
    OTEL_EXPORTER_OTLP_HEADERS: "authorization=Bearer%20key-1, x-tenant=a%2Cb",
    OTEL_SERVICE_NAME: "diary",
    OTEL_RESOURCE_ATTRIBUTES: "team=home,deployment.environment.name=caf%C3%A9",
  };
  expect(read("{ service_name: file }", environment)).toMatchObject({
    endpoint: "http://collector:4318/base",
    headers: { authorization: "Bearer key-1", "x-tenant": "a,b" },
    serviceName: "diary",
    resourceAttributes: { team: "home", "deployment.environment.name": "café" },
  });
});

test("headers of the file do not follow a variable to another server", () => {
  const file = '{ endpoint: "http://mine:4318", headers: "key=secret-of-mine" }';
  const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://theirs:4318" };
  const [problem] = problemsOf(withOtel(file), { environment });
  expect(problem).toMatchObject({ path: "monitoring.otel.headers" });
  expect(JSON.stringify(problem)).not.toContain("secret-of-mine");
});

test("a switch in the place of the address is answered with an address, and a number in that of headers with none", () => {
  expect(problemsOf(withOtel("true"))).toMatchObject([
    { path: "monitoring.otel.endpoint", hint: "for example endpoint: http://localhost:4318" },
  ]);
  expect(problemsOf(withOtel("{ headers: 5 }"))).toMatchObject([
    { value: "***", hint: expect.not.stringContaining("in quotes") },
  ]);
});

test("headers are never shown, and are masked in the log", () => {
  const config = { otel: read('{ headers: "authorization=Bearer%20key-1" }') };
  expect(maskSecrets(config)).toMatchObject({ otel: { headers: "***" } });
  expect(secretsOf(config)).toEqual(["Bearer key-1"]);
});

test.each([
  ["endpoint: ftp://collector", "must be a URL that begins with http:// or https://"],
  ["endpoint: http://collector/v1/traces", "must be the address above /v1/traces and /v1/metrics"],
  ['headers: "authorization"', "number 1 is none"],
  ['headers: "a=1,b c=2"', "must not have number 2"],
  ['headers: "a=1,content-length=2"', "must not have number 2"],
  ['headers: "a=%zz-secret"', "number 1 is none"],
  ['headers: "a=secret%0Ax"', "has a character in the value of a"],
  ['headers: "=secret"', "number 1 is none"],
  ['resource_attributes: "a=1,=2"', "number 2 is none"],
  ["traces: { sample_ratio: 1.5 }", "must be at most 1"],
  ["metrics: { interval: 10ms }", "must be at least 1s"],
  ["protocol: grpc", "is not a setting"],
])("%s is refused, without its secret", (setting, reason) => {
  const problems = problemsOf(withOtel(`{ ${setting} }`));
  expect(problems).toMatchObject([{ reason: expect.stringContaining(reason) }]);
  expect(JSON.stringify(problems)).not.toContain("secret");
});
