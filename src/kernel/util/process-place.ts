import { readFileSync, readlinkSync } from "node:fs";

/**
 * Where a process can be looked for: the running kernel, its numbering of processes, the number, and when that process began, since numbers are used
 * again. Only Linux says all of it; elsewhere silence alone tells that a process is dead.
 */
export function thisPlace(): string {
  return JSON.stringify([...seenFrom(), process.pid, statOf(process.pid)?.start ?? null]);
}

/** True only of a process that would be seen from here if it lived. */
export function isDead(place: string): boolean {
  const [boot, numbering, pid, start] = JSON.parse(place) as [
    string | null,
    string | null,
    number,
    string | null,
  ];
  const [ourBoot, ourNumbering] = seenFrom();
  if (boot === null || numbering === null || start === null) return false;
  if (boot !== ourBoot || numbering !== ourNumbering) return false;
  const seen = statOf(pid);
  // What nobody has collected yet (Z) works no more.
  return !isRunning(pid) || seen?.status === "Z" || (seen?.start ?? start) !== start;
}

/** Also of another user's. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return !(thrown instanceof Error && "code" in thrown && thrown.code === "ESRCH");
  }
}

function seenFrom(): [string | null, string | null] {
  return [
    orNull(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()),
    orNull(() => readlinkSync("/proc/self/ns/pid")),
  ];
}

/** Its status, and when it began, in ticks since the machine did; null where there is no such process, or it cannot be seen. */
function statOf(pid: number): { status: string; start: string } | null {
  const stat = orNull(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
  // The name of the program may have spaces and brackets in it.
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ") ?? [];
  const [status, start] = [fields[0], fields[19]];
  return status === undefined || start === undefined ? null : { status, start };
}

function orNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
