import { execFileSync } from "node:child_process";
import { closeSync, openSync, readdirSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { ended, startCli } from "../support/cli.ts";
import { eventually, makeWorld } from "../support/service.ts";

/** The kind of what no JavaScript can interrupt: a mount that does not answer, a lock of the system. */
test("a command that waits in the system for what never comes is ended by the second signal", async () => {
  const { folder, configure } = await makeWorld(0);
  configure("connectors: []");
  const pipe = join(folder, "archive.tar.gz");
  execFileSync("mkfifo", [pipe]);
  const writer = openSync(pipe, "r+");
  onTestFinished(() => closeSync(writer));
  const child = startCli(["restore", pipe], folder);
  onTestFinished(() => void child.kill("SIGKILL"));
  const answer = ended(child);
  let said = "";
  child.stderr?.on("data", (part: string) => {
    said += part;
  });
  await eventually(() => hasOpen(child.pid, pipe));
  child.kill("SIGTERM");
  await eventually(() => said.includes("stopping"));
  child.kill("SIGTERM");
  expect((await answer).code).toBeNull();
  expect(child.signalCode).toBe("SIGTERM");
});

function hasOpen(pid: number | undefined, path: string): boolean {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).some((fd) => {
    try {
      return readlinkSync(join(folder, fd)) === path;
    } catch {
      // Closed since.
      return false;
    }
  });
}
