import { existsSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../../test/support/temp-folder.ts";
import { makeFolders } from "./make-folders.ts";

test("folders are made as deep as they are asked for, and the first of them is told", () => {
  const folder = temporaryFolder();
  expect(makeFolders(join(folder, "a", "b", "c"), 0o700)).toBe(join(folder, "a"));
  for (const made of ["a", "a/b", "a/b/c"]) expect(statSync(join(folder, made)).mode & 0o777).toBe(0o700);
  expect(makeFolders(join(folder, "a", "b"))).toBeUndefined();
});

test("a link to a folder is one", () => {
  const folder = temporaryFolder();
  symlinkSync(folder, join(folder, "link"));
  expect(makeFolders(join(folder, "link"))).toBeUndefined();
  expect(makeFolders(join(folder, "link", "a"))).toBe(join(folder, "link", "a"));
});

/** Where nothing can be made, as the system says it. */
const nowhere: readonly [string, (folder: string) => string, string][] = [
  ["a file", (folder) => join(folder, "file"), "EEXIST"],
  ["below a file", (folder) => join(folder, "file", "a", "b"), "ENOTDIR"],
  ["a link to nothing", (folder) => join(folder, "dangling"), "EEXIST"],
  ["below a link to nothing", (folder) => join(folder, "dangling", "a"), "EEXIST"],
  ["below a link to itself", (folder) => join(folder, "loop", "a"), "ELOOP"],
  ["a name that is too long", (folder) => join(folder, "a".repeat(300), "b"), "ENAMETOOLONG"],
];

test.each(nowhere)("%s is refused with the system's word", (_, place, code) => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "file"), "");
  symlinkSync(join(folder, "nothing"), join(folder, "dangling"));
  symlinkSync(join(folder, "loop"), join(folder, "loop"));
  expect(() => makeFolders(place(folder))).toThrow(expect.objectContaining({ code }));
});

test.runIf(existsSync("/proc/self"))("a file system that lets nothing be made is refused, and soon", () => {
  for (const path of ["/proc/nothing/a/b", "/proc/self/fd/nothing/a", "/proc/nothing"]) {
    expect(() => makeFolders(path)).toThrow(expect.objectContaining({ code: "ENOENT" }));
  }
});
