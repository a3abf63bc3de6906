import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
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

test.skipIf(!hasAnalyze)("the unit of deploy/ is one that systemd takes (needs systemd-analyze)", () => {
  const folder = fileURLToPath(new URL("../../deploy/", import.meta.url));
  const { stderr } = spawnSync("systemd-analyze", ["verify", join(folder, "memory-connector.service")], {
    encoding: "utf8",
  });
  // The command is not installed here; whatever else is wrong with the unit would be named in a line of its own.
  const about = stderr.split("\n").filter((line) => line.includes("memory-connector.service"));
  expect(about.filter((line) => !/is not executable|No such file/u.test(line))).toEqual([]);
});
