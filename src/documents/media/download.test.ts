import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../../test/support/temp-folder.ts";
import { contentTypeOf } from "./download.ts";

test.each([
  ["494433040000", "audio/mpeg"],
  ["fffb9064", "audio/mpeg"],
  ["fff3", "audio/mpeg"],
  ["4f676753", "audio/ogg"],
  ["1a45dfa39f", "audio/webm"],
  ["ffd8ffe0", "image/jpeg"],
  ["89504e470d0a1a0a0000", "image/png"],
  ["255044462d312e37", null],
  ["474946383961", null],
  ["3c68746d6c3e", null],
  ["ffff", null],
  ["49", null],
  ["", null],
])("a file that begins with %s is %s", async (hex, contentType) => {
  const path = join(temporaryFolder(), "medium");
  writeFileSync(path, Buffer.from(hex, "hex"));
  expect(await contentTypeOf(path)).toBe(contentType);
});
