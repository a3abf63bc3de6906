import { execFile } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder, whileLocked } from "./tool-cache.ts";

/** The path of the program of a package that only one suite needs, kept between runs; null where the registry does not give it. */
export async function npmProgram(name: string, version: string): Promise<string | null> {
  const folder = join(cacheFolder(), `${name}-${version}`);
  const program = join(folder, "node_modules", ".bin", name);
  if (existsSync(program)) return program;
  return whileLocked(`${folder}.lock`, () => install(`${name}@${version}`, folder)).then(
    () => program,
    () => null,
  );
}

async function install(spec: string, folder: string): Promise<void> {
  if (existsSync(folder)) return;
  const unfinished = `${folder}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  await promisify(execFile)("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts", spec], {
    cwd: unfinished,
    timeout: 300_000,
  });
  renameSync(unfinished, folder);
}
