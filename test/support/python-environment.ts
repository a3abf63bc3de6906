import { execFile, execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder, whileLocked } from "./tool-cache.ts";

const run = promisify(execFile);
const candidates = ["python3.13", "python3.12", "python3.11", "python3.10", "python3"];
const oldestPython = [3, 10] as const;
const buildTimeoutMs = 15 * 60_000;

/** The command of a Python of 3.10 or newer; null when this machine has none. */
export function findPython(): string | null {
  return candidates.find((command) => isRecent(command)) ?? null;
}

/** The Python of a virtual environment with `lightrag-hku[api]` at exactly this version. The first call takes some minutes. */
export function lightragPython(version: string): Promise<string> {
  return pythonWith(`lightrag-${version}`, `lightrag-hku[api]==${version}`);
}

/**
 * The Python of a virtual environment of this name with what pip calls by these words. The first call makes it from PyPI, later ones find it.
 * Two processes may ask at once: one builds, the other waits.
 */
export async function pythonWith(name: string, spec: string): Promise<string> {
  const folder = join(cacheFolder(), name);
  if (!isReady(folder, spec)) await whileLocked(`${folder}.lock`, () => build(folder, spec));
  return join(folder, "bin", "python");
}

/** The path of a program of this name that comes from PyPI, kept as an environment is; null where it cannot be had. The last word of `spec` has its version. */
export async function pythonProgram(name: string, spec: string): Promise<string | null> {
  if (findPython() === null) return null;
  return pythonWith(`${name}-${spec.replace(/^.*==/u, "")}`, spec).then(
    (python) => join(dirname(python), name),
    () => null,
  );
}

function isRecent(command: string): boolean {
  try {
    const print = "import sys; print(*sys.version_info[:2])";
    const [major = 0, minor = 0] = execFileSync(command, ["-c", print], {
      stdio: ["ignore", "pipe", "ignore"],
    })
      .toString()
      .split(" ")
      .map(Number);
    return major === oldestPython[0] && minor >= oldestPython[1];
  } catch {
    return false;
  }
}

/** The marker is written last: an environment whose making was cut short has none and is made again. */
function markerOf(folder: string): string {
  return join(folder, "memory-connector-ready");
}

function isReady(folder: string, spec: string): boolean {
  const marker = markerOf(folder);
  return existsSync(marker) && readFileSync(marker, "utf8") === spec;
}

async function build(folder: string, spec: string): Promise<void> {
  if (isReady(folder, spec)) return;
  rmSync(folder, { recursive: true, force: true });
  const python = findPython();
  if (python === null) throw new Error("no Python 3.10 or newer on this machine");
  if (hasUv()) await buildWithUv(folder, spec, python);
  else await buildWithPip(folder, spec, python);
  writeFileSync(markerOf(folder), spec);
}

function hasUv(): boolean {
  try {
    execFileSync("uv", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

async function buildWithUv(folder: string, spec: string, python: string): Promise<void> {
  await run("uv", ["venv", "--quiet", "--python", python, folder], { timeout: buildTimeoutMs });
  const target = join(folder, "bin", "python");
  await run("uv", ["pip", "install", "--quiet", "--python", target, ...packagesOf(spec)], {
    timeout: buildTimeoutMs,
  });
}

/** A specification may name several packages, with blanks between them. */
const packagesOf = (spec: string) => spec.split(" ");

async function buildWithPip(folder: string, spec: string, python: string): Promise<void> {
  await run(python, ["-m", "venv", folder], { timeout: buildTimeoutMs });
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...packagesOf(spec)];
  await run(join(folder, "bin", "python"), pip, { timeout: buildTimeoutMs });
}
