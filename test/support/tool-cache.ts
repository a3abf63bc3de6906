import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** Where programs, environments and tokenizer files are kept between runs. */
export function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "memory-connector");
}

/** Runs the work while this process holds the lock file; takes over the lock of a process that has died. */
export async function whileLocked(path: string, work: () => Promise<void>): Promise<void> {
  mkdirSync(join(path, ".."), { recursive: true });
  while (!takeLock(path)) await delay(500);
  try {
    await work();
  } finally {
    rmSync(path, { force: true });
  }
}

function takeLock(path: string): boolean {
  try {
    writeFileSync(path, String(process.pid), { flag: "wx" });
    return true;
  } catch {
    if (!holderLives(path)) rmSync(path, { force: true });
    return false;
  }
}

function holderLives(path: string): boolean {
  try {
    process.kill(Number(readFileSync(path, "utf8")), 0);
    return true;
  } catch (error) {
    // EPERM: it lives, but belongs to somebody else. ENOENT: released this moment.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
