import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readConfig } from "../../src/config/read-config.ts";
import { ended, runCli, startCli } from "../support/cli.ts";
import { startInitAskingForLightRag } from "../support/init-on-pty.ts";
import { hasPty, startOnPty } from "../support/pty.ts";
import { makeWorld } from "../support/service.ts";
import { temporaryFolder } from "../support/temp-folder.ts";

const configOf = (folder: string) =>
  readConfig({ path: "config.yaml", environment: {}, workingFolder: folder }).config;
const modeOf = (path: string) => statSync(path).mode & 0o777;

test.skipIf(!hasPty)(
  "on a terminal (needs python3) init asks for both ends, tries them, and what it writes works",
  async () => {
    const { folder, memoryApi, lightrag } = await makeWorld(2);
    const session = startOnPty(["init"], { cwd: folder });
    await session.shows("Its number or name");
    session.type("\r");
    await session.shows("Address of the Memory API");
    session.type("not an address\r");
    await session.shows("must be a URL");
    session.type(`${memoryApi.url}\r`);
    await session.shows("Its key");
    session.type("wrong key\r");
    await session.shows("Context");
    session.type("CTX\r");
    await session.shows("SOURCE_UNAUTHORIZED");
    await session.shows("Change these answers?");
    session.type("\r");
    await session.shows("Its number or name");
    session.type("1\r");
    await session.shows("Address of the Memory API");
    session.type("\r");
    await session.shows("Its key");
    session.type(`${memoryApi.key}\r`);
    await session.shows("Context");
    session.type("\r");
    await session.shows("the context is there");
    await session.shows("Is there a LightRAG server?");
    session.type("\r");
    await session.shows("Address of the LightRAG");
    session.type(`${lightrag.url}\r`);
    await session.shows("Its key");
    session.type("\r");
    await session.shows("answers, LightRAG 1.5");
    expect(await session.ended).toBe(0);
    expect(session.shown()).not.toContain(memoryApi.key);
    const { connectors } = configOf(folder);
    expect(connectors).toMatchObject([
      {
        contextIds: ["CTX"],
        source: { url: memoryApi.url, apiKey: memoryApi.key },
        lightrag: { mode: "api" },
      },
    ]);
    expect(readFileSync(join(folder, "config.yaml"), "utf8")).not.toContain(memoryApi.key);
    expect([modeOf(join(folder, "config.yaml")), modeOf(join(folder, ".env"))]).toEqual([0o600, 0o600]);
    expect(await ended(startCli(["sync"], folder))).toMatchObject({ code: 0 });
  },
);

test.skipIf(!hasPty)(
  "with both servers down and no LightRAG (needs python3) init goes on, and offers direct mode",
  async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, ".git"));
    const session = await startInitAskingForLightRag(folder);
    session.type("n\r");
    await session.shows("by .gitignore?");
    session.type("\r");
    expect(await session.ended).toBe(0);
    expect(configOf(folder).connectors).toMatchObject([
      { contextIds: ["CTX9"], lightrag: { mode: "direct" } },
    ]);
    expect(readFileSync(join(folder, ".gitignore"), "utf8")).toContain(
      "\nconfig.yaml\n.env\nmemory_sync_state.*\n",
    );
  },
);

test.skipIf(!hasPty).each([
  ["Ctrl-C", "\u0003"],
  ["the end of the input", "\u0004"],
])("%s while init asks (needs python3) ends it at once, and nothing is written", async (_, key) => {
  for (const answers of ["", "http://127.0.0.1:1\r", "http://127.0.0.1:1\rsecret\r"]) {
    const folder = temporaryFolder();
    const session = startOnPty(["init"], { cwd: folder });
    await session.shows("Its number or name");
    session.type("\r");
    await session.shows("Address of the Memory API");
    session.type(answers);
    await session.shows(answers === "" ? "]: " : answers.includes("secret") ? "Context" : "Its key");
    session.type(key);
    expect(await session.ended).toBe(130);
    expect(session.shown().match(/nothing was changed|stopping|CANCELLED/gu)).toEqual([
      "CANCELLED",
      "nothing was changed",
    ]);
    expect(session.shown()).not.toContain("    at ");
    expect(readdirSync(folder)).toEqual([]);
  }
});

