import { spawnSync } from "node:child_process";

/** The path of a program, installed by Debian's package manager where that can be done; null where the program cannot be had. */
export function debianProgram(program: string, packageName: string): string | null {
  const there = pathOf(program);
  if (there !== null) return there;
  if (process.getuid?.() !== 0 || pathOf("apt-get") === null) return null;
  const install = ["install", "-y", "-qq", "--no-install-recommends", packageName];
  spawnSync("apt-get", ["update", "-qq"], { timeout: 60_000 });
  spawnSync("apt-get", install, {
    timeout: 300_000,
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  });
  return pathOf(program);
}

function pathOf(program: string): string | null {
  const { stdout } = spawnSync("sh", ["-c", `command -v ${program}`], { encoding: "utf8" });
  return stdout.trim() || null;
}
