import { expect, test } from "vitest";
import { problemsOf } from "../../../test/support/settings-tree.ts";
import { pathText } from "../../kernel/settings/path.ts";
import { declaredSettings } from "../schema/settings.ts";

const secrets = [
  "sk-live-4f9a8b7c6d5e",
  "sk-abc/def+0123456789abcdef",
  "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc",
  "mck_Zk3vT0pQ9sLx2RwY7uBn5cHd1GfJ8aKe4MiO6tVrPqX",
  "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
  "AKIAIOSFODNN7EXAMPLE",
  "9f86d081884c7d659a2feaa0c55ad015",
  "d2hhdCBhIHNlY3JldCB0aGlzIGlzIQ",
  "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
  "qzxvkjwhpqmnbtrdfgls",
];

const settings = [
  ...new Map(
    declaredSettings().map((setting) => [pathText(setting.pattern), setting.pattern] as const),
  ).values(),
];

function fileWith(pattern: readonly string[], value: unknown): unknown {
  return pattern.reduceRight<unknown>(
    (inner, segment) => (segment === "[]" ? [inner] : { [segment]: inner }),
    value,
  );
}

test.each(settings.map((pattern) => ({ pattern, name: pathText(pattern) })))(
  "what is wrong with $name quotes no secret that was written there, nor one that stands for its name",
  ({ pattern }) => {
    for (const secret of secrets)
      for (const tree of [
        fileWith(pattern, secret),
        fileWith(pattern, [secret]),
        fileWith([...pattern.slice(0, -1), secret], 5),
      ])
        expect(JSON.stringify(problemsOf(tree))).not.toContain(secret);
  },
);

test.each([
  ["api", "port"],
  ["api", "enabled"],
  ["lightrag", "mode"],
  ["lightrag", "api"],
  ["memory_api", "url"],
  ["memory_api", "timeout"],
  ["connectors", "[]", "schedule", "type"],
  ["connectors", "[]", "schedule", "cron"],
  ["connectors", "[]", "timezone"],
])("a password in %s.%s is not quoted: no typing mistake has led to it", (...pattern) => {
  for (const password of ["s3cret", "hunter2", "p@ssword", "Passw0rd!"]) {
    const problems = problemsOf(fileWith(pattern, password));
    expect(problems.length).toBeGreaterThan(0);
    expect(JSON.stringify(problems)).not.toContain(password);
  }
});

test.each([
  [["lightrag", "mode"], "serverr"],
  [["state", "backend"], "sqlite3"],
  [["api", "port"], "80a"],
  [["api", "port"], "eighty"],
  [["memory_api", "timeout"], "30 seconds"],
  [["memory_api", "url"], "localhost:8080"],
  [["memory_api", "url"], "ftp://127.0.0.1:8080/memories/api/v1"],
  [["connectors", "[]", "timezone"], "Europe/Zuerich"],
  [["connectors", "[]", "schedule", "cron"], "0 25 * * *"],
  [["connectors", "[]", "id"], "my connector 2024-01-31"],
  [["logging", "level"], "INFO2"],
])("a usual mistake in %j is quoted: %s", (pattern, mistake) => {
  expect(problemsOf(fileWith(pattern, mistake)).map(({ value }) => value)).toContain(JSON.stringify(mistake));
});
