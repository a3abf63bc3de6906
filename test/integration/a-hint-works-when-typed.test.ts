import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runCli } from "../support/cli.ts";
import { wordsOf } from "../support/parse-command-line.ts";
import { makeWorld } from "../support/service.ts";
import { temporaryFolder } from "../support/temp-folder.ts";

const broken = 'memory_api:\n  url: "http://127.0.0.1:8080\n';

/** Types the first command that an error advises. */
async function typeHint(error: string, folder: string) {
  const [, words = ""] = /`memory-connector ([^`]*)`/u.exec(error) ?? [];
  return { words, answer: await runCli(wordsOf(words), { cwd: folder }) };
}

test.each(["config.yaml", "all-settings.yaml"])(
  "who has broken %s is told how to get a whole file to compare with, again and again, and the broken one stays",
  async (name) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, name), broken);
    for (let time = 0; time < 3; time++) {
      const { code, err } = await runCli(["validate", "--config", name], { cwd: folder });
      expect([code, err]).toEqual([2, expect.stringContaining("CONFIG_SYNTAX")]);
      const { words, answer } = await typeHint(err, folder);
      expect([words, answer.code, answer.err]).toEqual([
        expect.stringMatching(/^init --full --config /u),
        0,
        expect.not.stringContaining("CONFIG_EXISTS"),
      ]);
    }
    expect(readFileSync(join(folder, name), "utf8")).toBe(broken);
  },
);

test("who names the broken file by its absolute path, from elsewhere, gets the whole one beside it, twice", async () => {
  const [here, there] = [temporaryFolder(), join(temporaryFolder(), "my files")];
  mkdirSync(there);
  writeFileSync(join(there, "config.yaml"), broken);
  for (const name of ["all-settings.yaml", "all-settings-2.yaml"]) {
    const { err } = await runCli(["validate", "--config", join(there, "config.yaml")], { cwd: here });
    const { answer } = await typeHint(err, here);
    expect([answer.code, existsSync(join(there, name)), readdirSync(here)]).toEqual([0, true, []]);
  }
});

test.each([
  ["--api-key", ["--api-key", "wrong"], {}],
  ["the variable MEMORY_API_KEY", [], { MEMORY_API_KEY: "wrong" }],
])("who gives a wrong key by %s is led there, not to the file", async (origin, typed, env) => {
  const { folder, memoryApi, configure } = await makeWorld(0);
  configure("connectors: [{ id: one, context_id: CTX }]", {
    memory_api: `{ url: "${memoryApi.url}", api_key: right }`,
  });
  const { out, err } = await runCli(["sync", ...typed], { cwd: folder, env });
  expect(out + err).toContain("SOURCE_UNAUTHORIZED");
  expect(out + err).toContain(`correct the key: it comes from ${origin}`);
  expect(out + err).not.toContain("memory_api.api_key");
});

test.each([
  ["the shared block", "{ id: one, context_id: CTX }", "check memory_api.api_key, or MEMORY_API_KEY"],
  [
    "a block of its own",
    "{ id: one, context_id: CTX, source: SOURCE }",
    "check the connector's source.api_key",
  ],
])("who shows a wrong key is led to the setting that holds it: %s", async (_, connector, hint) => {
  const { folder, memoryApi, configure } = await makeWorld(0);
  const wrong = `{ url: "${memoryApi.url}", api_key: wrong }`;
  configure(`connectors: [${connector.replace("SOURCE", wrong.replace("{", "{ type: memory_api,"))}]`, {
    memory_api: wrong,
  });
  const { err } = await runCli(["sync"], { cwd: folder });
  const { out } = await runCli(["check"], { cwd: folder });
  const told = `${err}${out}`;
  expect(told).toContain("SOURCE_UNAUTHORIZED");
  expect(told.match(/check (?:memory_api|the connector's)[^\n]*/gu)).toEqual(
    expect.arrayContaining([expect.stringContaining(hint)]),
  );
  expect(told).not.toContain(hint.startsWith("check mem") ? "source.api_key" : "memory_api.api_key");
});
