import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { ManualClock } from "../../test/support/manual-clock.ts";
import { temporaryFolder } from "../../test/support/temp-folder.ts";
import { LogFile } from "./log-file.ts";
import type { LogFileSettings } from "./log-settings.ts";

function open(path: string, given: Partial<LogFileSettings> = {}) {
  const clock = new ManualClock();
  const troubles: string[] = [];
  const settings = { path, maxBytes: 1024, backupCount: 2, rotation: "size", ...given } as const;
  const file = new LogFile({ settings, clock, onTrouble: (message) => troubles.push(message) });
  onTestFinished(() => file.close());
  return { file, clock, troubles };
}

test("lines are written in order, into a folder that is made when it is missing", async () => {
  const path = join(temporaryFolder(), "logs", "app.log");
  const { file } = open(path);
  file.write("one\n");
  file.write("two\n");
  await file.close();
  expect(readFileSync(path, "utf8")).toBe("one\ntwo\n");
});

test("a restart goes on in the same file", async () => {
  const path = join(temporaryFolder(), "app.log");
  for (const line of ["one\n", "two\n"]) {
    const { file } = open(path);
    file.write(line);
    await file.close();
  }
  expect(readFileSync(path, "utf8")).toBe("one\ntwo\n");
});

test("by size, the newest old file is .1, and no more are kept than asked for", async () => {
  const folder = temporaryFolder();
  const { file } = open(join(folder, "app.log"));
  for (let n = 0; n < 100; n++) file.write(`${String(n).padStart(99, ".")}\n`);
  await file.close();
  expect(readdirSync(folder).sort()).toEqual(["app.log", "app.log.1", "app.log.2"]);
  const lastLine = (name: string) => readFileSync(join(folder, name), "utf8").trimEnd().split("\n").at(-1);
  expect(lastLine("app.log")).toMatch(/\.99$/);
  expect(lastLine("app.log.1")).toMatch(/\.98$/);
  expect(statSync(join(folder, "app.log.2")).size).toBeLessThan(1024 + 100);
});

test("with no old files to keep, the file is not rotated by size", async () => {
  const folder = temporaryFolder();
  const { file } = open(join(folder, "app.log"), { backupCount: 0 });
  for (let n = 0; n < 100; n++) file.write(`${"x".repeat(99)}\n`);
  await file.close();
  expect(readdirSync(folder)).toEqual(["app.log"]);
  expect(statSync(join(folder, "app.log")).size).toBe(10_000);
});

test("by time, what was written on an earlier day is put away under its date, even after a restart", async () => {
  const folder = temporaryFolder();
  const path = join(folder, "app.log");
  writeFileSync(path, "earlier\n");
  utimesSync(path, new Date(), new Date(2026, 0, 5, 15));
  const { file } = open(path, { rotation: "time" });
  file.write("today\n");
  await file.close();
  expect(readFileSync(`${path}.2026-01-05`, "utf8")).toBe("earlier\n");
  expect(readFileSync(path, "utf8")).toBe("today\n");
});

test("while the file cannot be written lines are dropped and counted, and later it is written again", async () => {
  const path = join(temporaryFolder(), "app.log");
  mkdirSync(path);
  const { file, clock, troubles } = open(path);
  file.write("lost\n");
  await vi.waitFor(() => expect(troubles).toHaveLength(1));
  file.write("lost, too\n");
  expect(file.droppedLines).toBe(2);

  clock.advance(30_000);
  file.write("lost again\n");
  await vi.waitFor(() => expect(file.droppedLines).toBe(3));
  expect(troubles).toEqual([expect.stringContaining("cannot be written")]);

  rmdirSync(path);
  clock.advance(30_000);
  file.write("written\n");
  await vi.waitFor(() => expect(troubles.at(-1)).toContain("can be written again; lost so far: 3 lines"));
  await file.close();
  expect(readFileSync(path, "utf8")).toBe("written\n");
});

test("a rotation that fails in the middle of writing is overcome, too", async () => {
  const folder = temporaryFolder();
  const path = join(folder, "app.log");
  mkdirSync(join(`${path}.1`, "in-the-way"), { recursive: true });
  mkdirSync(join(`${path}.2`, "in-the-way"), { recursive: true });
  const { file, clock, troubles } = open(path);
  file.write(`${"x".repeat(2000)}\n`);
  await vi.waitFor(() => expect(troubles).toHaveLength(1));
  rmSync(`${path}.1`, { recursive: true });
  rmSync(`${path}.2`, { recursive: true });
  clock.advance(30_000);
  file.write("written\n");
  await vi.waitFor(() => expect(troubles.at(-1)).toContain("can be written again"));
  await file.close();
  expect(readFileSync(path, "utf8")).toBe("written\n");
  expect(readFileSync(`${path}.1`, "utf8")).toHaveLength(2001);
});

test("a file that was never written to is not made", async () => {
  const path = join(temporaryFolder(), "app.log");
  await open(path).file.close();
  expect(existsSync(path)).toBe(false);
});

test("moved away by another program, it goes on in a new file when it is told so, and no line is lost", async () => {
  const path = join(temporaryFolder(), "app.log");
  const { file } = open(path);
  file.write("one\n");
  await vi.waitFor(() => expect(existsSync(path)).toBe(true));
  renameSync(path, `${path}-1`);
  file.write("two\n");
  file.reopen();
  file.write("three\n");
  file.reopen();
  file.reopen();
  file.write("four\n");
  await file.close();
  expect(readFileSync(`${path}-1`, "utf8")).toBe("one\ntwo\n");
  expect(readFileSync(path, "utf8")).toBe("three\nfour\n");
});

test("a file that logrotate moved away is there again at once, before anything more is said", async () => {
  const path = join(temporaryFolder(), "app.log");
  const { file } = open(path);
  file.write("one\n");
  await vi.waitFor(() => expect(existsSync(path)).toBe(true));
  renameSync(path, `${path}.1`);
  file.reopen();
  await vi.waitFor(() => expect(existsSync(path)).toBe(true));
});
