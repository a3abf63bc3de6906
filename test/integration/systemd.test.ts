import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { ended, startCli } from "../support/cli.ts";
import { freePort } from "../support/front-server.ts";
import { eventually, makeWorld } from "../support/service.ts";
import { temporaryFolder } from "../support/temp-folder.ts";

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

const deploy = fileURLToPath(new URL("../../deploy/", import.meta.url));

/** By the name that it runs under: an instance has its name put into the file that all instances share. */
const units = {
  "memory-connector.service": "memory-connector.service",
  "memory-connector@api.service": "memory-connector@.service",
  "memory-connector@scheduler.service": "memory-connector@.service",
} as const;
type UnitName = keyof typeof units;
const names = Object.keys(units) as UnitName[];
const textOf = (name: UnitName) => readFileSync(join(deploy, units[name]), "utf8");

describe.skipIf(!hasAnalyze).each(names)("%s (needs systemd-analyze)", (name) => {
  /** Under its own name, with a command that is there. */
  const installed = () => {
    const path = join(temporaryFolder(), name);
    writeFileSync(path, textOf(name).replace("ExecStart=memory-connector", "ExecStart=/bin/true"));
    return path;
  };

  test("is a unit that systemd takes, without a remark", () => {
    const verified = spawnSync("systemd-analyze", ["verify", installed()], { encoding: "utf8" });
    // systemd tells of every unit that it meets, and this machine's own may have faults.
    const about = verified.stderr.split("\n").filter((line) => line.includes("memory-connector"));
    expect(about).toEqual([]);
    expect(verified.status).toBe(0);
  });

  test("leaves the service what it needs and little else", () => {
    const args = ["security", "--offline=true", installed()];
    const { stdout } = spawnSync("systemd-analyze", args, { encoding: "utf8" });
    const exposure = Number(/Overall exposure level for .*: ([\d.]+)/u.exec(stdout)?.[1]);
    expect(exposure).toBeLessThanOrEqual(2.5);
  });
});

test("the units for one and for two processes differ in what they start and in the user that two share, in nothing else", () => {
  const own = (line: string) => /^(?:#|$|Description=|ExecStart=|User=)/u.test(line);
  const rest = (name: UnitName) =>
    textOf(name)
      .split("\n")
      .filter((line) => !own(line));
  expect(rest("memory-connector@api.service")).toEqual(rest("memory-connector.service"));
});

test.each([
  { started: ["memory-connector.service"] },
  { started: ["memory-connector@scheduler.service", "memory-connector@api.service"] },
] as const)(
  "as $started start it, the service reads configuration and keys from a folder of credentials, and leaves that alone",
  async ({ started }) => {
    const { folder, memoryApi, lightrag } = await makeWorld(1);
    const credentials = join(folder, "credentials");
    const state = join(folder, "state");
    mkdirSync(credentials);
    mkdirSync(state);
    writeFileSync(join(credentials, "memory-api-key"), `${memoryApi.key}\n`, { mode: 0o400 });
    const yaml = `memory_api: { url: "${memoryApi.url}", api_key: "\${file:./memory-api-key}" }
lightrag: { api: { url: "${lightrag.url}" } }
api: { port: ${await freePort()} }
state: { path: ${state}/state.db }
connectors: [{ id: one, context_id: CTX, schedule: { type: interval, interval_minutes: 1 } }]`;
    writeFileSync(join(credentials, "config.yaml"), yaml, { mode: 0o400 });
    chmodSync(credentials, 0o500);
    const answers = started.map((name) => {
      expect(textOf(name)).toContain("LoadCredential=config.yaml:");
      const child = startCli(argumentsOf(name, credentials), state);
      onTestFinished(() => void child.kill("SIGKILL"));
      return { child, answer: ended(child) };
    });
    await eventually(() => lightrag.documents().some(({ status }) => status === "processed"));
    for (const { child } of answers) child.kill("SIGTERM");
    for (const { answer } of answers) expect((await answer).code).toBe(0);
    expect(readdirSync(credentials).toSorted()).toEqual(["config.yaml", "memory-api-key"]);
  },
);

/** Behind the command, with systemd's placeholders filled in. */
function argumentsOf(name: UnitName, credentials: string): string[] {
  const [, instance = ""] = /@(\w+)\.service$/u.exec(name) ?? [];
  const [, started = ""] = /^ExecStart=memory-connector (.*)$/mu.exec(textOf(name)) ?? [];
  return started.replace("${CREDENTIALS_DIRECTORY}", credentials).replace("%i", instance).split(" ");
}
