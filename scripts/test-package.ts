/**
 * Packs the project, installs the tarball into an empty folder and uses it as its user would: the build, the list of packed files and
 * the dependencies are only proved by a package that runs without this repository.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const project = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "memory-connector-package-"));
const npm = process.platform === "win32" ? "npm.cmd" : "npm";

function run(cwd: string, command: string, ...args: string[]): string {
  return execFileSync(command, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
}

function expectIncludes(output: string, part: string): void {
  if (!output.includes(part)) throw new Error(`expected "${part}" in:\n${output}`);
}

try {
  run(project, npm, "run", "-s", "build");
  const packed = JSON.parse(run(project, npm, "pack", "--json", "--pack-destination", folder)) as
    | { filename: string }[]
    | Record<string, { filename: string }>;
  const filename = Object.values(packed)[0]?.filename ?? "";
  run(folder, npm, "init", "-y");
  run(folder, npm, "install", "--no-audit", "--no-fund", join(folder, filename));

  const installed = join(folder, "node_modules", ".bin", "memory-connector");
  expectIncludes(run(folder, installed, "--version"), ".");
  expectIncludes(run(folder, installed, "--help"), "dead-letters");
  expectIncludes(run(folder, installed, "init"), "config.yaml");
  expectIncludes(run(folder, installed, "validate"), "valid");
  expectIncludes(run(folder, installed, "list", "--json"), "connectors");
  console.log(`${filename} installs into an empty folder and runs`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
