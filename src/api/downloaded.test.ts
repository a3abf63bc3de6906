import { readdirSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../test/support/temp-folder.ts";
import { downloaded } from "./downloaded.ts";

test("what is written can be read to its end, and has no name any more", async () => {
  const folder = temporaryFolder();
  const { output, file, bytes } = await downloaded(folder, async (path) => {
    await writeFile(path, "hello");
    return path;
  });
  expect(output.startsWith(folder)).toBe(true);
  expect([bytes, readdirSync(folder)]).toEqual([5, []]);
  expect(await text(file)).toBe("hello");
});

test("where writing fails nothing is left, and where nothing can be written that is said", async () => {
  const folder = temporaryFolder();
  const fail = async (path: string) => {
    await writeFile(path, "half");
    throw new Error("no room");
  };
  await expect(downloaded(folder, fail)).rejects.toThrow("no room");
  expect(readdirSync(folder)).toEqual([]);
  await expect(downloaded(join(folder, "gone"), fail)).rejects.toMatchObject({ code: "ARCHIVE_NOT_WRITTEN" });
});
