import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { newSecretKey } from "../../src/access/secrets/secret-key.ts";
import { runCli } from "../support/cli.ts";
import { makeWorld } from "../support/service.ts";
import { temporaryFolder } from "../support/temp-folder.ts";

interface Told {
  area: string;
  level: string;
  message: string;
  code: string | null;
  fix: string | null;
}

interface DoctorAnswer {
  code: number | null;
  ok: boolean;
  warnings: number;
  problems: number;
  found: Told[];
}

async function doctor(folder: string, ...args: string[]): Promise<DoctorAnswer> {
  const { code, out } = await runCli(["doctor", ...args, "--json"], { cwd: folder });
  const { diagnoses: found, ...sums } = JSON.parse(out);
  return { code, ...sums, found };
}

const privately = (folder: string) => chmodSync(join(folder, "config.yaml"), 0o600);

test("where all is well, everything is looked at, nothing is to be fixed, and the exit code is 0", async () => {
  const { folder, configure } = await makeWorld(1);
  configure("connectors: [{ id: one, context_id: CTX }]");
  privately(folder);
  await runCli(["sync"], { cwd: folder });
  const { code, ok, problems, warnings, found } = await doctor(folder);
  expect([code, ok, problems]).toEqual([0, true, 0]);
  expect(found.filter(({ level, area }) => level !== "ok" && area !== "disk")).toEqual([]);
  expect([...new Set(found.map(({ area }) => area))]).toEqual([
    "versions",
    "configuration",
    "permissions",
    "state",
    "secrets",
    "audit log",
    "disk",
    "connection",
    "clock",
  ]);
  expect(warnings).toBe(found.filter(({ level }) => level === "warning").length);
  const { out } = await runCli(["doctor"], { cwd: folder });
  expect(out.trimEnd().split("\n")).toHaveLength(found.length + 1);
});

test("what is broken is named with its code and what to do, and the exit code is 1", async () => {
  const { folder, configure, memoryApi } = await makeWorld(1);
  configure("connectors: [{ id: one, context_id: NONE }]");
  privately(folder);
  const { code, found } = await doctor(folder);
  const broken = found.filter(({ level }) => level === "problem");
  expect([code, broken.map(({ area, code: problem }) => [area, problem])]).toEqual([
    1,
    [["connection", "SOURCE_CONTEXT_NOT_FOUND"]],
  ]);
  for (const { fix } of broken) expect(fix).toEqual(expect.any(String));
  const before = memoryApi.requests.length;
  expect((await doctor(folder, "--offline")).code).toBe(0);
  expect(memoryApi.requests.length).toBe(before);
});

test("a configuration that cannot be used is told with every problem, and the exit code is 2", async () => {
  const folder = temporaryFolder();
  expect(await doctor(folder)).toMatchObject({ code: 2, found: [{}, { code: "CONFIG_NOT_FOUND" }] });
  writeFileSync(join(folder, "config.yaml"), "nonsense: 1\nlogging: { level: LOUD }\n");
  const { code, problems, found } = await doctor(folder);
  expect([code, problems]).toEqual([2, 2]);
  expect(found.filter(({ area }) => area === "configuration").map(({ code: each }) => each)).toEqual([
    "CONFIG_INVALID",
    "CONFIG_INVALID",
  ]);
});

test.skipIf(process.platform === "win32")(
  "a configuration that everybody may read is a warning (Windows keeps rights elsewhere)",
  async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "config.yaml"), 'memory_api: { url: "http://127.0.0.1:1" }');
    chmodSync(join(folder, "config.yaml"), 0o644);
    const { code, found } = await doctor(folder, "--offline");
    expect(code).toBe(0);
    expect(found).toContainEqual(
      expect.objectContaining({
        area: "permissions",
        level: "warning",
        fix: expect.stringMatching(/^chmod 600 /u),
      }),
    );
  },
);

test("a damaged state and secrets without their key are problems, and the rest is looked at all the same", async () => {
  const folder = temporaryFolder();
  const yaml = `memory_api: { url: "http://127.0.0.1:1" }
connectors: []
state: { path: ./state.json }`;
  writeFileSync(join(folder, "config.yaml"), yaml, { mode: 0o600 });
  writeFileSync(join(folder, "state.json"), '{"format":"memory-connector-state",', { mode: 0o600 });
  const { code, found } = await doctor(folder);
  const state = found.filter(({ area }) => area === "state");
  expect([code, state]).toEqual([1, [expect.objectContaining({ level: "problem", code: "STATE_CORRUPT" })]]);
  expect(found.map(({ area }) => area)).toContain("disk");
  const key = newSecretKey();
  const { out } = await runCli(["doctor", "--offline"], { cwd: folder, env: { ENCRYPTION_KEY: key } });
  expect(out).not.toContain(key);
});
