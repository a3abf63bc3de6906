import { execFile, spawnSync } from "node:child_process";
import { existsSync, renameSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder, whileLocked } from "./tool-cache.ts";

const compileTimeoutMs = 14 * 60_000;

/**
 * The path of a program that Go compiles from its module, which takes minutes the first time and is kept between runs; null where there
 * is no Go.
 */
export async function goProgram(name: string, module: string, version: string): Promise<string | null> {
  const folder = join(cacheFolder(), `${name}-${version}`);
  const program = join(folder, name);
  if (existsSync(program)) return program;
  if (spawnSync("go", ["version"]).status !== 0) return null;
  await whileLocked(`${folder}.lock`, async () => {
    if (existsSync(program)) return;
    const env = { ...process.env, GOBIN: `${folder}.new` };
    await promisify(execFile)("go", ["install", `${module}@v${version}`], { env, timeout: compileTimeoutMs });
    // One step, as the last: a program that is there is whole.
    renameSync(`${folder}.new`, folder);
  });
  return program;
}
