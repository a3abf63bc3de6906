import { execFile } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

export interface InstalledPackage {
  /** Where `npm install` put it. */
  folder: string;
  /** The command as the shell finds it. */
  command: string;
}

const call = promisify(execFile);

/** Packs a folder as `npm publish` would, and installs the tarball into another one. */
export async function installPackage(source: string, folder: string): Promise<InstalledPackage> {
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

/** What it prints. Rejects when it fails. */
export async function npm(folder: string, ...args: string[]): Promise<string> {
  const program = process.platform === "win32" ? "npm.cmd" : "npm";
  return (await call(program, args, { cwd: folder, maxBuffer: 1 << 26 })).stdout;
}
