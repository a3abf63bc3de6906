import { execFile, spawnSync } from "node:child_process";
import { existsSync, renameSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder, whileLocked } from "./tool-cache.ts";

const compileTimeoutMs = 14 * 60_000;

/**
 * The path of a program that Go compiles from its module, which takes minutes the first time and is kept between runs; null where there
 * is no Go, or it cannot get the module.
 */
export async function goProgram(name: string, module: string, version: string): Promise<string | null> {
  const folder = join(cacheFolder(), `${name}-${version}`);
  const program = join(folder, name);
  if (existsSync(program)) return program;
  if (spawnSync("go", ["version"]).status !== 0) return null;
  return whileLocked(`${folder}.lock`, () => compile(`${module}@v${version}`, folder)).then(
    () => program,
    () => null,
  );
}

async function compile(module: string, folder: string): Promise<void> {
  if (existsSync(folder)) return;
  const env = { ...process.env, GOBIN: `${folder}.new` };
  await promisify(execFile)("go", ["install", module], { env, timeout: compileTimeoutMs });
  // One step, as the last: a program that is there is whole.
  renameSync(`${folder}.new`, folder);
}
