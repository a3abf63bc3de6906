import { readdirSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../test/support/temp-folder.ts";
import { downloaded, partOf } from "./downloaded.ts";

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

test.each([
  [undefined, 0, 100],
  ["bytes=0-", 0, 100],
  ["bytes=10-19", 10, 20],
  ["bytes=90-200", 90, 100],
  ["bytes=99-99", 99, 100],
  ["bytes=-10", 90, 100],
  ["bytes=-1000", 0, 100],
  // Ignored: outside, backwards, nothing, several, another unit, no numbers.
  ["bytes=100-", 0, 100],
  ["bytes=20-10", 0, 100],
  ["bytes=-0", 0, 100],
  ["bytes=-", 0, 100],
  ["bytes=0-1,5-6", 0, 100],
  ["lines=0-1", 0, 100],
  ["bytes=a-b", 0, 100],
  ["bytes=0-99999999999999999999", 0, 100],
])("of 100 bytes %s is %i to %i", (range, from, to) => {
  expect(partOf(range, 100)).toEqual({ from, to });
});

test("of an empty file there is no part", () => {
  expect(partOf("bytes=0-", 0)).toEqual({ from: 0, to: 0 });
});