test("where nobody can be asked init writes a short file at once, and its own hints lead on", async () => {
  const folder = temporaryFolder();
  const answer = await ended(startCli(["init"], folder));
  expect(answer).toMatchObject({ code: 0, err: expect.stringMatching(/^Next: [^\n]+\n$/u) });
  const text = readFileSync(join(folder, "config.yaml"), "utf8");
  expect(text.split("\n").length).toBeLessThan(30);
  const schema = /\$schema=(.+)$/mu.exec(text)?.[1] ?? "";
  expect(existsSync(schema.startsWith(".") ? join(folder, schema) : schema)).toBe(true);
  expect(readFileSync(join(folder, ".env"), "utf8")).toBe("MEMORY_API_KEY=your-memory-api-key\n");
  const validated = await runCli(["validate"], { cwd: folder });
  expect(validated).toMatchObject({ code: 0, out: expect.stringContaining("is valid: 1 connector") });
});

test("a file that is there is never overwritten: one error that says what can be done", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "config.yaml"), "# mine\n");
  for (const args of [["init"], ["init", "--full"], ["init", "--yes"]]) {
    expect(await runCli(args, { cwd: folder })).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^CONFIG_EXISTS: .* · .*--config.*--force\n$/u),
    });
  }
  expect(readFileSync(join(folder, "config.yaml"), "utf8")).toBe("# mine\n");
  expect(readdirSync(folder)).toEqual(["config.yaml"]);
});

test("answers may be options; keys are added to .env, and what stands there is kept", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, ".env"), "OTHER=1\nMEMORY_API_KEY=mine", { mode: 0o644 });
  const args = [
    "--api-url",
    "http://h:1",
    "--api-key",
    "x y#'z",
    "--lightrag-url",
    "http://l:2",
    "--lightrag-api-key",
    "a'b#c d",
  ];
  const { code, out } = await runCli(["init", ...args, "--context-id", "C"], { cwd: folder });
  expect({ code, out }).toEqual({
    code: 0,
    out: expect.stringContaining("has another MEMORY_API_KEY already"),
  });
  expect(readFileSync(join(folder, ".env"), "utf8")).toMatch(
    /^OTHER=1\nMEMORY_API_KEY=mine\nLIGHTRAG_API_KEY=/u,
  );
  expect(configOf(folder).connectors[0]).toMatchObject({
    source: { url: "http://h:1", apiKey: "mine" },
    lightrag: { api: { url: "http://l:2", apiKey: "a'b#c d" } },
  });
  expect(modeOf(join(folder, ".env"))).toBe(0o600);
});

test("--full writes every setting, as config.example.yaml has them", async () => {
  const folder = temporaryFolder();
  expect(await runCli(["init", "--full"], { cwd: folder })).toMatchObject({ code: 0 });
  const written = readFileSync(join(folder, "config.yaml"), "utf8").split("\n").slice(1);
  const example = readFileSync(new URL("../../config.example.yaml", import.meta.url), "utf8")
    .split("\n")
    .slice(1);
  expect(written).toEqual(example);
});

test("in a git repository what must not be committed is named, unless it is ignored already", async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, ".git"));
  const told = (await runCli(["init"], { cwd: folder })).out;
  expect(told).toContain(".gitignore: config.yaml .env memory_sync_state.* lightrag_storage/");
  writeFileSync(join(folder, ".gitignore"), "config.yaml\n/.env\nmemory_sync_state.*\nlightrag_storage/\n");
  expect((await runCli(["init", "--force"], { cwd: folder })).out).not.toContain(".gitignore");
});
