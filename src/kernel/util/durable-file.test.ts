import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../../test/support/temp-folder.ts";
import { replaceWith, replaceWithCopy, temporaryPath } from "./durable-file.ts";

const containing = (text: string) => async (path: string) => writeFileSync(path, text);

test("a file is replaced whole, keeps its mode and leaves no other file behind", async () => {
  const folder = temporaryFolder();
  const path = join(folder, "f");
  writeFileSync(path, "old", { mode: 0o640 });
  writeFileSync(temporaryPath(path), "left by a crash, readable by all", { mode: 0o644 });
  await replaceWith(path, containing("new"));
  expect(readFileSync(path, "utf8")).toBe("new");
  expect(statSync(path).mode & 0o777).toBe(0o640);
  expect(readdirSync(folder)).toEqual(["f"]);
});

test("a new file may be read by its owner only", async () => {
  const path = join(temporaryFolder(), "f");
  await replaceWith(path, containing("new"));
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("a file is replaced with a copy of another one, which stays", async () => {
  const folder = temporaryFolder();
  await replaceWith(join(folder, "source"), containing("content"));
  await replaceWithCopy(join(folder, "f"), join(folder, "source"));
  expect(readFileSync(join(folder, "f"), "utf8")).toBe("content");
  expect(readdirSync(folder)).toEqual(["f", "source"]);
});

test("a replacement that fails leaves the old file and nothing else", async () => {
  const folder = temporaryFolder();
  const path = join(folder, "f");
  await replaceWith(path, containing("old"));
  const broken = replaceWith(path, async (temporary) => {
    writeFileSync(temporary, "half");
    throw new Error("no space");
  });
  await expect(broken).rejects.toThrow("no space");
  expect(readFileSync(path, "utf8")).toBe("old");
  mkdirSync(join(folder, "d"));
  await expect(replaceWith(join(folder, "d"), containing("over a folder"))).rejects.toThrow();
  expect(readdirSync(folder)).toEqual(["d", "f"]);
});
