/**
 * What the suite `package` is about: the project as a stranger gets it. A fresh clone (what is committed) is packed and installed into an
 * empty folder; so is the oldest version that somebody may come from. Only such a package proves the build, the list of packed files and
 * the dependencies.
 */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { TestProject } from "vitest/node";

export interface InstalledPackage {
  /** Where `npm install` put it. */
  folder: string;
  /** The command as the shell finds it. */
  command: string;
}

export interface Packages {
  current: InstalledPackage;
  /** Null where the clone is shallow and does not hold it. */
  earlier: InstalledPackage | null;
}

declare module "vitest" {
  export interface ProvidedContext {
    packages: Packages;
  }
}

const project = fileURLToPath(new URL("../../..", import.meta.url));

/** The last commit before the ledger knew of erasures and late memories: its states and configurations are in use. */
const earlierCommit = "3df7b89";

const call = promisify(execFile);

export default async function setUp(vitest: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), "memory-connector-package-"));
  const tearDown = () => rmSync(folder, { recursive: true, force: true });
  try {
    const [current, earlier] = await Promise.all([
      installCurrent(join(folder, "current")),
      installEarlier(join(folder, "earlier")),
    ]);
    vitest.provide("packages", { current, earlier });
  } catch (error) {
    tearDown();
    throw error;
  }
  return tearDown;
}

async function installCurrent(folder: string): Promise<InstalledPackage> {
  const clone = join(folder, "clone");
  await call("git", ["clone", "--quiet", project, clone]);
  await npm(clone, "ci", "--no-audit", "--no-fund");
  return install(clone, join(folder, "installed"));
}

/** Built with the tools that are here: what the package needs to run it names itself. */
async function installEarlier(folder: string): Promise<InstalledPackage | null> {
  if (!(await isInClone(earlierCommit))) return null;
  const source = join(folder, "source");
  mkdirSync(source, { recursive: true });
  await call("sh", ["-c", `git -C "$0" archive ${earlierCommit} | tar x -C "$1"`, project, source]);
  symlinkSync(join(project, "node_modules"), join(source, "node_modules"));
  await npm(source, "run", "build");
  return install(source, join(folder, "installed"));
}

async function isInClone(commit: string): Promise<boolean> {
  return call("git", ["-C", project, "cat-file", "-e", `${commit}^{commit}`]).then(
    () => true,
    () => false,
  );
}

/** Packs a folder as `npm publish` would, and installs the tarball into another one. */
async function install(source: string, folder: string): Promise<InstalledPackage> {
  mkdirSync(folder, { recursive: true });
  const packed = JSON.parse(await npm(source, "pack", "--json", "--pack-destination", folder));
  const [{ filename }] = Object.values(packed) as [{ filename: string }];
  await npm(folder, "init", "-y");
  await npm(folder, "install", "--no-audit", "--no-fund", "--prefer-offline", join(folder, filename));
  return {
    folder: join(folder, "node_modules", "memory-connector"),
    command: join(folder, "node_modules", ".bin", "memory-connector"),
  };
}

async function npm(folder: string, ...args: string[]): Promise<string> {
  const program = process.platform === "win32" ? "npm.cmd" : "npm";
  return (await call(program, args, { cwd: folder, maxBuffer: 1 << 26 })).stdout;
}
