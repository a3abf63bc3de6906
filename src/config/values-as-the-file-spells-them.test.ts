import { expect, test } from "vitest";
import { problemsOf, readYaml } from "../../test/support/config.ts";

const withContext = (value: string) =>
  `memory_api: { url: "http://127.0.0.1:8080" }\nconnectors:\n  - id: one\n    context_id: ${value}\n`;

test.each(["007", "1e3", "0x10", "0o7", "653247040368672768", "3.10", "-0", "true", "False", ".5", ".inf"])(
  "context_id: %s is shown as it stands, with the line to write",
  (spelled) => {
    const problem = problemsOf(withContext(spelled)).find(({ path }) => path === "connectors[0].context_id");
    expect(problem).toMatchObject({ value: spelled, hint: `write "${spelled}", in quotes`, line: 4 });
    const repaired = readYaml(withContext(`"${spelled}"`));
    expect(repaired.config.connectors[0]?.contextIds).toEqual([spelled]);
  },
);

test.each(["yes", "no", "2026-11-28", "1_000", "12:30:45", "0b1", "1.2.3"])(
  "context_id: %s is a text in YAML and is taken as it stands",
  (spelled) => {
    expect(readYaml(withContext(spelled)).config.connectors[0]?.contextIds).toEqual([spelled]);
  },
);

test.each(["null", "~", ""])("context_id: %s counts as not written", (spelled) => {
  expect(problemsOf(withContext(spelled)).map(({ path }) => path)).toContain("connectors[0].context_id");
});

test("the spelling is found in lists, behind aliases and under other names", () => {
  const yaml = `memory_api: { url: "http://127.0.0.1:8080" }\nconnectors:\n  - { id: &n 010, context_ids: [0x1F, *n] }\n`;
  const shown = problemsOf(yaml).map(({ path, value }) => [path, value]);
  expect(shown).toContainEqual(["connectors[0].context_ids[0]", "0x1F"]);
  expect(shown).toContainEqual(["connectors[0].id", "010"]);
});

test("a key that is a number is shown neither in the value nor in the hint", () => {
  const problems = problemsOf("api: { api_key: 0123456789 }");
  expect(problems).toMatchObject([{ path: "api.api_key", value: "***" }]);
  expect(JSON.stringify(problems)).not.toContain("123456789");
});
