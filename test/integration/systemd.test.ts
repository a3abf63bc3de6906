import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { ended, startCli } from "../support/cli.ts";
import { eventually, makeWorld } from "../support/service.ts";

/** Stands in for systemd's tool: notes what it is told. */
const notes = '#!/bin/sh\necho "$NOTIFY_SOCKET $1" >> "$(dirname "$0")/told"\n';

test("systemd hears when the service is ready, that it lives, and when it stops", async () => {
  const { folder, configure } = await makeWorld(1);
  configure("connectors: []");
  const tool = join(folder, "systemd-notify");
  writeFileSync(tool, notes);
  chmodSync(tool, 0o755);
  const told = () => {
    const path = join(folder, "told");
    return existsSync(path) ? readFileSync(path, "utf8").trim().split("\n") : [];
  };
  const env = {
    PATH: `${folder}:${process.env.PATH}`,
    NOTIFY_SOCKET: "/run/notify",
    WATCHDOG_USEC: "400000",
  };
  const child = startCli(["serve", "--port", "0"], folder, env);
  onTestFinished(() => void child.kill("SIGKILL"));
  const answer = ended(child);
  await eventually(() => told().includes("/run/notify WATCHDOG=1"));
  expect(told()[0]).toBe("/run/notify READY=1");
  child.kill("SIGTERM");
  expect((await answer).code).toBe(0);
  await eventually(() => told().includes("/run/notify STOPPING=1"));
});

const hasAnalyze = spawnSync("systemd-analyze", ["--version"]).status === 0;

const unit = fileURLToPath(new URL("../../deploy/memory-connector.service", import.meta.url));

test.skipIf(!hasAnalyze)("the unit of deploy/ is one that systemd takes (needs systemd-analyze)", () => {
  const { stderr } = spawnSync("systemd-analyze", ["verify", unit], { encoding: "utf8" });
  // The command is not installed here; whatever else is wrong with the unit would be named in a line of its own.
  const about = stderr.split("\n").filter((line) => line.includes("memory-connector.service"));
  expect(about.filter((line) => !/is not executable|No such file/u.test(line))).toEqual([]);
});

test.skipIf(!hasAnalyze)(
  "the unit leaves the service what it needs and little else (needs systemd-analyze)",
  () => {
    const { stdout } = spawnSync("systemd-analyze", ["security", "--offline=true", unit], {
      encoding: "utf8",
    });
    const exposure = Number(/Overall exposure level for .*: ([\d.]+)/u.exec(stdout)?.[1]);
    expect(exposure).toBeLessThanOrEqual(2.5);
  },
);

test("as the unit starts it, the service reads configuration and keys from a folder of credentials, and leaves that alone", async () => {
  const { folder, memoryApi, lightrag } = await makeWorld(1);
  const credentials = join(folder, "credentials");
  const state = join(folder, "state");
  mkdirSync(credentials);
  mkdirSync(state);
  writeFileSync(join(credentials, "memory-api-key"), `${memoryApi.key}\n`, { mode: 0o400 });
  const yaml = `memory_api: { url: "${memoryApi.url}", api_key: "\${file:./memory-api-key}" }
lightrag: { api: { url: "${lightrag.url}" } }
state: { path: ${state}/state.db }
connectors: [{ id: one, context_id: CTX, schedule: { type: interval, interval_minutes: 1 } }]`;
  writeFileSync(join(credentials, "config.yaml"), yaml, { mode: 0o400 });
  chmodSync(credentials, 0o500);
  const text = readFileSync(unit, "utf8");
  expect(text).toContain("LoadCredential=config.yaml:");
  const started = /^ExecStart=memory-connector (.*)$/mu.exec(text)?.[1] ?? "";
  const args = started.replace("${CREDENTIALS_DIRECTORY}", credentials).split(" ");
  const child = startCli([...args, "--port", "0"], state);
  onTestFinished(() => void child.kill("SIGKILL"));
  const answer = ended(child);
  await eventually(() => lightrag.documents().some(({ status }) => status === "processed"));
  child.kill("SIGTERM");
  expect((await answer).code).toBe(0);
  expect(readdirSync(credentials).toSorted()).toEqual(["config.yaml", "memory-api-key"]);
});
