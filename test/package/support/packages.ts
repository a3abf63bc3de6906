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
import { type InstalledPackage, installPackage, npm } from "../../support/install-package.ts";

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
  return installPackage(clone, join(folder, "installed"));
}

/** Built with the tools that are here: what the package needs to run it names itself. */
async function installEarlier(folder: string): Promise<InstalledPackage | null> {
  if (!(await isInClone(earlierCommit))) return null;
  const source = join(folder, "source");
  mkdirSync(source, { recursive: true });
  await call("sh", ["-c", `git -C "$0" archive ${earlierCommit} | tar x -C "$1"`, project, source]);
  symlinkSync(join(project, "node_modules"), join(source, "node_modules"));
  await npm(source, "run", "build");
  return installPackage(source, join(folder, "installed"));
}

async function isInClone(commit: string): Promise<boolean> {
  return call("git", ["-C", project, "cat-file", "-e", `${commit}^{commit}`]).then(
    () => true,
    () => false,
  );
}
