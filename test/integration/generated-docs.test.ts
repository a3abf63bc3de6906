import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { readYaml } from "../support/config.ts";

const root = join(import.meta.dirname, "../..");
const textOf = (path: string) => readFileSync(join(root, path), "utf8");

test("the generated files are what the code makes now", () => {
  const check = spawnSync(process.execPath, ["scripts/generate-docs.ts", "--check"], {
    cwd: root,
    encoding: "utf8",
  });
  expect({
    status: check.status,
    stale: check.stderr.split("\n").filter((line) => line.includes("up to date")),
  }).toEqual({
    status: 0,
    stale: [],
  });
});

const page = textOf("docs/configuration.md");
const examples = [...page.matchAll(/```yaml\n(.*?)```/gs)].map((match) => match[1] ?? "");

/** What an example that shows only its own block leaves out. */
function completed(example: string): string {
  const source = example.includes("memory_api:\n  url")
    ? ""
    : 'memory_api: { url: "http://127.0.0.1:8080" }\n';
  return `${source}${example}`;
}

const environment = Object.fromEntries(
  [...page.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => [name ?? "", "http://127.0.0.1/value"]),
);

test.each(examples)("an example of the configuration page loads:\n%s", (example) => {
  const yaml = completed(example).replaceAll(/\$\{file:[^}]*\}/g, "${file:secret}");
  const files = { secret: "value" };
  expect(() => readYaml(yaml, { environment, files })).not.toThrow();
});

test("every link of the configuration page leads to a section of it", () => {
  const sections = new Set(
    [...page.matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
      (title ?? "")
        .toLowerCase()
        .replace(/[^\w -]/g, "")
        .replaceAll(" ", "-"),
    ),
  );
  const links = [...page.matchAll(/\]\(#([^)]*)\)/g)].map(([, target]) => target ?? "");
  expect(links.length).toBeGreaterThan(10);
  expect(links.filter((target) => !sections.has(target))).toEqual([]);
});

const accepts = new Ajv({ strict: false, validateFormats: false }).compile(
  JSON.parse(textOf("config.schema.json")),
);

test.each([...examples, textOf("config.example.yaml")])(
  "the editors' schema accepts what loads:\n%s",
  (example) => {
    expect(accepts(parse(example)), JSON.stringify(accepts.errors)).toBe(true);
  },
);

test.each([
  "connectors: [{ id: a, schedule: { type: cron, cron_expr: 0 2 * * * }, transform: { strategy: rich } }]",
  "logging: { file: ./m.log, level: Info }",
  'api: { port: "${PORT}", enable_auth: "${AUTH:-true}" }',
  "api:",
  'memory_api: { api_key: "" }\nmonitoring: { alerts: { webhook_url: "" } }',
])("the editors' schema accepts the other ways to write a setting: %s", (yaml) => {
  expect(accepts(parse(yaml)), JSON.stringify(accepts.errors)).toBe(true);
});

test.each(["loging: {}", "api: { port: http }", "connectors: [{ id: a b }]", "lightrag: { mode: both }"])(
  "the editors' schema refuses %s",
  (yaml) => {
    expect(accepts(parse(yaml))).toBe(false);
  },
);
