import { spawn } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { ended } from "../support/cli.ts";
import { debianProgram } from "../support/debian-program.ts";
import { eventually } from "../support/service.ts";
import { temporaryFolder } from "../support/temp-folder.ts";
import { signalContainer } from "./support/image.ts";

const bin = join(import.meta.dirname, "../../bin");

/** The installed command with a program behind it that says that it is there. */
function commandOver(program: string): string {
  const folder = temporaryFolder();
  cpSync(bin, join(folder, "bin"), { recursive: true });
  mkdirSync(join(folder, "dist"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  writeFileSync(
    join(folder, "dist/main.js"),
    `${program}; console.log("there"); setInterval(() => {}, 1000);`,
  );
  return join(folder, "bin/memory-connector.cjs");
}

const canUnshare = process.getuid?.() === 0 && debianProgram("unshare", "util-linux") !== null;

test.skipIf(!canUnshare).each([
  ["that does not listen yet, it ends", "", 143],
  ["that listens, it leaves that to the program", 'process.on("SIGTERM", () => process.exit(7))', 7],
])("as process 1, at SIGTERM and with a program %s (needs root)", async (_, program, code) => {
  const spaces = ["--pid", "--fork", "--kill-child", "--mount-proc"];
  const child = spawn("unshare", [...spaces, process.execPath, commandOver(program)]);
  onTestFinished(() => void child.kill("SIGKILL"));
  let said = "";
  child.stdout.on("data", (text) => {
    said += text;
  });
  const answer = ended(child);
  await eventually(() => said.includes("there"));
  signalContainer(child, "SIGTERM");
  expect((await answer).code).toBe(code);
});
