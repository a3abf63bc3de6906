/**
 * Packs a fresh clone of the project (what is committed), installs the tarball into an empty folder and uses it as its user would: the build, the list of packed files and
 * the dependencies are only proved by a package that runs without this repository.
 */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
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

/** The service is built from most of the dependencies: it starts, describes itself and stops when it is asked to. */
async function serveAnswers(command: string): Promise<void> {
  const service = spawn(command, ["serve", "--port", "0"], {
    cwd: folder,
    stdio: ["ignore", "inherit", "pipe"],
  });
  const stopped = once(service, "exit");
  try {
    let url: string | undefined;
    for await (const line of createInterface({ input: service.stderr })) {
      url ??= /^api +(\S+)$/u.exec(line)?.[1];
      if (line === "ready") break;
    }
    const answer = await fetch(`${url}/openapi.json`);
    expectIncludes(await answer.text(), "/connectors/{id}");
  } finally {
    service.kill("SIGTERM");
    await stopped;
  }
}

/** An older Node of this machine, if there is one, says in one line that it is too old. */
function olderNodeIsTold(command: string): void {
  const folders = (process.env.PATH ?? "").split(delimiter).filter((each) => !each.includes("node_modules"));
  const older = folders.map((each) => join(each, "node")).find((node) => isOlder(node));
  if (older === undefined) {
    console.log("no older Node is here to try");
    return;
  }
  const { status, stderr } = spawnSync(older, [realpathSync(command), "status"], { encoding: "utf8" });
  if (status !== 2 || !/^NODE_TOO_OLD: [^\n]+\n$/u.test(stderr))
    throw new Error(`${older} ended with ${status}: ${stderr}`);
}

function isOlder(node: string): boolean {
  const { stdout } = spawnSync(node, ["--version"], { encoding: "utf8" });
  return Number.parseInt(stdout?.slice(1) ?? "", 10) < 24;
}

try {
  const clone = join(folder, "clone");
  run(folder, "git", "clone", "--quiet", project, clone);
  run(clone, npm, "ci", "--no-audit", "--no-fund");
  const packed = JSON.parse(run(clone, npm, "pack", "--json", "--pack-destination", folder)) as
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
  expectIncludes(run(folder, installed, "demo"), "proved processed");
  for (const page of ["docs/errors.md", "deploy/memory-connector.service", "config.schema.json"])
    readFileSync(join(folder, "node_modules", "memory-connector", page));
  olderNodeIsTold(installed);
  await serveAnswers(installed);
  console.log(`${filename} installs into an empty folder and runs`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
