import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { temporaryFolder } from "../../../test/support/temp-folder.ts";
import {
  anyLookMs,
  describeHolder,
  isLocked,
  isOfThisMachine,
  lockFileName,
  readLockHolder,
  tryProcessLock,
} from "./process-lock.ts";

/** Another process that takes the lock, says so, and keeps it until it is killed. */
async function holdElsewhere(path: string) {
  const script = `
    const { tryProcessLock } = await import(${JSON.stringify(import.meta.resolve("./process-lock.ts"))});
    console.log(tryProcessLock(${JSON.stringify(path)}, "exclusive", 5) === null ? "refused" : "held");
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--no-warnings", "--input-type=module", "-e", script]);
  onTestFinished(() => void child.kill("SIGKILL"));
  const [said] = await once(child.stdout, "data");
  return {
    pid: child.pid,
    said: String(said).trim(),
    kill: async () => {
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}

test("a lock has one holder at a time, also within one process", () => {
  const path = join(temporaryFolder(), "a.lock");
  const first = tryProcessLock(path, "exclusive", 0);
  expect(tryProcessLock(path, "exclusive", 0)).toBeNull();
  first?.release();
  first?.release();
  const second = tryProcessLock(path, "exclusive", 0);
  expect(second).not.toBeNull();
  second?.release();
});

test("a lock keeps another process away, and is free the moment its holder is killed", async () => {
  const path = join(temporaryFolder(), "a.lock");
  const mine = tryProcessLock(path, "exclusive", 0);
  expect((await holdElsewhere(path)).said).toBe("refused");
  mine?.release();
  const holder = await holdElsewhere(path);
  expect(holder.said).toBe("held");
  expect(tryProcessLock(path, "exclusive", 0)).toBeNull();
  expect(describeHolder(readLockHolder(path))).toMatch(
    new RegExp(`^process ${holder.pid} on .+ since 1970-01-01T00:00:00.005Z$`),
  );
  await holder.kill();
  const taken = tryProcessLock(path, "exclusive", 0);
  expect(taken).not.toBeNull();
  taken?.release();
});

test("sharing holders exclude an exclusive one and not each other", () => {
  const path = join(temporaryFolder(), "a.lock");
  const sharing = [tryProcessLock(path, "shared", 0), tryProcessLock(path, "shared", 0)];
  expect(sharing).not.toContain(null);
  expect(tryProcessLock(path, "exclusive", 0)).toBeNull();
  for (const lock of sharing) lock?.release();
  const alone = tryProcessLock(path, "exclusive", 0);
  expect(alone).not.toBeNull();
  expect(tryProcessLock(path, "shared", 0)).toBeNull();
  alone?.release();
});

test("a released lock leaves no word of its holder behind", () => {
  const folder = temporaryFolder();
  tryProcessLock(join(folder, "a.lock"), "exclusive", 0)?.release();
  expect(readdirSync(folder)).toEqual(["a.lock"]);
  expect(describeHolder(readLockHolder(join(folder, "a.lock")))).toBe("another process");
  writeFileSync(join(folder, "a.lock.holder"), '{"pid":"x"}');
  expect(readLockHolder(join(folder, "a.lock"))).toBeNull();
});

test("a lock in a folder that cannot be written is an error, not a lock", () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "file"), "");
  expect(() => tryProcessLock(join(folder, "file", "a.lock"), "exclusive", 0)).toThrow();
});

test("any name makes a file name that is safe, bounded and its own", () => {
  const names = ["a/b", "a\\b", "..", "", "A", "a", "ä", "😀", "con", "__proto__", "x".repeat(5000), "a\0b"];
  const files = names.map(lockFileName);
  for (const file of files) expect(file).toMatch(/^[A-Za-z0-9_-]{0,40}-[0-9a-f]{16}\.lock$/);
  expect(new Set(files.map((file) => file.toLowerCase())).size).toBe(names.length);
});

test("a look at a lock tells who could take it, makes no file, and leaves the lock to whoever takes it next", () => {
  const path = join(temporaryFolder(), "a.lock");
  const seen = () => [isLocked(path, "shared"), isLocked(path, "exclusive")];
  expect([seen(), existsSync(path)]).toEqual([[false, false], false]);
  const alone = tryProcessLock(path, "exclusive", 0);
  expect(seen()).toEqual([true, true]);
  alone?.release();
  expect(seen()).toEqual([false, false]);
  const shared = tryProcessLock(path, "shared", 0);
  expect(seen()).toEqual([false, true]);
  shared?.release();
  expect(tryProcessLock(path, "exclusive", 0)).not.toBeNull();
});

test("whoever takes a lock that nobody shares waits for a look that was interrupted, and not for a holder", async () => {
  const path = join(temporaryFolder(), "a.lock");
  tryProcessLock(path, "exclusive", 0)?.release();
  const look = `
    const { DatabaseSync } = await import("node:sqlite");
    const connection = new DatabaseSync(${JSON.stringify(path)}, { readOnly: true });
    connection.exec("BEGIN; SELECT 1 FROM sqlite_schema");
    console.log("looking");
    setTimeout(() => connection.close(), 300);`;
  const looking = spawn(process.execPath, ["--no-warnings", "--input-type=module", "-e", look]);
  onTestFinished(() => void looking.kill("SIGKILL"));
  await once(looking.stdout, "data");
  const lock = tryProcessLock(path, "exclusive", 0, { patienceMs: anyLookMs });
  expect(lock).not.toBeNull();
  const asked = performance.now();
  expect(tryProcessLock(path, "exclusive", 0, { patienceMs: anyLookMs })).toBeNull();
  expect(performance.now() - asked).toBeLessThan(anyLookMs / 2);
  lock?.release();
});

test("the holder says what it works on; it is of this machine by its host, or by the kernel that containers share", () => {
  const path = join(temporaryFolder(), "a.lock");
  const lock = tryProcessLock(path, "exclusive", 0, { work: "run-1" });
  const holder = readLockHolder(path);
  lock?.release();
  if (holder === null) throw new Error("there is no word of the holder");
  const { boot, ...rest } = holder;
  expect(rest).toMatchObject({ pid: process.pid, work: "run-1" });
  expect(isOfThisMachine(rest)).toBe(true);
  expect(isOfThisMachine({ ...holder, host: "another-container" })).toBe(boot !== undefined);
  expect(isOfThisMachine({ host: "elsewhere", boot: "another" })).toBe(false);
  expect(isOfThisMachine({ host: "elsewhere" })).toBe(false);
});
