import { execFile } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder, whileLocked } from "./tool-cache.ts";

/**
 * The path of the program of a package that only one suite needs, kept between runs; null where the registry does not give it. `native`
 * are packages in it that have to be compiled, which takes some minutes and a compiler for C++.
 */
export async function npmProgram(
  name: string,
  version: string,
  native: readonly string[] = [],
): Promise<string | null> {
  const folder = join(cacheFolder(), `${name}-${version}`);
  const program = join(folder, "node_modules", ".bin", name);
  if (existsSync(program)) return program;
  return whileLocked(`${folder}.lock`, () => install(`${name}@${version}`, folder, native)).then(
    () => program,
    () => null,
  );
}

/** The folder in which a package that only scripts need is installed, with what it needs itself; kept between runs. */
export async function npmPackage(name: string, version: string): Promise<string> {
  const folder = join(cacheFolder(), `${name.replaceAll("/", "-")}-${version}`);
  await whileLocked(`${folder}.lock`, () => install(`${name}@${version}`, folder, []));
  return folder;
}

async function install(spec: string, folder: string, native: readonly string[]): Promise<void> {
  if (existsSync(folder)) return;
  const unfinished = `${folder}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  const npm = (...args: string[]) => promisify(execFile)("npm", args, { cwd: unfinished, timeout: 900_000 });
  await npm("install", "--no-audit", "--no-fund", "--ignore-scripts", spec);
  if (native.length > 0) await npm("rebuild", ...native, ...headers());
  renameSync(unfinished, folder);
}

/** Node's headers, where they lie beside it; without them npm fetches them. */
function headers(): string[] {
  const homes = [join(process.execPath, "..", ".."), "/usr", "/usr/local"];
  const home = homes.find((each) => existsSync(join(each, "include", "node", "node_api.h")));
  return home === undefined ? [] : [`--nodedir=${home}`];
}
